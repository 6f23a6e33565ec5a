import { dirname } from 'node:path'

const MOUNT_WORDS = /^(?:unit\.deactivated|mount\.\w+)$/

/**
 * The directory under which a mount lies, where a signal speaks of a mount unit: storms are told apart by it.
 * `home-x.mount` is `/home/x` with each `/` written as `-` and other bytes as `\xNN` (systemd v255 src/basic/unit-name.c:unit_name_path_escape).
 */
export function mountPrefix(match: { name: string; values: Readonly<Record<string, string>> }): string | null {
  if (!MOUNT_WORDS.test(match.name)) return null
  const unit = match.values.unit
  if (unit !== undefined) return unit.endsWith('.mount') ? dirname(mountPath(unit)) : null
  const name = match.values.name
  if (name === undefined) return null
  const id = /^(\S+\.mount)(?: - |$)/.exec(name)?.[1]
  if (id !== undefined) return dirname(mountPath(id))
  const path = /^\/\S*/.exec(name)?.[0]
  // PID 1 may cut a long name with an ellipsis; the directory is whole all the same.
  return path === undefined ? null : dirname(path)
}

function mountPath(unit: string): string {
  const escaped = unit.slice(0, -'.mount'.length)
  if (escaped === '-') return '/'
  const path = `/${escaped.replaceAll('-', '/')}`
  if (!path.includes('\\')) return path
  return path.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
