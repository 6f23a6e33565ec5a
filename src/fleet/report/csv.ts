import { safeLine } from '../../report/safe.ts'
import type { FleetForm, HostLine } from './contract.ts'

const COLUMNS: readonly (readonly [name: string, cell: (host: HostLine) => string | number | null])[] = [
  ['host', host => host.host],
  ['machine_id', host => host.machineId],
  ['read', host => (host.fault !== null ? 'no' : host.complete ? 'whole' : 'in part')],
  ['rule', host => host.rule],
  ['outcome', host => host.outcome],
  ['severity', host => host.severity],
  ['confidence', host => host.confidence],
  ['unit', host => host.unit],
  ['alias', host => host.alias],
  ['at', host => host.at],
  ['systemd', host => host.systemd],
  ['kernel', host => host.kernel],
  ['os', host => host.os],
  ['first', host => host.first],
  ['last', host => host.last],
  ['boots', host => host.boots],
  ['entries', host => host.entries],
  ['fault', host => host.fault],
  ['title', host => host.title],
]

/** A line a host, for a spreadsheet or a join with what one has. */
export const csv: FleetForm = {
  name: 'csv',
  async *write({ hosts, columns }) {
    yield `${[...COLUMNS.map(([name]) => name), ...columns].map(cell).join(',')}\r\n`
    for await (const host of hosts()) {
      const cells = [...COLUMNS.map(([, of]) => of(host)), ...columns.map(column => host.inventory[column] ?? null)]
      yield `${cells.map(cell).join(',')}\r\n`
    }
  },
}

/** RFC 4180. A spreadsheet takes what begins with = + - @ for a formula: a log's words must not become one. */
function cell(value: string | number | null): string {
  if (value === null || typeof value === 'number') return String(value ?? '')
  const inert = safeLine(value).replace(/^[=+\-@]/, "'$&")
  return /[",]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}
