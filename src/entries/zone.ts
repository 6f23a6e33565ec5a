import { UsageError } from '../problems/problem.ts'

const HOUR = 3_600_000
const DAY = 86_400e6

/** A time zone's rules, asked once an hour of log and not once a line: Intl takes microseconds, a table lookup nanoseconds. */
export class Zone {
  private readonly cache = new Map<number, number>()
  private readonly format: Intl.DateTimeFormat | null
  private readonly fixed: number | null

  /** An IANA name, `UTC`, an offset like `+02:00`; none: the machine's own zone. */
  constructor(name?: string) {
    this.fixed = name === undefined ? null : fixedOffset(name)
    this.format = name === undefined || this.fixed !== null ? null : formatOf(name)
  }

  /** µs UTC of µs as printed on a clock of this zone. Of an hour that came twice the first is taken. */
  toUtc(civil: number): number {
    const ms = Math.floor(civil / 1000)
    const guess = civil - this.offset(ms) * 1000
    return civil - this.offset(Math.floor(guess / 1000)) * 1000
  }

  /** µs as printed of µs UTC. */
  toCivil(time: number): number {
    return time + this.offset(Math.floor(time / 1000)) * 1000
  }

  /**
   * Whether the offset is the same all the hour that a clock of this zone shows at `time`. `civil` is what the line says, in whatever year:
   * an hour that the clock left out is not even.
   */
  isEven(civil: number, time: number): boolean {
    if (this.fixed !== null) return true
    const shown = this.toCivil(time)
    if ((shown - civil) % DAY !== 0) return false
    const hour = Math.floor(shown / (HOUR * 1000)) * HOUR * 1000
    const distance = this.toUtc(shown) - shown
    // No zone changes its offset twice within an hour.
    return [hour, hour + HOUR * 1000 - 1].every(edge => this.toUtc(edge) - edge === distance)
  }

  /** ms east of Greenwich at this moment. */
  private offset(ms: number): number {
    if (this.fixed !== null) return this.fixed
    const quarter = Math.floor(ms / (HOUR / 4))
    let offset = this.cache.get(quarter)
    if (offset === undefined) {
      if (this.cache.size > 50_000) this.cache.clear()
      offset = this.ask(ms)
      this.cache.set(quarter, offset)
    }
    return offset
  }

  private ask(ms: number): number {
    if (!this.format) return -new Date(ms).getTimezoneOffset() * 60_000
    const part: Record<string, number> = {}
    for (const { type, value } of this.format.formatToParts(ms)) part[type] = Number(value)
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
    return Date.UTC(year, month - 1, day, hour % 24, minute, second) - Math.floor(ms / 1000) * 1000
  }
}

function fixedOffset(name: string): number | null {
  if (/^(?:UTC|GMT|Z)$/i.test(name)) return 0
  const match = /^([+-])(\d{1,2}):?(\d\d)?$/.exec(name)
  if (!match) return null
  const ms = (Number(match[2]) * 60 + Number(match[3] ?? 0)) * 60_000
  return match[1] === '-' ? -ms : ms
}

function formatOf(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    throw new UsageError(`--timezone ${name}: there is no such time zone; name one like Europe/Berlin, UTC or +02:00`)
  }
}
