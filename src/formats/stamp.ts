import type { Draft } from './draft.ts'

/** Names of months as journalctl and syslog print them under the locales met in posted logs; the first three letters suffice. */
const MONTHS: readonly (readonly string[])[] = [
  ['jan', 'gen', 'ene', 'sty', 'led', 'янв', 'oca', 'jän'],
  ['feb', 'fev', 'fév', 'lut', 'úno', 'фев', 'şub', 'helm'],
  ['mar', 'mär', 'mrt', 'bře', 'мар', 'már'],
  ['apr', 'abr', 'avr', 'kwi', 'dub', 'апр', 'nis', 'ápr'],
  ['may', 'mai', 'mag', 'maj', 'mei', 'kvě', 'мая', 'май', 'máj'],
  ['jun', 'giu', 'juin', 'cze', 'čen', 'чвн', 'июн', 'haz', 'jún'],
  ['jul', 'lug', 'juil', 'lip', 'čvc', 'июл', 'tem', 'júl'],
  ['aug', 'ago', 'aoû', 'sie', 'srp', 'авг', 'ağu'],
  ['sep', 'set', 'wrz', 'zář', 'сен', 'eyl', 'sze'],
  ['oct', 'okt', 'ott', 'out', 'paź', 'říj', 'окт', 'eki'],
  ['nov', 'lis', 'ноя', 'kas'],
  ['dec', 'dez', 'dic', 'déc', 'gru', 'pro', 'дек', 'ara'],
]

const byName = new Map(MONTHS.flatMap((names, month) => names.map(name => [name, month] as const)))

/** 0 to 11, or -1. */
export function monthOf(name: string): number {
  const numbered = /^(\d{1,2})月$/.exec(name)
  if (numbered) return Number(numbered[1]) - 1
  const letters = name.toLowerCase()
  return byName.get(letters) ?? byName.get(letters.slice(0, 4)) ?? byName.get(letters.slice(0, 3)) ?? -1
}

/** The year in which a yearless stamp is kept until its own is known: a leap year, so that 29 February fits. */
const YEARLESS = 2000

/** µs of a printed date and time as if it were UTC; null where no calendar has it. */
export function civil(
  year: number | null,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | null {
  if (month < 0 || month > 11 || day < 1 || hour > 23 || minute > 59 || second > 60) return null
  const ms = Date.UTC(year ?? YEARLESS, month, day, hour, minute, second)
  // 31 February: Date rolls it over into March.
  return day > 28 && new Date(Date.UTC(year ?? YEARLESS, month, day)).getUTCDate() !== day ? null : ms * 1000
}

/** µs of a fraction's digits: `5` is half a second, nanoseconds are cut. */
export function micros(digits: string | undefined): number {
  return digits ? Number(digits.slice(0, 6).padEnd(6, '0')) : 0
}

/** Minutes east of Greenwich for `Z`, `UTC`, `GMT`, `+0530`, `+05:30`, `+05`; null for a name that needs a time zone's rules. */
function offsetOf(zone: string): number | null {
  if (zone === 'Z' || zone === 'UTC' || zone === 'GMT') return 0
  const stated = /^([+-])(\d\d):?(\d\d)?$/.exec(zone)
  if (!stated) return null
  const minutes = Number(stated[2]) * 60 + Number(stated[3] ?? 0)
  return stated[1] === '-' ? -minutes : minutes
}

/** A log's lines have one zone, or two. */
let lastZone = 'Z'
let lastOffset: number | null = 0

function knownOffset(zone: string): number | null {
  if (zone !== lastZone) {
    lastOffset = offsetOf(zone)
    lastZone = zone
  }
  return lastOffset
}

/** Puts a date and time into a record: as UTC where the offset is known, else as printed. */
export function setTime(draft: Draft, at: number, zone: string | undefined): void {
  const offset = zone === undefined ? null : knownOffset(zone)
  if (offset === null) draft.civil = at
  else draft.time = at - offset * 60e6
}

export function setYearless(draft: Draft, at: number): void {
  draft.civil = at
  draft.yearless = true
}

/** `2026-03-02T02:30:41[.,]fraction` and an offset, a blank for the `T` too. Groups: date and time 1-6, fraction 7, zone 8. */
export const ISO = String.raw`(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?`

/** The time of a match of ISO, from its group `first` on. */
export function isoTime(match: RegExpExecArray, first: number, draft: Draft): boolean {
  const at = civil(
    num(match[first]),
    num(match[first + 1]) - 1,
    num(match[first + 2]),
    num(match[first + 3]),
    num(match[first + 4]),
    num(match[first + 5]),
  )
  if (at === null) return false
  setTime(draft, at + micros(match[first + 6]), match[first + 7])
  return true
}

export function num(digits: string | undefined): number {
  return Number(digits ?? 'NaN')
}
