import { recordsIn } from '../formats/known.ts'

/** Names that say so: then any text is taken for a log. */
const NAMED = /log|messages|console|journal|kern|syslog|dmesg|\.out\b/i

/** Whether a file that merely lies among logs is one: its form is known, or its name says so. */
export function isLog({ head, whole }: { head: Buffer; whole: boolean }, path: string): boolean {
  if (head.length === 0) return false
  const { known, all } = recordsIn(head, whole, path)
  return known * 2 > all || (all > 0 && NAMED.test(path.slice(path.lastIndexOf('/') + 1)))
}
