import type { Places } from '../chain.ts'
import { long } from '../header.ts'
import { judgeHead, type Numbers } from '../heads.ts'
import { doubt } from './doubt.ts'
import type { Exact } from './exact.ts'

/** What the heads of all entries tell, in the order of the file. */
export interface Roster {
  places: Float64Array
  seqnums: Float64Array
  /** µs: when it was received; then, where the sender's clock tells it, when it was said. */
  times: Float64Array
  /** Index into `bootIds`. */
  boots: Uint16Array
  bootIds: string[]
}

/** A head's numbers: seqnum (8), realtime (8), monotonic (8), boot_id (16). */
const FROM = 16
const LENGTH = 40
const MOST_BOOTS = 65_535
const NO_BOOT = '0'.repeat(32)

/** Reads every entry's numbers, and holds each against its neighbours' as reading the file whole would. */
export function rosterOf(exact: Exact, found: Places): Roster {
  const { count } = found
  const places = found.offsets.slice(0, count)
  const roster = { places, seqnums: new Float64Array(count), times: new Float64Array(count), boots: new Uint16Array(count) }
  const bootIds: string[] = []
  let first: Numbers | null = null
  let second: Numbers | null = null
  let boot = ''
  let raw = Buffer.alloc(16)
  for (let index = 0; index < count; index++) {
    const bytes = exact.at(found.at(index) + FROM, LENGTH)
    if (!bytes) doubt('an entry that is cut off')
    if (raw.compare(bytes, 24, 40) !== 0 || boot === '') {
      raw = Buffer.from(bytes.subarray(24, 40))
      boot = raw.toString('hex')
    }
    let which = bootIds.lastIndexOf(boot)
    if (which === -1) which = bootIds.push(boot) - 1
    const third: Numbers = { seqnum: long(bytes, 0), realtime: long(bytes, 8), monotonic: long(bytes, 16), boot }
    const most = Math.max(third.seqnum, third.realtime, third.monotonic)
    if (third.seqnum < 1 || most > Number.MAX_SAFE_INTEGER || boot === NO_BOOT || which > MOST_BOOTS)
      doubt('an entry with odd numbers')
    if (second && !isSound(first, second, third)) doubt('an entry whose numbers contradict its neighbours')
    roster.seqnums[index] = third.seqnum
    roster.times[index] = third.realtime
    roster.boots[index] = which
    first = second
    second = third
  }
  return { ...roster, bootIds }
}

function isSound(before: Numbers | null, head: Numbers, behind: Numbers): boolean {
  const { mended, doubtful } = judgeHead(before, { ...head }, behind)
  return mended.length === 0 && doubtful.length === 0
}

/** Where an entry stands in the roster, by its place in the file. */
export function indexOf(roster: Roster, place: number): number {
  const index = indexBehind(roster, place)
  if (roster.places[index] !== place) doubt('a datum of an entry that is not listed')
  return index
}

/** The first entry at this place or behind it. */
export function indexBehind({ places }: Roster, place: number): number {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] ?? 0) < place) low = middle + 1
    else high = middle
  }
  return low
}
