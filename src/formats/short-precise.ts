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
    const fraction = line.slice(16, 22)
    // Number() would take `1e9999` too.
    return DIGITS.test(fraction) ? readShort(line, 22, Number(fraction)) : null
  },
})

const DIGITS = /^\d{6}$/
const DOT = 46
const BLANK = 32
