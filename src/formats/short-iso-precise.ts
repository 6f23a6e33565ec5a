import { readHeader } from './header.ts'
import { lineForm } from './lines.ts'
import { ISO, isoTime } from './stamp.ts'

/** `journalctl -o short-iso-precise` until v254; since v255 it cannot be told from rsyslog's file (rsyslog-iso.ts). */
export const shortIsoPrecise = lineForm({
  name: 'short-iso-precise',
  about: 'journalctl -o short-iso-precise',
  example: `2026-03-02T02:30:41.203950+0000 vm-web-07 systemd[1]: Freezing execution.
`,
  head(line) {
    const match = STAMP.exec(line)
    if (match?.[7]?.length !== 6 || match[8]?.length !== 5) return null
    const draft = readHeader(line.slice(match[0].length))
    return isoTime(match, 1, draft) ? draft : null
  },
})

const STAMP = new RegExp(`^${ISO} `)
