import { momentOf } from '../../../report/times.ts'
import type { FleetReport, Unknown } from '../contract.ts'
import { amount } from '../numbers.ts'
import { type Block, names, prose, type Section } from './block.ts'

export function unknown(each: Unknown, counts: FleetReport['counts']): Section {
  const {
    unreadable,
    incomplete,
    endsEarly,
    withoutLogs,
    notInInventory,
    contradictory,
    sameName,
    sameMachine,
    toldTwice,
    covered,
  } = each
  const told = (count: number, what: string, which: string): Block[] =>
    count > 0 ? [prose(`${amount(count)} ${what}: ${which}.`)] : []
  const hosts = (list: readonly unknown[]): string => (list.length === 1 ? 'host' : 'hosts')
  return {
    title: 'What is not known',
    blocks: [
      prose(
        covered
          ? `The logs read reach from ${momentOf(covered.first)} to ${momentOf(covered.last)} UTC; before and after that nothing is known. ${amount(counts.read - counts.incomplete)} hosts were read whole.`
          : 'The logs read have no times.',
      ),
      ...told(
        unreadable.length,
        `${hosts(unreadable)} could not be read`,
        names(unreadable.map(({ host, reason }) => `${host} (${reason})`)),
      ),
      ...told(incomplete.length, `${hosts(incomplete)} read in part only, so silence proves nothing`, names(incomplete)),
      ...told(
        endsEarly.length,
        `${hosts(endsEarly)} whose log ends more than a day before the last of all`,
        names(endsEarly.map(({ host, last }) => `${host} (${momentOf(last).slice(0, 16)})`)),
      ),
      ...(each.inventory
        ? withoutLogs.length === 0
          ? [prose('Every host of the inventory has logs.')]
          : []
        : [prose('Which hosts have no logs at all, only an inventory could tell (--inventory FILE.csv).')]),
      ...told(withoutLogs.length, `${hosts(withoutLogs)} of the inventory without logs`, names(withoutLogs)),
      ...told(
        notInInventory.length,
        `${hosts(notInInventory)} with logs that the inventory does not have`,
        names(notInInventory),
      ),
      ...told(
        contradictory.length,
        `${hosts(contradictory)} with contradictory rows in the inventory, left out of comparisons`,
        names(contradictory),
      ),
      ...told(
        sameName.length,
        'names that several machines have, counted apart',
        names(sameName.map(({ host, machines }) => `${host} (${machines})`)),
      ),
      ...told(
        sameMachine.length,
        'machine ids that several names have (cloned images, or renamed hosts), counted by name',
        names(sameMachine.map(({ hosts: all }) => all.slice(0, 3).join(' = ') + (all.length > 3 ? ' = …' : ''))),
      ),
      ...told(
        toldTwice.length,
        `${hosts(toldTwice)} whose logs tell one event at two times, counted once: clocks or zones differ (--timezone)`,
        names(toldTwice.map(({ host, hours }) => `${host} (${hours} h)`)),
      ),
    ],
  }
}
