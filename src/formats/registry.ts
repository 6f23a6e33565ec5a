import { cat } from './cat.ts'
import { console } from './console.ts'
import { cri } from './cri.ts'
import { dmesg } from './dmesg.ts'
import { docker } from './docker.ts'
import { exportForm } from './export.ts'
import type { Form } from './form.ts'
import { json } from './json.ts'
import { jsonArray } from './json-array.ts'
import { jsonPretty } from './json-pretty.ts'
import { jsonSeq } from './json-seq.ts'
import { jsonSse } from './json-sse.ts'
import { kmsg } from './kmsg.ts'
import type { LineForm } from './lines.ts'
import { logcli } from './logcli.ts'
import { pasted } from './pasted.ts'
import { rfc5424 } from './rfc5424.ts'
import { rsyslogIso } from './rsyslog-iso.ts'
import { shippedJson } from './shipped-json.ts'
import { short } from './short.ts'
import { shortDelta } from './short-delta.ts'
import { shortFull } from './short-full.ts'
import { shortIso } from './short-iso.ts'
import { shortIsoPrecise } from './short-iso-precise.ts'
import { shortMonotonic } from './short-monotonic.ts'
import { shortPrecise } from './short-precise.ts'
import { shortUnix } from './short-unix.ts'
import { status } from './status.ts'
import { syslog } from './syslog.ts'
import { verbose } from './verbose.ts'
import { wall } from './wall.ts'
import { withUnit } from './with-unit.ts'

/** Forms of one record a line, the strict ones first: a wrapped line may be written in any of them. */
const lineForms = [
  logcli,
  short,
  shortPrecise,
  shortIso,
  shortIsoPrecise,
  rsyslogIso,
  withUnit,
  shortFull,
  shortUnix,
  shortDelta,
  shortMonotonic,
  status,
  dmesg,
  kmsg,
  rfc5424,
  syslog,
  console,
] satisfies (Form & LineForm)[]

/** Every form, in the order in which a line is tried. `cat` takes anything, so it stands last. */
export const forms: readonly Form[] = [
  jsonArray,
  docker,
  jsonSeq,
  jsonSse,
  json,
  shippedJson,
  jsonPretty,
  exportForm,
  verbose,
  cri,
  wall,
  ...lineForms,
  pasted,
  cat,
]

/** Forms in which a wrapped line may be written. */
export const innerForms: readonly LineForm[] = lineForms

export function formNamed(name: string): Form | undefined {
  return forms.find(form => form.name === name)
}
