import { unescapeSyslog } from './clean.ts'
import { type Draft, draftOf } from './draft.ts'
import { lineForm } from './lines.ts'
import { ISO, isoTime } from './stamp.ts'

/**
 * RFC 5424, also with an octet count in front (RFC 6587, captures of TCP).
 *
 *     57 <27>1 2026-03-02T02:30:41.203950Z host systemd 1 - [sd a="b"] BOM Freezing execution.
 *     count PRI version, stamp, host, app-name, procid, msgid, structured data, message
 */
export const rfc5424 = lineForm({
  name: 'rfc5424',
  about: 'syslog files and captures in RFC 5424',
  example: `<27>1 2026-03-02T02:30:41.203950Z vm-web-07 systemd 1 - - Freezing execution.
<30>1 2026-03-02T02:30:41.203950+00:00 vm-web-07 systemd 1 - [timeQuality tzKnown="1" isSynced="0"] Reloading.
`,
  head(line) {
    const match = HEAD.exec(line)
    if (!match) return null
    const rest = line.slice(match[0].length)
    const data = dataEnd(rest)
    if (data === -1) return null
    // rsyslog keeps the blank that began the message in the old format.
    const draft = draftOf(unescapeSyslog(rest.slice(data).replace(/^ {0,2}\ufeff?/, '')))
    if (match[1] !== undefined && !isoTime(match, 2, draft)) return null
    return named(draft, match)
  },
})

const HEAD = new RegExp(`^(?:\\d{1,6} )?<\\d{1,3}>1 (?:(?=(\\d))${ISO}|-) (\\S{1,255}) (\\S{1,48}) (\\S{1,128}) (\\S{1,32}) `)

function named(draft: Draft, match: RegExpExecArray): Draft {
  const [host = '-', ident = '-', procid = '-'] = match.slice(10, 13)
  draft.host = host === '-' ? null : host
  draft.ident = ident === '-' ? null : ident
  draft.pid = /^\d{1,10}$/.test(procid) ? Number(procid) : null
  return draft
}

/** Where the structured data ends: `-`, or elements in brackets whose values may hold `\]`. */
function dataEnd(text: string): number {
  if (text.startsWith('-')) return 1
  return DATA.exec(text)?.[0].length ?? -1
}

const DATA = /^(?:\[(?:[^"\]]|"(?:[^"\\]|\\.)*")*\])+/
