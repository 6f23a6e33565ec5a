import type { FleetReport } from './contract.ts'
import { amount, interval, percent } from './numbers.ts'
import { type Section, table } from './sections/block.ts'
import { cohorts } from './sections/cohorts.ts'
import { down, next } from './sections/next.ts'
import { unknown } from './sections/unknown.ts'
import { wave } from './sections/wave.ts'

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
