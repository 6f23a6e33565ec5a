/** µs since the epoch as ISO 8601 with microseconds, UTC; null stays null. Date alone would drop the last three digits. */
export function isoMicros(time: number | null): string | null {
  if (time === null) return null
  const millis = Math.floor(time / 1000)
  const date = new Date(millis)
  if (Number.isNaN(date.getTime())) return null
  const micros = String(Math.floor(time - millis * 1000)).padStart(3, '0')
  return date.toISOString().replace('Z', `${micros}Z`)
}
