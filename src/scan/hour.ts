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

const SHORT = /^([A-Z][a-z]{2} [ \d]\d \d\d:)([0-5]\d):([0-5]\d)(?:(\.)(\d{1,9}))?( )(?! )/
const ISO = /^(\d{4}-\d\d-\d\d[T ]\d\d:)([0-5]\d):([0-5]\d)(?:([.,])(\d{1,9}))?((?:Z|[+-]\d\d:?\d\d)? )(?! )/
