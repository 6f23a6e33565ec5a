import { clockOf, momentOf } from '../../report/times.ts'
import { ENDED, plural } from '../../report/words.ts'
import type { Cohort, Cohorts } from '../statistics/cohorts.ts'
import type { FleetReport, Next, Unknown, Wave } from './contract.ts'
import { amount, chance, interval, percent, points } from './numbers.ts'
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
    down(report.down),
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

export const bucketName = (seconds: number): string =>
  ({ 60: 'minute', 300: 'five minutes', 3600: 'hour', 86400: 'day', 604800: 'week' })[seconds] ?? `${seconds / 3600} hours`

function wave(each: Wave): Section {
  const { rule, outcome, buckets, bucket, rings } = each
  const day = buckets.some(({ from }) => from.slice(0, 10) !== buckets[0]?.from.slice(0, 10))
  const labelled = buckets.map(({ from, hosts }) => ({
    label: day ? momentOf(from).slice(0, 16) : clockOf(from).slice(0, 5),
    count: hosts,
  }))
  const bars: Block = { kind: 'bars', rows: folded(labelled) }
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

/** So many empty ones in a row are told in one. */
const EMPTY = 3

function folded(rows: readonly { label: string; count: number }[]): { label: string; count: number }[] {
  const made: { label: string; count: number }[] = []
  for (let at = 0; at < rows.length; ) {
    const next = rows.findIndex(({ count }, index) => index >= at && count > 0)
    const run = rows.slice(at, next === -1 ? rows.length : next)
    const [first, last] = [run[0], run.at(-1)]
    if (first && last && run.length >= EMPTY) made.push({ label: `${first.label} to ${last.label}`, count: 0 })
    else made.push(...run)
    at += run.length
    const hit = rows[at]
    if (hit) made.push(hit)
    at++
  }
  return made
}

/** Of what may be chance only the foremost are shown. */
const MOST_CHANCE = 5
const MOST_COHORTS = 25

function cohorts({ cohorts: found, shared, counts }: FleetReport): Section {
  const blocks: Block[] = []
  if (found.tests > 0) blocks.push(prose(cohortSentence(found)), cohortTable(shown(found)))
  blocks.push(...notCompared(found))
  if (shared.length > 0) {
    blocks.push(
      prose('The incidents themselves tell this; of other hosts nobody knows it:'),
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
    `Affected is who has an incident of the rule, whatever its outcome. ${plural(tests, 'comparison')}, ${found} (q below ${level}: Fisher's exact test, corrected by Benjamini and Hochberg). ` +
    '"Goes with" is not "caused by": hosts that share a value may share other things too, and these show here as well.'
  )
}

export const cohortNote = ({ significant, small, difference }: Cohort): string =>
  [
    significant ? (difference > 0 ? 'goes with it' : 'goes with being spared') : 'may be chance',
    ...(small ? ['few hosts'] : []),
  ].join(', ')

/** Of one rule it need not be said. */
export const rulesOf = (rows: readonly Cohort[]): string[] => [...new Set(rows.map(({ rule }) => rule))]

function cohortTable(rows: readonly Cohort[]): Block {
  const several = rulesOf(rows).length > 1
  return table(
    [...(several ? ['rule'] : []), 'value', 'with it', 'without', 'points (95 % interval)', 'q', ''],
    rows.map(row => [
      ...(several ? [row.rule] : []),
      `${row.attribute} = ${row.value}`,
      `${amount(row.with.affected)} of ${amount(row.with.hosts)} (${percent(row.with.affected / row.with.hosts)})`,
      `${amount(row.without.affected)} of ${amount(row.without.hosts)} (${percent(row.without.affected / row.without.hosts)})`,
      points(row.difference, row.low, row.high),
      chance(row.q),
      cohortNote(row),
    ]),
    several ? [2, 3, 4, 5] : [1, 2, 3, 4],
  )
}

/** Attributes that fail for one reason in one sentence, whichever rule they would have been compared for. */
function notCompared({ notCompared: all }: Cohorts): Block[] {
  const byReason = new Map<string, Set<string>>()
  for (const { attribute, reason } of all) byReason.set(reason, (byReason.get(reason) ?? new Set()).add(attribute))
  return [...byReason].map(([reason, attributes]) => prose(`${[...attributes].join(', ')} could not be compared: ${reason}.`))
}

interface Group {
  hosts: Next[]
  advice: Next['advice']
}

/** Hosts for which the same is to be done, together; those that are up apart from those that are not. */
function groupsOf(all: readonly Next[]): Group[] {
  const groups = new Map<string, Group>()
  for (const each of all) {
    const todo = each.advice.map(({ do: what, command, danger }) => [what, command, danger])
    const key = JSON.stringify([each.ended === 'clean', todo])
    const group = groups.get(key)
    if (!group) groups.set(key, { hosts: [each], advice: each.advice })
    else {
      group.hosts.push(each)
      // A reason that is not that of all (it names the host's version) is not given for all.
      group.advice = group.advice.map((step, at) => (step.why === each.advice[at]?.why ? step : { ...step, why: '' }))
    }
  }
  return [...groups.values()]
}

function steps(advice: Next['advice']): Block[] {
  return advice.flatMap(({ do: what, why, command, danger }, index): Block[] => [
    prose(`${index + 1}. ${danger ? 'DANGER: ' : ''}${what}${why && `, because ${why}`}`),
    ...(command ? [{ kind: 'command' as const, text: command }] : []),
  ])
}

const hostsWord = (count: number): string => `${amount(count)} ${count === 1 ? 'host' : 'hosts'}`
const their = (count: number): string => (count === 1 ? 'its' : 'their')

/** Rows that somebody reads; JSON and CSV have them all. */
const MOST_NEXT = 100

function next(all: readonly Next[]): Section {
  const blocks = groupsOf(all).flatMap(({ hosts, advice }): Block[] => {
    const count = hosts.length
    const was = count === 1 ? 'was' : 'were'
    const state = [...new Set(hosts.map(({ outcome }) => outcome))].join(' or ')
    const sentence =
      hosts[0]?.ended === 'clean'
        ? `${hostsWord(count)} ${was} ${state} and ${count === 1 ? 'has' : 'have'} been shut down in order since: ${their(count)} next boot may bring it again.`
        : `${hostsWord(count)} ${was} ${state} when ${their(count)} logs end: nothing in them tells that it is over.`
    const rows = hosts
      .slice(0, MOST_NEXT)
      .map(({ host, outcome, unit, alias, since, confidence, ended }) => [
        host,
        outcome,
        `${unit ?? 'unknown'}${alias ? ` (${alias})` : ''}`,
        since ? momentOf(since).slice(0, 19) : 'unknown',
        confidence,
        ENDED[ended],
      ])
    return [
      prose(`${sentence} What to do:`),
      ...steps(advice),
      prose('In the order in which to act:'),
      table(['host', 'state', 'unit', 'since, UTC', 'sure', 'its last boot'], rows),
      ...(count > MOST_NEXT ? [prose(`And ${hostsWord(count - MOST_NEXT)} more; --format json has them all.`)] : []),
    ]
  })
  return { title: 'Who is next', blocks }
}

function down(all: readonly Next[]): Section {
  const blocks = groupsOf(all).flatMap(({ hosts, advice }): Block[] => {
    const count = hosts.length
    const which = names(hosts.map(({ host }) => host).sort(), MOST_NEXT)
    return [
      prose(
        `${hostsWord(count)} whose last boot in the logs ends with PID 1 gone: ${which}. What to do, where it was not done yet:`,
      ),
      ...steps(advice),
    ]
  })
  return { title: 'Who is down', blocks }
}

const MOST_NAMES = 12

function names(all: readonly string[], most = MOST_NAMES): string {
  const more = all.length - most
  return `${all.slice(0, most).join(', ')}${more > 0 ? ` and ${amount(more)} more` : ''}`
}

function unknown(each: Unknown, counts: FleetReport['counts']): Section {
  const { unreadable, incomplete, endsEarly, withoutLogs, notInInventory, contradictory, sameName, sameMachine, covered } = each
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
    ],
  }
}
