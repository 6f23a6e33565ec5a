import { element as el, elementWith, type Markup } from '../../../report/html/element.ts'
import type { FleetReport } from '../contract.ts'
import { amount, interval, percent } from '../numbers.ts'
import type { Section } from '../sections/block.ts'
import { anchorOf, HOSTS, ONE_WAVE, TILED, WAVES } from './heading.ts'

/** What a browser's tab, a bookmark and a mail's preview show. */
export function titleOf({ outcomes: [worst], counts }: FleetReport): string {
  const told = worst ? `${amount(worst.hosts)} of ${amount(counts.read)} hosts ${worst.outcome}` : `${amount(counts.read)} hosts`
  return `${told}: inquest fleet report`
}

export function contents({ next, down, counts }: FleetReport, sections: readonly Section[]): Markup {
  const titles = sections.map(({ title }) => title).filter(title => title !== TILED && !title.startsWith(ONE_WAVE))
  const counted = new Map([
    ['Who is next', next.length],
    ['Who is down', down.length],
    [HOSTS, counts.read + counts.unreadable],
  ])
  const link = (title: string): Markup => {
    const count = counted.get(title)
    return elementWith('a', { href: `#${anchorOf(title)}` }, title, ...(count === undefined ? [] : [` (${amount(count)})`]))
  }
  const waves = sections.some(({ title }) => title.startsWith(ONE_WAVE)) ? [WAVES] : []
  return el('nav', ...[...waves, ...titles, HOSTS].map(link))
}

export function tiles({ outcomes, counts, unknown: { withoutLogs } }: FleetReport): Markup {
  const tile = (style: string, number: number, what: string, aside: string): Markup =>
    el(`div.${style}`, el('b', amount(number)), what, el('span', aside))
  return el(
    'div.tiles',
    ...outcomes.map(({ outcome, rule, hosts, share, low, high, standing }, index) => {
      const still = standing === null ? '' : `; ${standing === 0 ? 'none' : amount(standing)} still so when the logs end`
      return tile(`tile t${index % 6}`, hosts, outcome, `${percent(share)} of hosts (${interval(low, high)}) by ${rule}${still}`)
    }),
    tile(
      'tile',
      counts.read,
      'hosts read',
      counts.incomplete > 0 ? `${amount(counts.incomplete)} of them in part only` : 'all of them whole',
    ),
    ...(counts.unreadable > 0 ? [tile('tile', counts.unreadable, 'unreadable', 'nothing is known of them')] : []),
    ...(withoutLogs.length > 0
      ? [tile('tile', withoutLogs.length, 'without logs', 'in the inventory; nothing is known of them')]
      : []),
  )
}
