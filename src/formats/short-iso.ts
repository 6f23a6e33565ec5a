import { readHeader } from './header.ts'
import { isoAt } from './iso.ts'
import { lineForm } from './lines.ts'
import { setTime } from './stamp.ts'

/** `journalctl -o short-iso`: whole seconds, `+0000` until v254, `+00:00` since v255. */
export const shortIso = lineForm({
  name: 'short-iso',
  about: 'journalctl -o short-iso',
  example: `2026-03-02T02:30:41+0000 vm-web-07 systemd[1]: Freezing execution.
`,
  head(line) {
    const stamp = isoAt(line, 0)
    if (!stamp || stamp.at === null || stamp.digits > 0 || stamp.zone === undefined || line.charCodeAt(stamp.end) !== BLANK)
      return null
    const draft = readHeader(line, stamp.end + 1)
    setTime(draft, stamp.at, stamp.zone)
    return draft
  },
})

const BLANK = 32
