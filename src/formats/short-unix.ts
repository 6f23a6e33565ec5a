import { readHeader } from './header.ts'
import { lineForm } from './lines.ts'

/** `journalctl -o short-unix`: seconds since 1970 with six decimals. */
export const shortUnix = lineForm({
  name: 'short-unix',
  about: 'journalctl -o short-unix',
  example: `1772418641.203950 vm-web-07 systemd[1]: Freezing execution.
`,
  head(line) {
    const match = STAMP.exec(line)
    if (!match) return null
    const draft = readHeader(line.slice(match[0].length))
    draft.time = Number(match[1]) * 1e6 + Number(match[2])
    return draft
  },
})

const STAMP = /^ *(\d{1,11})\.(\d{6}) /
