import type { Feed } from '../bytes/feed.ts'
import { clean, unescapeHtml } from './clean.ts'
import { type Draft, draftOf } from './draft.ts'
import { type Form, PASS, type Scene, SKIP, WAIT } from './form.ts'
import { FULL, setFull } from './full-stamp.ts'
import { readTag } from './header.ts'
import { civil, monthOf, num, setYearless } from './stamp.ts'

/**
 * Broadcasts to every terminal. Time and host stand in the head, the record itself in the next line that is not empty.
 *
 *     Broadcast message from systemd-journald@133m11 (Tue 2022-09-06 12:18:06 UTC):
 *
 *     systemd[1]: Caught <ABRT>, dumped core as pid 3960.
 *
 *     Message from syslogd@kenaz at Jan  3 16:16:42 ...
 *      systemd[1]: Freezing execution.
 */
export const wall: Form = {
  name: 'wall',
  about: 'broadcasts on terminals, from journald and syslogd',
  example: `Broadcast message from systemd-journald@133m11 (Tue 2022-09-06 12:18:06 UTC):

systemd[1]: Caught <ABRT>, dumped core as pid 3960.

Message from syslogd@kenaz at Jan  3 16:16:42 ...
 systemd[1]: Freezing execution.
`,
  read(feed, scene) {
    const raw = feed.peek()
    if (raw === null) return WAIT
    const line = clean(raw)
    const head = headOf(line)
    if (head) {
      scene.memory.set('wall', head)
      feed.take()
      return SKIP
    }
    const open = scene.memory.get('wall') as Draft | undefined // only this form writes it
    return open ? payload(feed, scene, open, line) : PASS
  },
}

function payload(feed: Feed, scene: Scene, head: Draft, line: string): Draft | typeof SKIP {
  feed.take()
  if (line.trim() === '') return SKIP
  scene.memory.delete('wall')
  const text = unescapeHtml(line.trim())
  const draft = readTag(text) ?? draftOf(text)
  return { ...draft, time: head.time, civil: head.civil, yearless: head.yearless, host: head.host }
}

const JOURNALD = new RegExp(`^Broadcast message from systemd-journald@(\\S+) \\(${FULL}\\):`)
const SYSLOGD = /^Message from syslogd@(\S+) at (\S{3,6}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) \.\.\.$/

function headOf(line: string): Draft | null {
  const head = draftOf('')
  const journald = JOURNALD.exec(line)
  if (journald) {
    head.host = journald[1] ?? null
    journald.splice(1, 1)
    return setFull(head, journald) ? head : null
  }
  const match = SYSLOGD.exec(line)
  if (!match) return null
  const [, host = '', month = '', day, hour, minute, second] = match
  const at = civil(null, monthOf(month), num(day), num(hour), num(minute), num(second))
  if (at === null) return null
  head.host = host
  setYearless(head, at)
  return head
}
