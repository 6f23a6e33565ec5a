import { micros } from '../formats/stamp.ts'
import type { Hour } from './walk.ts'

/**
 * How the other lines of its hour are stamped, from a line and its time: the year, the zone and the offset are settled, and what remains
 * are minutes and seconds. `even`: the zone's offset is the same all that hour; else it is only sure for the minute. Null for a stamp of
 * another shape.
 */
export function hourOf(line: string, time: number, even: boolean): Hour | null {
  const match = SHORT.exec(line) ?? ISO.exec(line)
  if (!match) return null
  const [, before = '', minutes = '', seconds = '', point = '', fraction = '', behind = ''] = match
  const minute = time - Number(seconds) * 1e6 - micros(fraction)
  const rest = { point, digits: fraction.length, behind, minutes: even }
  return even
    ? { ...rest, before, time: minute - Number(minutes) * 60e6 }
    : { ...rest, before: `${before}${minutes}:`, time: minute }
}

/** Whether the line of this time that lies at a place has the stamp that the lines of this hour have: what `hourOf` would tell, told from the bytes. */
export function isOf(
  { before, point, digits, behind, minutes, time: begin }: Hour,
  bytes: Uint8Array,
  place: number,
  time: number,
): boolean {
  let at = place
  for (let index = 0; index < before.length; index++) if (bytes[at++] !== before.charCodeAt(index)) return false
  let since = 0
  if (minutes) {
    since = 60 * sixty(bytes, at)
    at += 3
    if (bytes[at - 1] !== COLON) return false
  }
  since += sixty(bytes, at)
  at += 2
  if (digits > 0 && bytes[at++] !== point.charCodeAt(0)) return false
  let fraction = 0
  for (let index = 0; index < digits; index++) {
    const digit = digitAt(bytes, at++)
    if (index < 6) fraction = 10 * fraction + digit
  }
  for (let index = digits; index < 6; index++) fraction *= 10
  for (let index = 0; index < behind.length; index++) if (bytes[at++] !== behind.charCodeAt(index)) return false
  return bytes[at] !== BLANK && begin + since * 1e6 + fraction === time
}

const COLON = 58
const BLANK = 32

/** Two digits, below sixty; NaN where there are none. */
function sixty(bytes: Uint8Array, at: number): number {
  const tens = digitAt(bytes, at)
  return tens < 6 ? 10 * tens + digitAt(bytes, at + 1) : Number.NaN
}

function digitAt(bytes: Uint8Array, at: number): number {
  const digit = (bytes[at] ?? 0) - 48
  return digit >= 0 && digit <= 9 ? digit : Number.NaN
}

const SHORT = /^([A-Z][a-z]{2} [ \d]\d \d\d:)([0-5]\d):([0-5]\d)(?:(\.)(\d{1,9}))?( )(?! )/
const ISO = /^(\d{4}-\d\d-\d\d[T ]\d\d:)([0-5]\d):([0-5]\d)(?:([.,])(\d{1,9}))?((?:Z|[+-]\d\d:?\d\d)? )(?! )/
