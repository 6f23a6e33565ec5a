import type { ReportForm } from './form.ts'
import { safeJson } from './safe.ts'

/** For streams of many hosts: each line stands alone, so it repeats what was read. */
export const ndjson: ReportForm = {
  name: 'ndjson',
  about: 'one incident a line, with schema and inputs; nothing where there is none',
  *write({ schema, inputs, incidents }) {
    for (const { host, ...incident } of incidents) yield `${safeJson(JSON.stringify({ schema, host, inputs, ...incident }))}\n`
  },
}
