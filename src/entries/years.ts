import type { Draft } from '../formats/draft.ts'
import type { Zone } from './zone.ts'

const DAY = 86_400e6
/** A step back by more than this is New Year, not disorder. */
const HALF_YEAR = 183 * DAY

/** A step into January and back within so many lines was no New Year. */
const EXCURSION = 1000
const NEAR = 31 * DAY

/** A stretch of provisional times that turned out to lie in other years. */
interface Shift {
  from: number
  to: number
  years: number
}

/**
 * Gives yearless stamps their year. It is known for certain only at the end: the last line cannot lie after the file's own date. Until
 * then the first line takes the latest year that is not in the future, New Years are counted, and `settle` corrects what was handed out.
 */
export class Years {
  private base: number | null = null
  /** New Years passed since the first line. */
  private passed = 0
  private last = 0
  /** The time given out for it. */
  private given = 0
  private sinceNewYear = 0
  /** The last stamp before it. */
  private oldYear = 0
  private first = Number.POSITIVE_INFINITY
  /** Latest time seen, by New Years passed: an excursion of a clock that woke up in January is taken out again. */
  private latest: number[] = []
  private absolute: number | null = null
  private readonly shifts: Shift[] = []
  private dayText = Number.NaN
  private dayStart = 0

  /** `until`: µs after which no line can have been written; `begins`: the year of the first line, where the user says so. */
  constructor(
    private readonly zone: Zone,
    private readonly until: number,
    private readonly begins: number | null,
  ) {}

  /** A record of the same input that states its year: later yearless ones lie near it. */
  anchor(time: number): void {
    this.absolute = time
  }

  time(draft: Draft): number {
    const civil = draft.civil ?? 0
    this.base ??= this.firstYear(civil, draft.weekday)
    if (this.absolute !== null) this.moveTo(civil, this.absolute)
    else if (this.first !== Number.POSITIVE_INFINITY) this.count(civil)
    this.last = civil
    const time = this.at(civil)
    this.given = time
    if (this.absolute === null) {
      this.first = Math.min(this.first, time)
      this.latest[this.passed] = Math.max(this.latest[this.passed] ?? time, time)
    }
    return time
  }

  /** Entries of the same minute as the last one, that were passed over: so many, the times of the earliest, the latest and the last. */
  pass(entries: number, earliest: number, latest: number, last: number): void {
    this.last += last - this.given
    this.given = last
    if (this.absolute !== null) return
    this.sinceNewYear += entries
    this.first = Math.min(this.first, earliest)
    this.latest[this.passed] = Math.max(this.latest[this.passed] ?? latest, latest)
  }

  /** The final time of one that `time` gave out. */
  settle(given: number): number {
    // Where every stamp states its year there is nothing to correct, not even what lies in the future: some clocks are wrong.
    if (this.base === null) return given
    const shift = this.closing().find(one => given >= one.from && given <= one.to)
    let time = shift ? this.shifted(given, shift.years) : given
    while (this.begins === null && time > this.until) time = this.shifted(time, -1)
    return time
  }

  private count(civil: number): void {
    this.sinceNewYear++
    if (civil - this.last < -HALF_YEAR) {
      this.passed++
      this.sinceNewYear = 0
      this.oldYear = this.last
    } else if (civil - this.last > HALF_YEAR && this.passed > 0 && this.isBack(civil)) {
      // A line of December among those of January: disorder around New Year, or a clock that woke up in January.
      this.latest.length = this.passed
      this.passed--
      this.sinceNewYear = 0
    }
  }

  /** A line of about the time before the last New Year, soon after it. */
  private isBack(civil: number): boolean {
    return this.sinceNewYear < EXCURSION && Math.abs(civil - this.oldYear) < NEAR
  }

  /** µs UTC in the current year; a day's lines share its start. */
  private at(civil: number): number {
    const day = Math.floor(civil / DAY)
    const year = (this.base ?? 0) + this.passed
    const key = day * 10_000 + year
    if (key !== this.dayText) {
      if (isLeapDay(civil) && !isLeap(year)) return this.atLeapDay(civil, year)
      this.dayStart = inYear(day * DAY, year)
      this.dayText = key
    }
    return this.zone.toUtc(this.dayStart + (civil - day * DAY))
  }

  private firstYear(civil: number, weekday: number | null): number {
    if (this.begins !== null) return this.begins
    const latest = new Date(this.until / 1000).getUTCFullYear()
    for (let year = latest; year > latest - 12; year--) {
      if (isLeapDay(civil) && !isLeap(year)) continue
      const local = inYear(civil, year)
      if (weekday !== null && new Date(local / 1000).getUTCDay() !== weekday) continue
      if (this.zone.toUtc(local) <= this.until) return year
    }
    return latest - 1
  }

  /** The year in which this stamp lies nearest to a known time. */
  private moveTo(civil: number, known: number): void {
    const year = new Date(known / 1000).getUTCFullYear()
    const years = [year - 1, year, year + 1]
    const distance = (one: number) => Math.abs(this.zone.toUtc(inYear(civil, one)) - known)
    this.base = years.reduce((best, one) => (distance(one) < distance(best) ? one : best))
    this.passed = 0
  }

  /** 29 February in a year that has none: everything so far lies in an earlier year than was thought. */
  private atLeapDay(civil: number, year: number): number {
    let leap = year
    while (!isLeap(leap)) leap--
    const reached = Math.max(...this.latest.filter(Number.isFinite))
    if (this.first <= reached) this.shifts.push({ from: this.first, to: reached, years: leap - year })
    this.base = leap - this.passed
    this.first = Number.POSITIVE_INFINITY
    this.latest = []
    return this.zone.toUtc(inYear(civil, leap))
  }

  /** What the end of the input teaches: no line can be later than `until`. */
  private closing(): Shift[] {
    const latest = Math.max(...Object.values(this.latest))
    if (this.begins !== null || latest <= this.until) return this.shifts
    let years = -1
    while (this.shifted(latest, years) > this.until) years--
    return [...this.shifts, { from: this.first, to: latest, years }]
  }

  private shifted(time: number, years: number): number {
    const civil = this.zone.toCivil(time)
    return this.zone.toUtc(inYear(civil, new Date(civil / 1000).getUTCFullYear() + years))
  }
}

/** The same day and time in another year. */
function inYear(civil: number, year: number): number {
  const date = new Date(Math.floor(civil / 1000))
  const micros = civil - Math.floor(civil / 1000) * 1000
  date.setUTCFullYear(year)
  return date.getTime() * 1000 + micros
}

function isLeapDay(civil: number): boolean {
  const date = new Date(civil / 1000)
  return date.getUTCMonth() === 1 && date.getUTCDate() === 29
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}
