import type { Incident, Step } from '../report.ts'
import { safe, safeLine } from '../safe.ts'
import { clockOf, dayOf, deltaOf } from '../times.ts'
import { heading, type Page } from './page.ts'
import { GAP, table } from './table.ts'
import { wrap } from './wrap.ts'

/** Time, distance from the decisive moment, what it means, and the line itself. */
export function timeline(incident: Incident, page: Page): string[] {
  const { timeline: steps, at } = incident
  const timed = steps.some(step => step.at !== null)
  const columns = timed ? [widest(steps.map(clock)), widest(steps.map(distance))] : []
  const room = page.width - columns.reduce((sum, each) => sum + each + GAP, 0)
  const rows: string[][][] = []
  let day = at === null ? '' : dayOf(at)
  for (const step of steps) {
    if (step.at !== null && dayOf(step.at) !== day) {
      day = dayOf(step.at)
      rows.push([[], [], [page.paint('dim', day)]])
    }
    rows.push([...(timed ? moment(step, columns, page) : []), story(step, page, room)])
  }
  const aside = timed
    ? `UTC${at ? `, ${dayOf(at)}; + and - from the decisive moment` : ''}`
    : 'in the order of the log, which has no times'
  return [...heading(page, 'WHAT HAPPENED', aside), ...table(rows, [...columns, room])]
}

const clock = ({ at }: Step): string => (at === null ? '' : clockOf(at))
const distance = ({ delta }: Step): string => (delta === null ? '' : deltaOf(delta))
const widest = (cells: readonly string[]): number => cells.reduce((width, cell) => Math.max(width, cell.length), 1)

function moment(step: Step, [, room = 0]: readonly number[], page: Page): string[][] {
  const style = step.delta === 0 ? 'bold' : undefined
  return [[page.paint(style, clock(step))], [page.paint(style, distance(step).padStart(room))]]
}

function story({ what, message, refs, delta }: Step, page: Page, room: number): string[] {
  const place = page.places.of(refs)
  const style = delta === 0 ? 'bold' : undefined
  const told = wrap(safeLine(what), room).map(line => page.paint(style, line))
  const said = message ? wrap(safe(message), room - 2).map(line => `  ${line}`) : []
  const where = place ? wrap(`[${place}]`, room - 2).map(line => `  ${page.paint('dim', line)}`) : []
  return [...told, ...said, ...where]
}
