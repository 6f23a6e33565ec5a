import type { FleetView } from './contract.ts'
import { gather, prepare } from './gather.ts'
import { hostLines } from './hosts.ts'
import { readInventory } from './inventory.ts'
import { openResults } from './source.ts'

export interface OpenReport extends FleetView {
  /** As the command ends with: 1 an incident, 3 none but not all could be read, 2 nothing was. */
  status: 0 | 1 | 2 | 3
  close(): void
}

/** The report on what a store, or a cluster's results, hold. @throws UsageError */
export async function openReport(store: string, inventory: string | undefined): Promise<OpenReport> {
  const database = await openResults(store)
  try {
    await prepare(database)
    const columns = await readInventory(database, inventory)
    const report = await gather(database, columns)
    const { affected, read, unreadable, incomplete } = report.counts
    const status = affected > 0 ? 1 : read === 0 ? 2 : unreadable + incomplete > 0 ? 3 : 0
    return { report, columns, hosts: () => hostLines(database), status, close: () => database.close() }
  } catch (error) {
    database.close()
    throw error
  }
}
