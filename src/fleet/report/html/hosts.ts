import { element as el, elementWith, type Markup } from '../../../report/html/element.ts'
import { clockOf, momentOf } from '../../../report/times.ts'
import type { HostLine } from '../contract.ts'

/** The list's columns before those of the inventory. */
export const HEAD = ['host', 'finding', 'unit', 'when, UTC', 'systemd, kernel, OS', 'read']

/** The style sheet knows it as well. */
export const CLEAR = 'nothing found'

/** What the list can be narrowed to. */
export const kindOf = ({ fault, outcome, complete }: HostLine): string =>
  fault !== null ? 'unreadable' : (outcome ?? (complete ? CLEAR : 'read in part'))

export function hostRow(host: HostLine, columns: readonly string[], colour: number): Markup {
  const { unit, alias, at, systemd, kernel, os, fault, complete, inventory, machineId } = host
  const cells = [
    elementWith('td', { 'data-key': host.host }, timelineOf(host)),
    el('td', kindOf(host) === CLEAR ? '' : kindOf(host)),
    el('td', unit ? `${unit}${alias ? ` (${alias})` : ''}` : ''),
    elementWith('td', { 'data-key': at ?? '' }, at ? momentOf(at).slice(0, 19) : ''),
    el('td', [systemd, kernel, os].filter(Boolean).join(', ')),
    el('td', fault ?? (complete ? 'whole' : 'in part')),
    ...columns.map(column => el('td', inventory[column] ?? '')),
  ]
  return elementWith(
    `tr.t${colour}`,
    { 'data-kind': kindOf(host), ...(machineId ? { title: `machine id ${machineId}` } : {}) },
    ...cells,
  )
}

function timelineOf({ host, title, timeline, confidence }: HostLine): Markup {
  if (title === null) return el('span', host)
  return el(
    'details',
    el('summary', host),
    el(
      'div.story',
      el('p', `${title} (${confidence})`),
      el(
        'ol',
        ...timeline.map(({ at, what, message }) =>
          el('li', el('time', at ? clockOf(at) : ''), what, ...(message ? [el('pre', message)] : [])),
        ),
      ),
    ),
  )
}
