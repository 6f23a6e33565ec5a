import { element as el, elementWith, type Markup, rendered } from '../../../report/html/element.ts'
import type { FleetView } from '../contract.ts'
import { amount } from '../numbers.ts'
import { HOSTS, heading } from './heading.ts'
import { CLEAR, HEAD, hostRow, kindOf } from './hosts.ts'

/** More hosts without a finding than these would make the page too large to forward; --format csv has them all. */
const MOST_CLEAR = 5000

const line = (markup: Markup): string => `${rendered(markup)}\n`

/** The list of hosts, written as it is read. */
export async function* hostList({ hosts, columns, report }: FleetView): AsyncGenerator<string> {
  const kinds = new Map(report.outcomes.map(({ outcome }, index) => [outcome, index % 6]))
  const options = [...new Set([...kinds.keys(), 'unreadable', 'read in part', CLEAR])]
  yield line(heading(HOSTS))
  yield line(el('p.quiet screen', 'A click on a host with a finding opens its timeline; a click on a heading sorts.'))
  yield line(el('p.quiet paper', 'On paper only hosts with a finding, and those that were not read whole.'))
  yield line(
    el(
      'div.tools',
      elementWith('input', { id: 'words', type: 'search', placeholder: 'filter by any words', 'aria-label': 'filter' }),
      elementWith(
        'select',
        { id: 'kind', 'aria-label': 'finding' },
        elementWith('option', { value: '' }, 'every finding'),
        ...options.map(option => elementWith('option', { value: option }, option)),
      ),
      elementWith('span.quiet', { id: 'count' }),
    ),
  )
  const head = el('thead', el('tr', ...[...HEAD, ...columns].map(name => el('th', name))))
  yield `<div class="scroll"><table id="hosts">${rendered(head)}<tbody>\n`
  let clear = 0
  // Those that somebody looks for first; within both, by name.
  for (const found of [true, false]) {
    for await (const host of hosts()) {
      if ((kindOf(host) !== CLEAR) !== found || (!found && ++clear > MOST_CLEAR)) continue
      yield line(hostRow(host, columns, kinds.get(host.outcome ?? '') ?? 5))
    }
  }
  yield '</tbody></table></div>\n'
  if (clear > MOST_CLEAR) {
    yield line(el('p', `${amount(clear - MOST_CLEAR)} hosts without a finding are left out here; --format csv lists them.`))
  }
}
