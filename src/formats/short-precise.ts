import { lineForm } from './lines.ts'
import { readShort } from './short.ts'

/** `journalctl -o short-precise`: short with microseconds. */
export const shortPrecise = lineForm({
  name: 'short-precise',
  about: 'journalctl -o short-precise',
  example: `Mar 02 02:30:41.203950 vm-web-07 systemd[1]: Freezing execution.
`,
  head(line) {
    if (line.charCodeAt(15) !== DOT || line.charCodeAt(22) !== BLANK) return null
    const micros = Number(line.slice(16, 22))
    return Number.isNaN(micros) ? null : readShort(line, 22, micros)
  },
})

const DOT = 46
const BLANK = 32
