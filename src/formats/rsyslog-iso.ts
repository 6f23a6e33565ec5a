import { unescapeSyslog } from './clean.ts'
import type { Draft } from './draft.ts'
import { readHeader } from './header.ts'
import { isoAt } from './iso.ts'
import { lineForm } from './lines.ts'
import { setTime } from './stamp.ts'

/**
 * RSYSLOG_FileFormat (Debian 12, Ubuntu 24.04, SUSE, VMware with ms and `Z`), syslog-ng's ts-format(iso), and anything else that begins
 * with an ISO stamp: a blank for the `T`, a comma before the fraction, no offset, a `<PRI>` left in front, no host.
 */
export const rsyslogIso = lineForm({
  name: 'rsyslog-iso',
  about: "rsyslog's and syslog-ng's files with ISO stamps",
  example: `2026-03-02T02:30:41.203950+00:00 vm-web-07 systemd[1]: Freezing execution.
2026-03-02T02:30:41.203Z vm-web-07 systemd[1]: rsyslog.service: Found left-over process 1234 (rsyslogd) in control group while starting unit. Ignoring.#012This usually indicates unclean termination of a previous run, or service implementation deficiencies.
`,
  head(line, scene) {
    const from = line.charCodeAt(0) === LESS ? (PRIORITY.exec(line)?.[0].length ?? 0) : 0
    const stamp = isoAt(line, from)
    if (!stamp || line.charCodeAt(stamp.end) !== BLANK) return null
    let begin = stamp.end
    while (line.charCodeAt(begin) === BLANK) begin++
    // Most hosts' names begin with a small letter.
    const nested = !(line.charCodeAt(begin) >= LETTER_A) && NESTED.test(line.slice(begin))
    const draft: Draft = nested ? scene.inner(line.slice(begin)) : readHeader(line, begin)
    draft.message = unescapeSyslog(draft.message)
    // The inner stamp is the writer's own; this one is the shipper's.
    if (draft.time !== null || draft.civil !== null) return draft
    if (stamp.at === null) return null
    setTime(draft, stamp.at, stamp.zone)
    return draft
  },
})

const LESS = 60
const BLANK = 32
const LETTER_A = 97
const PRIORITY = /^<\d{1,3}>/
/** CloudWatch's export to S3 puts its stamp before the whole line of another form; logcli its stamp and labels. */
const NESTED = /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |\d{4}-\d\d-\d\dT\d\d:|\[ *\d+\.\d{6}\] |<\d{1,3}>)/
