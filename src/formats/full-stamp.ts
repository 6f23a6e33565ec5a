import type { Draft } from './draft.ts'
import { readHeader } from './header.ts'
import { civil, micros, num, setTime } from './stamp.ts'

/** `Mon 2026-03-02 02:30:41 UTC `: weekday (in the writer's language), date, time, fraction, name of the zone. */
export const FULL = String.raw`[^\s\d]{2,4}\.? (\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{6}))? ([A-Za-z]{1,5}|[+-]\d\d(?::?\d\d)?)`

const STAMP = new RegExp(`^${FULL} `)

/** Stamp and header of a line of short-full or with-unit. */
export function readFull(line: string): Draft | null {
  const match = STAMP.exec(line)
  if (!match) return null
  const draft = readHeader(line.slice(match[0].length))
  return setFull(draft, match) ? draft : null
}

/** Puts a match of FULL into a record; a zone's name other than UTC is left to --timezone, for CST has three meanings. */
export function setFull(draft: Draft, match: RegExpExecArray): boolean {
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  const at = civil(num(year), num(month) - 1, num(day), num(hour), num(minute), num(second))
  if (at === null) return false
  setTime(draft, at + micros(fraction), zone)
  return true
}
