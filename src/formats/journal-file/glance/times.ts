import type { JournalFile } from '../file.ts'
import { long } from '../header.ts'
import { COMPACT_DATA_HEAD, DATA_HEAD } from '../object.ts'
import { doubt } from './doubt.ts'
import type { Exact } from './exact.ts'
import { indexBehind, type Roster } from './roster.ts'

export const SOURCE_TIME = '_SOURCE_REALTIME_TIMESTAMP'

/** µs since the epoch from 2001 to 2286. */
const DIGITS = 16

/**
 * Puts the senders' clocks into the roster. Each entry has a datum of its own for it, so of each only what matters is read: the next
 * one's place, and the digits. The entry that a datum was written for is the next behind it.
 *
 *     0 … ¦ 32 next_field_offset (8) ¦ … ¦ _SOURCE_REALTIME_TIMESTAMP= ¦ 16 digits ¦ 0 (objects are filled up to 8)
 *
 * Two entries of one microsecond share a datum, and the second keeps the time of its receipt: whoever uses a time as a boot's first or
 * last reads that entry.
 */
export function takeSourceTimes(file: JournalFile, exact: Exact, head: number, roster: Roster): void {
  const digits = (file.compact ? COMPACT_DATA_HEAD : DATA_HEAD) + SOURCE_TIME.length + 1
  for (let at = head, before = Number.POSITIVE_INFINITY; at !== 0; ) {
    if (at >= before || at % 8 !== 0 || at < file.begin) doubt('a list of times that leads astray')
    before = at
    const link = exact.at(at + 32, 8)
    if (!link) doubt('a time that is cut off')
    const next = long(link, 0)
    const text = exact.at(at + digits, DIGITS + 1)
    if (!text) doubt('a time that is cut off')
    const time = numberIn(text)
    const index = indexBehind(roster, at)
    if (index === roster.places.length) doubt('a time behind the last entry')
    roster.times[index] = time
    at = next
  }
}

function numberIn(text: Buffer): number {
  let value = 0
  for (let index = 0; index < DIGITS; index++) {
    const digit = (text[index] ?? 0) - 0x30
    if (digit < 0 || digit > 9) doubt('a time that is no number')
    value = value * 10 + digit
  }
  if (text[0] === 0x30 || text[DIGITS] !== 0) doubt('a time of another length')
  return value
}
