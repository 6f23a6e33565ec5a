import { readHeader } from './header.ts'
import { isoAt } from './iso.ts'
import { lineForm } from './lines.ts'
import { setTime } from './stamp.ts'

/** `journalctl -o short-iso-precise` until v254; since v255 it cannot be told from rsyslog's file (rsyslog-iso.ts). */
export const shortIsoPrecise = lineForm({
  name: 'short-iso-precise',
  about: 'journalctl -o short-iso-precise',
  example: `2026-03-02T02:30:41.203950+0000 vm-web-07 systemd[1]: Freezing execution.
`,
  head(line) {
    const stamp = isoAt(line, 0)
    if (!stamp || stamp.at === null || stamp.digits !== 6 || stamp.zone?.length !== 5 || line.charCodeAt(stamp.end) !== BLANK)
      return null
    const draft = readHeader(line, stamp.end + 1)
    setTime(draft, stamp.at, stamp.zone)
    return draft
  },
})

const BLANK = 32
