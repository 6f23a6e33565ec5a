import { colored } from '../../cli/color.ts'
import type { Outcome, Terminal } from '../../cli/command.ts'
import type { Options } from '../../cli/flags.ts'
import { UsageError } from '../../problems/problem.ts'
import type { FleetView } from './contract.ts'
import { gather, prepare } from './gather.ts'
import { hostLines } from './hosts.ts'
import { readInventory } from './inventory.ts'
import { fleetReports } from './registry.ts'
import { openResults } from './source.ts'

/** The report on what a store holds, in the form that was asked for. */
export async function fleetReport(store: string, options: Options, terminal: Terminal): Promise<Outcome> {
  const { format = 'text', inventory, color, width } = options
  const form = fleetReports.find(({ name }) => name === format)
  if (!form) throw new UsageError(`--format ${format}: a fleet's report has ${fleetReports.map(({ name }) => name).join(', ')}`)
  const database = await openResults(store)
  try {
    await prepare(database)
    const columns = await readInventory(database, inventory)
    const view: FleetView = { report: await gather(database, columns), hosts: () => hostLines(database), columns }
    const look = { color: colored(color, terminal), width: width ?? terminal.columns }
    const { affected, read, unreadable, incomplete } = view.report.counts
    const status = affected > 0 ? 1 : read === 0 ? 2 : unreadable + incomplete > 0 ? 3 : 0
    async function* text(): AsyncGenerator<string> {
      try {
        yield* form?.write(view, look) ?? []
      } finally {
        database.close()
      }
    }
    // A report about nothing would read like an all-clear.
    return { text: status === 2 ? [] : text(), end: () => ({ status, complaints: status === 2 ? [view.report.verdict] : [] }) }
  } catch (error) {
    database.close()
    throw error
  }
}
