import type { ReportForm } from './form.ts'
import { safeJson } from './safe.ts'

/** The contract itself, inquest-report-1.schema.json. */
export const json: ReportForm = {
  name: 'json',
  about: 'the whole report, as inquest-report-1.schema.json says',
  *write(report) {
    yield `${safeJson(JSON.stringify(report, null, 2))}\n`
  },
}
