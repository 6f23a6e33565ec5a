import type { Draft } from './draft.ts'
import { readHeader } from './header.ts'
import { lineForm } from './lines.ts'
import { civil, monthOf, setYearless } from './stamp.ts'

/** `journalctl` and `journalctl -o short`: `%b %d %H:%M:%S`, the day with a nought before it where syslog has a blank. */
export const short = lineForm({
  name: 'short',
  about: 'journalctl, journalctl -o short',
  example: `Mar 02 02:30:41 vm-web-07 systemd[1]: rsyslog.service: Found left-over process 1234 (rsyslogd) in control group while starting unit. Ignoring.
                                      This usually indicates unclean termination of a previous run, or service implementation deficiencies.
Mar 02 02:30:41 vm-web-07 systemd[1]: Freezing execution.
`,
  head(line) {
    if (line.charCodeAt(15) !== BLANK) return null
    return readShort(line, 15, 0)
  },
})

const BLANK = 32

/** The stamp in the first 15 characters, the header from `end` on; null where there is no such stamp. */
export function readShort(line: string, end: number, fraction: number): Draft | null {
  const at = shortStamp(line)
  if (at === null) return null
  const draft = readHeader(line, end + 1)
  setYearless(draft, at + fraction)
  return draft
}

/** Thousands of lines carry the same second. */
let lastText = ''
let lastStamp: number | null = null

function shortStamp(line: string): number | null {
  if (line.charCodeAt(3) !== BLANK || line.charCodeAt(6) !== BLANK || line.charCodeAt(9) !== 58 || line.charCodeAt(12) !== 58)
    return null
  const text = line.slice(0, 15)
  if (text === lastText) return lastStamp
  const match = STAMP.exec(text)
  if (!match) return null
  const [, month = '', day, hour, minute, second] = match
  lastText = text
  lastStamp = civil(null, monthOf(month), Number(day), Number(hour), Number(minute), Number(second))
  return lastStamp
}

const STAMP = /^([^\s\d]{3}) (\d\d) (\d\d):(\d\d):(\d\d)$/
