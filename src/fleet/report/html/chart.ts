import { elementWith as el, type Markup } from '../../../report/html/element.ts'
import { momentOf } from '../../../report/times.ts'
import type { Wave } from '../contract.ts'

const [WIDTH, HEIGHT] = [1000, 240]
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 8, 14, 30]
/** A bar that is wider looks like an area. */
const WIDEST = 90

/** Hosts over time, stacked by outcome; colours are those of the tiles. */
export function waveChart(waves: readonly Wave[]): Markup | null {
  const times = [...new Set(waves.flatMap(({ buckets }) => buckets.map(({ from }) => from)))].sort()
  const bucket = waves[0]?.bucket ?? 3600
  const [first, last] = [times[0], times.at(-1)]
  if (first === undefined || last === undefined) return null
  const start = Date.parse(first)
  const count = Math.round((Date.parse(last) - start) / 1000 / bucket) + 1
  const stacks = Array.from({ length: count }, (_, index) => {
    const from = new Date(start + index * bucket * 1000).toISOString().replace('.000Z', 'Z')
    return { from, parts: waves.map(({ buckets }) => buckets.find(each => each.from === from)?.hosts ?? 0) }
  })
  const most = Math.max(1, ...stacks.map(({ parts }) => parts.reduce((sum, part) => sum + part, 0)))
  const step = (WIDTH - LEFT - RIGHT) / count
  const wide = Math.min(step * 0.8, WIDEST)
  const y = (value: number): number => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / most)
  const bars = stacks.flatMap(({ from, parts }, index) => {
    let below = 0
    return parts.flatMap((part, kind) => {
      const top = y(below + part)
      const height = y(below) - top
      below += part
      if (part === 0) return []
      const title = el('title', {}, `${momentOf(from).slice(0, 16)} UTC: ${part} ${waves[kind]?.outcome ?? ''}`)
      const place = { x: round(LEFT + (index + 0.5) * step - wide / 2), y: round(top), width: round(wide), height: round(height) }
      return [el(`rect.t${kind % 6}`, place, title)]
    })
  })
  const axis = { class: 'axis', x1: LEFT, x2: WIDTH - RIGHT, y1: y(0), y2: y(0) }
  return el(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': 'hosts over time' },
    ...[0, Math.ceil(most / 2), most].flatMap(value => [
      el('line', { class: 'axis', x1: LEFT, x2: WIDTH - RIGHT, y1: round(y(value)), y2: round(y(value)) }),
      el('text', { x: LEFT - 6, y: round(y(value) + 4), 'text-anchor': 'end' }, String(value)),
    ]),
    ...bars,
    el('line', axis),
    ...labels(
      stacks.map(({ from }) => from),
      step,
    ),
  )
}

const MOST_LABELS = 12

function labels(times: readonly string[], step: number): Markup[] {
  const every = Math.ceil(times.length / MOST_LABELS)
  return times.flatMap((from, index) => {
    if (index % every !== 0) return []
    const x = round(LEFT + (index + 0.5) * step)
    const day = momentOf(from).slice(0, 10)
    const before = index < every ? '' : momentOf(times[index - every] ?? '').slice(0, 10)
    const clock = momentOf(from).slice(11, 16)
    const said = day === before ? clock : clock === '00:00' ? day : `${day} ${clock}`
    return [el('text', { x, y: HEIGHT - 10, 'text-anchor': 'middle' }, said)]
  })
}

const round = (value: number): number => Math.round(value * 10) / 10
