import { clockOf, momentOf } from '../../report/times.ts'
import { ENDED, plural } from '../../report/words.ts'
import type { Cohort, Cohorts } from '../statistics/cohorts.ts'
import type { FleetReport, Next, Unknown, Wave } from './contract.ts'
import { amount, chance, interval, percent } from './numbers.ts'
import { waveSentence } from './verdict.ts'

/** The report's parts in words, once for every form that people read. */
export interface Section {
  title: string
  blocks: Block[]
}

export type Block =
  | { kind: 'prose'; text: string }
  | { kind: 'command'; text: string }
  | { kind: 'table'; head: string[]; rows: string[][] /** Columns of numbers. */; right: number[] }
  /** Counts over time. */
  | { kind: 'bars'; rows: { label: string; count: number }[] }

const prose = (text: string): Block => ({ kind: 'prose', text })
const table = (head: string[], rows: string[][], right: number[] = []): Block => ({ kind: 'table', head, rows, right })

export function sectionsOf(report: FleetReport): Section[] {
  const parts = [
    outcomes(report),
    ...report.waves.map(wave),
    cohorts(report),
    next(report.next),
    unknown(report.unknown, report.counts),
  ]
  return parts.filter(({ blocks }) => blocks.length > 0)
}

function outcomes({ outcomes: rows }: FleetReport): Section {
  const cells = rows.map(({ rule, outcome, severity, hosts, share, low, high }) => [
    amount(hosts),
    percent(share),
    interval(low, high),
    outcome,
    rule,
    severity,
  ])
  const blocks =
    rows.length > 0 ? [table(['hosts', 'share', '95 % interval', 'outcome', 'rule', 'severity'], cells, [0, 1, 2])] : []
  return { title: 'What befell how many', blocks }
}

const bucketName = (seconds: number): string =>
  ({ 60: 'minute', 300: 'five minutes', 3600: 'hour', 86400: 'day', 604800: 'week' })[seconds] ?? `${seconds / 3600} hours`

function wave(each: Wave): Section {
  const { rule, outcome, buckets, bucket, rings } = each
  const day = buckets.some(({ from }) => from.slice(0, 10) !== buckets[0]?.from.slice(0, 10))
  const bars: Block = {
    kind: 'bars',
    rows: buckets.map(({ from, hosts }) => ({
      label: day ? momentOf(from).slice(0, 16) : clockOf(from).slice(0, 5),
      count: hosts,
    })),
  }
  const ringRows = rings?.rows.map(({ ring, hosts, affected, first }) => [
    ring,
    amount(affected),
    amount(hosts),
    percent(affected / hosts),
    first ? momentOf(first).slice(0, 19) : '',
  ])
  return {
    title: `The wave: ${outcome} by ${rule}`,
    blocks: [
      prose(waveSentence(each)),
      ...(buckets.length > 1
        ? [prose(`Hosts per ${bucketName(bucket)}, UTC${day ? '' : `, ${buckets[0]?.from.slice(0, 10)}`}:`), bars]
        : []),
      ...(rings && ringRows ? [table([rings.column, outcome, 'of', 'share', 'first, UTC'], ringRows, [1, 2, 3])] : []),
    ],
  }
}

/** Of what may be chance only the foremost are shown. */
const MOST_CHANCE = 5
const MOST_COHORTS = 25

function cohorts({ cohorts: found, shared, counts }: FleetReport): Section {
  const blocks: Block[] = []
  if (found.tests > 0) blocks.push(prose(cohortSentence(found)), cohortTable(shown(found)))
  for (const { attribute, reason } of found.notCompared) blocks.push(prose(`${attribute} could not be compared: ${reason}.`))
  if (shared.length > 0) {
    blocks.push(
      prose('Told by the incidents themselves, so of other hosts nobody knows it:'),
      table(
        ['hosts', 'of', 'have in common', '', 'rule'],
        shared.map(({ hosts, of, attribute, value, rule }) => [amount(hosts), amount(of), attribute, value, rule]),
        [0, 1],
      ),
    )
  }
  if (counts.affected > 0 && found.tests === 0)
    blocks.unshift(prose('Nothing is known by which hosts could be compared; --inventory FILE.csv tells it.'))
  return { title: 'What the affected share', blocks }
}

