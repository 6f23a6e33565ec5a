import { safeJson } from '../../report/safe.ts'
import type { FleetForm } from './contract.ts'

/** The contract itself, inquest-fleet-report-1.schema.json. The list of hosts comes last, written as it is read. */
export const json: FleetForm = {
  name: 'json',
  async *write({ report, hosts }) {
    const head = JSON.stringify(report, null, 2)
    yield `${safeJson(head.slice(0, head.lastIndexOf('\n}')))},\n  "hosts": [`
    let first = true
    for await (const host of hosts()) {
      yield `${first ? '' : ','}\n    ${safeJson(JSON.stringify(host))}`
      first = false
    }
    yield first ? ']\n}\n' : '\n  ]\n}\n'
  },
}
