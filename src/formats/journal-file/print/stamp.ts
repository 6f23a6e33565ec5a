import { textOf } from '../datum.ts'
import { type JournalEntry, lastOf } from '../entry.ts'

/** When its writer made it, where it says so, else when journald got it: what journalctl's text forms print. µs since the epoch. */
export function momentOf(entry: JournalEntry): number {
  const said = lastOf(entry, '_SOURCE_REALTIME_TIMESTAMP')
  const time = said && said.value.length <= 17 ? Number(textOf(said)) : 0
  return Number.isSafeInteger(time) && time > 0 ? time : entry.realtime
}

/** A moment's parts on the clock of this machine's zone (TZ), or UTC's; `digits` are its µs. */
export function partsOf(time: number, utc: boolean) {
  const date = new Date(Math.floor(time / 1000))
  const east = utc ? 0 : -date.getTimezoneOffset()
  const local = new Date(date.getTime() + east * 60_000)
  const two = (number: number) => String(number).padStart(2, '0')
  return {
    year: String(local.getUTCFullYear()),
    month: two(local.getUTCMonth() + 1),
    monthName: MONTHS[local.getUTCMonth()] ?? '',
    weekday: DAYS[local.getUTCDay()] ?? '',
    day: two(local.getUTCDate()),
    clock: `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`,
    digits: String(time - Math.floor(time / 1e6) * 1e6).padStart(6, '0'),
    offset: `${east < 0 ? '-' : '+'}${two(Math.floor(Math.abs(east) / 60))}${two(Math.abs(east) % 60)}`,
    zone: utc ? 'UTC' : zoneName(date),
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** Made at its first use: it loads tables for 10 ms. */
let zones: Intl.DateTimeFormat | null = null

function zoneName(date: Date): string {
  zones ??= new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' })
  return zones.formatToParts(date).find(part => part.type === 'timeZoneName')?.value ?? ''
}