export function shown({ rows }: Cohorts): Cohort[] {
  const [firm, other] = [rows.filter(row => row.significant), rows.filter(row => !row.significant)]
  return [...firm.slice(0, MOST_COHORTS), ...other.slice(0, MOST_CHANCE)]
}

function cohortSentence({ tests, level, rows }: Cohorts): string {
  const firm = rows.filter(row => row.significant).length
  const found =
    firm === 0 ? 'none is more than chance would bring' : `${firm} ${firm === 1 ? 'is' : 'are'} more than chance would bring`
  return (
    `${plural(tests, 'comparison')}, ${found} (q below ${level}: Fisher's exact test, corrected by Benjamini and Hochberg). ` +
    'Goes with is not caused by: what differs between hosts in other ways as well shows here too.'
  )
}

export const cohortNote = ({ significant, small, difference }: Cohort): string =>
  [
    significant ? (difference > 0 ? 'goes with it' : 'goes with being spared') : 'may be chance',
    ...(small ? ['few hosts'] : []),
  ].join(', ')

function cohortTable(rows: readonly Cohort[]): Block {
  return table(
    ['value', 'with it', 'without', 'difference, 95 % interval', 'q', ''],
    rows.map(row => [
      `${row.attribute} = ${row.value}`,
      `${amount(row.with.affected)} of ${amount(row.with.hosts)} (${percent(row.with.affected / row.with.hosts)})`,
      `${amount(row.without.affected)} of ${amount(row.without.hosts)} (${percent(row.without.affected / row.without.hosts)})`,
      `${percent(row.difference)}, ${interval(row.low, row.high)}`,
      chance(row.q),
      cohortNote(row),
    ]),
    [1, 2, 3, 4],
  )
}

/** Hosts for which the same is to be done, together. */
function nextGroups(all: readonly Next[]): { hosts: Next[]; advice: Next['advice'] }[] {
  const groups = new Map<string, { hosts: Next[]; advice: Next['advice'] }>()
  for (const each of all) {
    const key = JSON.stringify(each.advice)
    const group = groups.get(key)
    if (group) group.hosts.push(each)
    else groups.set(key, { hosts: [each], advice: each.advice })
  }
  return [...groups.values()]
}

function next(all: readonly Next[]): Section {
  const blocks = nextGroups(all).flatMap(({ hosts, advice }): Block[] => [
    prose(`${amount(hosts.length)} ${hosts.length === 1 ? 'host' : 'hosts'}, in the order in which to act. What to do:`),
    ...advice.flatMap(({ do: what, why, command, danger }, index): Block[] => [
      prose(`${index + 1}. ${danger ? 'DANGER: ' : ''}${what}, because ${why}`),
      ...(command ? [{ kind: 'command' as const, text: command }] : []),
    ]),
    table(
      ['host', 'state', 'unit', 'since, UTC', 'sure', 'its last boot'],
      hosts.map(({ host, outcome, unit, alias, since, confidence, ended }) => [
        host,
        outcome,
        `${unit ?? 'unknown'}${alias ? ` (${alias})` : ''}`,
        since ? momentOf(since).slice(0, 19) : 'unknown',
        confidence,
        ENDED[ended],
      ]),
    ),
  ])
  return { title: 'Who is next', blocks }
}

const MOST_NAMES = 12

function names(all: readonly string[]): string {
  const more = all.length - MOST_NAMES
  return `${all.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${amount(more)} more` : ''}`
}

function unknown(each: Unknown, counts: FleetReport['counts']): Section {
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
