import { DateTime, FixedOffsetZone, IANAZone, SystemZone, type Zone } from 'luxon'
import { UsageError } from '../problems/problem.ts'

const EXAMPLES = '"2026-03-02 02:30:41", 02:30, today, yesterday, -1h30min, "5 min ago", @1772418641'

/**
 * A moment in journalctl's syntax (systemd.time(7), "Parsing timestamps"), in µs since the epoch. luxon knows the zones, but no
 * microseconds: what follows the second's point is counted here.
 *
 * @throws UsageError with examples
 */
export function parseWhen(text: string, now: Date, timezone?: string): number {
  const zone = timezone === undefined ? SystemZone.instance : zoneNamed(timezone)
  if (!zone)
    throw new UsageError(`--timezone ${timezone}: there is no such time zone; name one like Europe/Berlin, UTC or +02:00`)
  const found = parse(text.trim(), now, zone)
  if (found === null || !Number.isSafeInteger(found))
    throw new UsageError(`${JSON.stringify(text)} is no time; write it as in ${EXAMPLES}`)
  return found
}

function parse(text: string, now: Date, zone: Zone): number | null {
  const epoch = /^@(-?)(\d{1,12})(?:\.(\d{1,9}))?$/.exec(text)
  if (epoch) return (Number(epoch[2]) * 1e6 + fraction(epoch[3])) * (epoch[1] ? -1 : 1)
  const span = relative(text)
  if (span !== null) return now.getTime() * 1000 + span
  return calendar(text, now, zone)
}

/** Digits behind the point of a second, as µs. */
function fraction(digits = ''): number {
  return Number(digits.padEnd(6, '0').slice(0, 6))
}

/** `-1h30min`, `+5m`, `5 min ago`, `2h left`; null for anything else. */
function relative(text: string): number | null {
  const signed = /^([+-])(.+)$/s.exec(text)
  if (signed?.[2] !== undefined) return scaled(duration(signed[2]), signed[1] === '-' ? -1 : 1)
  const worded = /^(.+?)\s*\b(ago|left)$/s.exec(text)
  return worded?.[1] === undefined ? null : scaled(duration(worded[1]), worded[2] === 'ago' ? -1 : 1)
}

function scaled(amount: number | null, sign: 1 | -1): number | null {
  return amount === null ? null : amount * sign
}

const SECOND = 1e6
const DAY = 86_400 * SECOND

/** systemd.time(7), "Parsing time spans"; a month is 30.44 days, a year 365.25 (systemd, src/basic/time-util.h). */
const UNITS: readonly (readonly [names: string, µs: number])[] = [
  ['usec us µs μs', 1],
  ['msec ms', 1000],
  ['seconds second sec s', SECOND],
  ['minutes minute min m', 60 * SECOND],
  ['hours hour hr h', 3600 * SECOND],
  ['days day d', DAY],
  ['weeks week w', 7 * DAY],
  ['months month M', 2_629_800 * SECOND],
  ['years year y', 31_557_600 * SECOND],
]
const unitByName = new Map(UNITS.flatMap(([names, µs]) => names.split(' ').map(name => [name, µs] as const)))

/** µs; a number without a unit counts seconds. */
function duration(text: string): number | null {
  const pieces = text.matchAll(/\s*(\d{1,15}(?:\.\d{1,9})?)\s*([a-zA-Zµμ]*)\s*/gy)
  let total = 0
  let end = 0
  for (const { 0: piece, 1: number, 2: name = '', index } of pieces) {
    const unit = name === '' ? SECOND : unitByName.get(name)
    if (unit === undefined) return null
    total += Math.round(Number(number) * unit)
    end = index + piece.length
  }
  return end === text.length && end > 0 ? total : null
}

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const STAMP =
  /^(?:(?<weekday>mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},?\s+)?(?:(?<word>now|today|yesterday|tomorrow)|(?<year>\d{4}|\d\d)-(?<month>\d{1,2})-(?<day>\d{1,2}))?(?:(?:^|\s+|T)(?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<digits>\d{1,9}))?)?)?\s*(?<zone>[A-Za-z+-][A-Za-z0-9_:+/-]*)?$/i

/** A date, a time of day, or both, with a zone or in the one given. */
function calendar(text: string, now: Date, fallback: Zone): number | null {
  const found = STAMP.exec(text)?.groups
  if (!found) return null
  const zone = found.zone === undefined ? fallback : zoneNamed(found.zone)
  if (!zone || (found.word === undefined && found.year === undefined && found.hour === undefined)) return null
  const today = DateTime.fromJSDate(now, { zone })
  if (found.word?.toLowerCase() === 'now') return found.hour === undefined ? now.getTime() * 1000 : null
  const day = dayOf(found, today)
  const time = { hour: Number(found.hour ?? 0), minute: Number(found.minute ?? 0), second: Number(found.second ?? 0) }
  const moment = DateTime.fromObject({ ...day, ...time }, { zone })
  if (!moment.isValid || !fits(found.weekday, moment.weekday)) return null
  return moment.toMillis() * 1000 + fraction(found.digits)
}

type Groups = Partial<Record<string, string>>

function dayOf({ word, year, month, day }: Groups, today: DateTime): { year: number; month: number; day: number } {
  if (year !== undefined) return { year: fullYear(year), month: Number(month), day: Number(day) }
  const shift = { yesterday: -1, tomorrow: 1 }[word?.toLowerCase() ?? ''] ?? 0
  const { year: y, month: m, day: d } = today.plus({ days: shift })
  return { year: y, month: m, day: d }
}

/** strptime(3), %y: 69 to 99 are of the last century. */
function fullYear(digits: string): number {
  const year = Number(digits)
  return digits.length > 2 ? year : year + (year < 69 ? 2000 : 1900)
}

function fits(weekday: string | undefined, number: number): boolean {
  if (weekday === undefined) return true
  return WEEKDAYS.indexOf(weekday.toLowerCase()) === number - 1
}

/** An IANA name, `UTC`, `Z`, an offset such as `+02:00`. */
function zoneNamed(name: string): Zone | null {
  if (/^(?:UTC|GMT|Z)$/i.test(name)) return FixedOffsetZone.utcInstance
  const offset = /^([+-])(\d{1,2}):?([0-5]\d)?$/.exec(name)
  if (offset) return FixedOffsetZone.instance((Number(offset[2]) * 60 + Number(offset[3] ?? 0)) * (offset[1] === '-' ? -1 : 1))
  const zone = IANAZone.create(name)
  return zone.isValid ? zone : null
}
