import { element as el, elementWith, type Markup } from '../../../report/html/element.ts'
import type { FleetReport } from '../contract.ts'
import { amount, chance, percent, points } from '../numbers.ts'
import { cohortNote, rulesOf, shown } from '../sections/cohorts.ts'

const COHORT_HEAD = [
  ...['value', 'affected of hosts with it', 'affected of the others'].map(name => el('th', name)),
  ...['points (95 % interval)', 'q'].map(name => el('th.n', name)),
  el('th', ''),
]

/** The two rates as bars of one scale. */
export function cohortBars({ cohorts }: FleetReport): Markup {
  const rows = shown(cohorts)
  const several = rulesOf(rows).length > 1
  const most = Math.max(
    0.001,
    ...rows.flatMap(row => [row.with.affected / row.with.hosts, row.without.affected / row.without.hosts]),
  )
  const bar = ({ affected, hosts }: { affected: number; hosts: number }, style: string): Markup =>
    el(
      'td',
      `${percent(affected / hosts)} (${amount(affected)} of ${amount(hosts)})`,
      el(`span.bar ${style}`, elementWith('i', { style: `width:${((affected / hosts / most) * 100).toFixed(1)}%` })),
    )
  return el(
    'div.scroll',
    el(
      'table',
      el('thead', el('tr', ...(several ? [el('th', 'rule')] : []), ...COHORT_HEAD)),
      el(
        'tbody',
        ...rows.map(row =>
          el(
            row.significant ? 'tr.firm' : 'tr',
            ...(several ? [el('td', row.rule)] : []),
            el('td', `${row.attribute} = ${row.value}`),
            bar(row.with, row.significant ? 't0' : 'quiet'),
            bar(row.without, 'quiet'),
            el('td.n', points(row.difference, row.low, row.high)),
            el('td.n', chance(row.q)),
            el('td', cohortNote(row)),
          ),
        ),
      ),
    ),
  )
}
