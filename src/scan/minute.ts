import { micros } from '../formats/stamp.ts'
import type { Minute } from './walk.ts'

/**
 * How the other lines of its minute are stamped, from a line and its time: the year, the zone and the hour's offset are settled, and what
 * remains are seconds. Null for a stamp of another shape.
 */
export function minuteOf(line: string, time: number): Minute | null {
  const match = SHORT.exec(line) ?? ISO.exec(line)
  if (!match) return null
  const [, before = '', seconds = '', point = '', fraction = '', behind = ''] = match
  const begin = time - Number(seconds) * 1e6 - micros(fraction)
  return { before, point, digits: fraction.length, behind, time: begin }
}

const SHORT = /^([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:)([0-5]\d)(?:(\.)(\d{1,9}))?( )(?! )/
const ISO = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:)([0-5]\d)(?:([.,])(\d{1,9}))?((?:Z|[+-]\d\d:?\d\d)? )(?! )/
