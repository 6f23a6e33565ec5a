import { clockOf, momentOf } from '../../../report/times.ts'
import type { Wave } from '../contract.ts'
import { amount, percent } from '../numbers.ts'
import { waveSentence } from '../verdict.ts'
import { type Block, prose, type Section, table } from './block.ts'

export const bucketName = (seconds: number): string =>
  ({ 60: 'minute', 300: 'five minutes', 3600: 'hour', 86400: 'day', 604800: 'week' })[seconds] ?? `${seconds / 3600} hours`

export function wave(each: Wave): Section {
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
