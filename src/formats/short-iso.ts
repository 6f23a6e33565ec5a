import { readHeader } from './header.ts'
import { lineForm } from './lines.ts'
import { ISO, isoTime } from './stamp.ts'

/** `journalctl -o short-iso`: whole seconds, `+0000` until v254, `+00:00` since v255. */
export const shortIso = lineForm({
  name: 'short-iso',
  about: 'journalctl -o short-iso',
  example: `2026-03-02T02:30:41+0000 vm-web-07 systemd[1]: Freezing execution.
`,
  head(line) {
    const match = STAMP.exec(line)
    if (!match || match[7] !== undefined || match[8] === undefined) return null
    const draft = readHeader(line.slice(match[0].length))
    return isoTime(match, 1, draft) ? draft : null
  },
})

const STAMP = new RegExp(`^${ISO} `)
