import type { Root } from './root.ts'

/** What a boot ran on; null where nothing tells it. */
export interface Platform {
  /** The kernel's release, as `uname -r` has it: `6.1.0-18-amd64`. */
  kernel: string | null
  /** The system's name, as PRETTY_NAME of its os-release has it: `Debian GNU/Linux 12 (bookworm)`. */
  os: string | null
}

/** os-release(5): the second where the first is missing. sos keeps both in their places. */
const RELEASES = ['etc/os-release', 'usr/lib/os-release']
/** `Linux vm7 5.14.0-362.el9.x86_64 #1 SMP …` */
const UNAMES = ['sos_commands/kernel/uname_-a', 'sos_commands/host/uname_-a', 'uname']

/** What a machine's files tell of what it ran last. The kernel stands only in a report that was made on the running machine. */
export function platformAt(root: Root): Platform {
  const release = RELEASES.flatMap(path => root.text(path, 8192) ?? [])[0]
  const uname = UNAMES.flatMap(path => root.text(path, 8192) ?? [])[0]
  return { kernel: /^Linux \S+ (\d\S*)/.exec(uname ?? '')?.[1] ?? null, os: release === undefined ? null : prettyName(release) }
}

/** Values are quoted as in a shell: `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"`. */
function prettyName(release: string): string | null {
  const value = /^PRETTY_NAME=(.*)$/m.exec(release)?.[1]?.trim() ?? ''
  const name = value.replace(/^(["'])(.*)\1$/, '$2').replace(/\\(["$`\\])/g, '$1')
  return name === '' ? null : name
}
