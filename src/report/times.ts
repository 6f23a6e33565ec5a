/** Times of the contract (`2026-11-24T01:45:49.000000Z`) for people: UTC, no finer than the log. */

export const dayOf = (time: string): string => time.slice(0, 10)

/** `01:45:49`, or `01:45:49.123` where the log has fractions. */
export function clockOf(time: string): string {
  const [clock = '', fraction = ''] = time.slice(11).replace('Z', '').split('.')
  return /[1-9]/.test(fraction) ? `${clock}.${fraction.slice(0, 3)}` : clock
}

export const momentOf = (time: string): string => `${dayOf(time)} ${clockOf(time)}`

/** `2026-11-24 01:45:42 to 01:47:06`: the day once, where it is one. */
export function spanOf(from: string, to: string): string {
  if (from === to) return momentOf(from)
  return `${momentOf(from)} to ${dayOf(from) === dayOf(to) ? clockOf(to) : momentOf(to)}`
}

/** The decisive moment and what belongs to it: `2026-11-24 01:45:49 UTC, traces from 01:45:42 to 01:47:06` */
export function momentAndSpan(at: string | null, from: string | null, to: string | null): string {
  if (at === null) return 'the log has no times'
  const near = (time: string) => (dayOf(time) === dayOf(at) ? clockOf(time) : momentOf(time))
  const traces = from !== null && to !== null && from !== to ? `, traces from ${near(from)} to ${near(to)}` : ''
  return `${momentOf(at)} UTC${traces}`
}

/** `-3.5 s`, `+25 s`, `+250 ms`, `+12 min 5 s`, `-2 d 4 h` */
export function deltaOf(seconds: number): string {
  if (seconds === 0) return '0 s'
  return `${seconds < 0 ? '-' : '+'}${lengthOf(Math.abs(seconds))}`
}

function lengthOf(seconds: number): string {
  if (seconds < 0.001) return `${Math.round(seconds * 1e6)} µs`
  if (seconds < 0.9995) return `${Math.round(seconds * 1e3)} ms`
  if (seconds < 100) return `${Number.isInteger(seconds) ? seconds : seconds.toFixed(1)} s`
  const [minute, hour, day] = [60, 3600, 86_400]
  const whole = Math.round(seconds)
  if (whole < 2 * hour) return inTwo(whole, minute, 'min', 1, 's')
  if (whole < 2 * day) return inTwo(whole, hour, 'h', minute, 'min')
  return inTwo(whole, day, 'd', hour, 'h')
}

function inTwo(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % large) / small)
  return `${Math.floor(seconds / large)} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ''}`
}
