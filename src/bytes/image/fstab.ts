import { bytesOf } from '../source.ts'
import type { Tree } from '../tree.ts'

/** A line of fstab (fstab(5)): what is mounted, and where in the root, without the slash at its front. */
export interface Mount {
  what: string
  where: string
}

const LONGEST = 1 << 20
/** fstab(5): a space, tab, newline or backslash in a field is written as its octal number. */
const OCTAL = /\\([0-7]{3})/g

/** The file systems that a root expects in itself; none where it has no fstab. `/etc` is no link, and not on another volume. */
export function readFstab(root: Tree): Mount[] {
  const entry = root.list('etc').find(one => one.name === 'fstab')
  if (entry?.kind !== 'file' || entry.size > LONGEST) return []
  const mounts: Mount[] = []
  for (const line of bytesOf(root.open('etc/fstab')).toString('utf8').split('\n')) {
    const [what = '', where = '', type = ''] = line.trim().split(/[ \t]+/)
    if (what === '' || what.startsWith('#') || !where.startsWith('/') || ['swap', 'tmpfs', 'proc', 'sysfs'].includes(type))
      continue
    const path = plain(where)
      .split('/')
      .filter(part => part !== '')
      .join('/')
    if (path !== '') mounts.push({ what: plain(what).replace(/^([A-Z]+)="(.*)"$/, '$1=$2'), where: path })
  }
  return mounts
}

function plain(field: string): string {
  return field.replace(OCTAL, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}
