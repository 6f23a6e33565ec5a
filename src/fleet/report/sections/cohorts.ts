import { plural } from '../../../report/words.ts'
import type { Cohort, Cohorts } from '../../statistics/cohorts.ts'
import type { FleetReport } from '../contract.ts'
import { amount, chance, percent, points } from '../numbers.ts'
import { type Block, prose, type Section, table } from './block.ts'

/** Of what may be chance only the foremost are shown. */
const MOST_CHANCE = 5
const MOST_COHORTS = 25

export function cohorts({ cohorts: found, shared, counts }: FleetReport): Section {
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
