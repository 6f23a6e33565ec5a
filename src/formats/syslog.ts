import { unescapeSyslog } from './clean.ts'
import type { Draft } from './draft.ts'
import { readHeader } from './header.ts'
import { lineForm } from './lines.ts'
import { civil, micros, monthOf, num, setTime, setYearless } from './stamp.ts'

/**
 * RFC 3164 as it is found in files: rsyslog, syslog-ng, BusyBox, sysklogd, metalog, and journalctl's short where the day has two digits.
 * Accepted besides `Mon dD HH:MM:SS host tag[pid]: text`: a `<PRI>` in front, a year before, behind the day or behind the time, a
 * weekday, a fraction, a zone, any blanks before the day, names of months in other languages (field-notes section 2).
 */
export const syslog = lineForm({
  name: 'syslog',
  about: 'syslog files (RFC 3164): messages, syslog, daemon.log',
  example: `Mar  2 02:30:41 vm-web-07 systemd[1]: Freezing execution.
<27>Mar  2 02:30:41 vm-web-07 systemd: Freezing execution.
2015 Jan  7 08:02:45 tor2web kernel: [   12.345678] Linux version 3.16.0
Mar  2 02:30:41 vm-web-07 systemd[1]: rsyslog.service: Found left-over process 1234 (rsyslogd) in control group while starting unit. Ignoring.#012This usually indicates unclean termination of a previous run, or service implementation deficiencies.
`,
  head(line) {
    const match = STAMP.exec(line)
    if (!match) return null
    const draft = readHeader(line, match[0].length)
    if (!setStamp(draft, match)) return null
    draft.message = unescapeSyslog(draft.message)
    return draft
  },
})

const PRI = String.raw`(?:<\d{1,3}>)?`
const DATE = String.raw`(?:(\d{4}) )?(?:([^\s\d]{2,4}\.?),? )?(\d{1,2}月|[^\s\d:]{3,6}\.?) {1,2}(\d{1,2})(?:,? (\d{4}))?`
const TIME = String.raw` (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: (UTC|GMT|[A-Z]{3,4}(?= \d{4} ))|(Z|[+-]\d\d:?\d\d))?(?: (\d{4})(?=:? ))?:? +`
const STAMP = new RegExp(`^${PRI}${DATE}${TIME}`)

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

function setStamp(draft: Draft, match: RegExpExecArray): boolean {
  const [, before, weekday, month = '', day, behindDay, hour, minute, second, fraction, zoneName, offset, behind] = match
  const stated = before ?? behindDay ?? behind
  const year = stated === undefined ? null : Number(stated)
  const at = civil(year, monthOf(month), num(day), num(hour), num(minute), num(second))
  if (at === null) return false
  const time = at + micros(fraction)
  if (year !== null) setTime(draft, time, zoneName ?? offset)
  else {
    setYearless(draft, time)
    const place = WEEKDAYS.indexOf((weekday ?? '').slice(0, 3).toLowerCase())
    draft.weekday = place === -1 ? null : place
  }
  return true
}
