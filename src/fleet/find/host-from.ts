import { UsageError } from '../../problems/problem.ts'

/** Where the user says that a host's name stands. */
export type HostFrom = { kind: 'path'; pattern: RegExp } | { kind: 'field'; name: string }

/** `path:REGEX` with one group, or `field:NAME`. */
export function hostFrom(given: string): HostFrom {
  const [, kind = '', value = ''] = /^(path|field):(.+)$/s.exec(given) ?? []
  if (kind === 'field') return { kind, name: value }
  if (kind !== 'path') throw new UsageError("path:REGEX or field:NAME is wanted, as in 'path:/([^/]+)/messages$'")
  let pattern: RegExp
  try {
    pattern = new RegExp(value)
  } catch (error) {
    throw new UsageError((error as Error).message) // what RegExp throws
  }
  if (new RegExp(`${value}|`).exec('')?.length === 1) throw new UsageError('the expression has no group (…) for the name')
  return { kind: 'path', pattern }
}

/** The value of a field in the first record of a log of JSON lines or `KEY=value` pairs; null where it has none. */
export function fieldIn(head: string, name: string): string | null {
  const quoted = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const found = new RegExp(`"${quoted}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"|(?:^|[\\s,{])${quoted}="?([^\\s",}]+)`, 'm').exec(head)
  return found?.[1] ?? found?.[2] ?? null
}
