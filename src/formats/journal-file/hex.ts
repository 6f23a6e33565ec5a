/** Three digits at a time. */
const DIGITS = 12
const STEP = 1 << DIGITS
const three = Array.from({ length: STEP }, (_, value) => value.toString(16).padStart(3, '0'))
/** Below it lie two steps; what is above changes seldom in clocks and counters. */
const LOW = STEP * STEP

/** Hexadecimal, as often as once an entry: `toString(16)` of a large number takes as long as the rest of a cursor. */
export class Hex {
  private high = -1
  private text = ''

  of(value: number): string {
    if (value < LOW) return value.toString(16)
    const high = Math.floor(value / LOW)
    if (high !== this.high) {
      this.high = high
      this.text = high.toString(16)
    }
    const low = value - high * LOW
    return this.text + (three[low >> DIGITS] ?? '') + (three[low & (STEP - 1)] ?? '')
  }
}

/** All eight digits of 32 bits. */
export function hex32(value: number): string {
  return (
    (three[value >>> (32 - DIGITS)] ?? '') +
    (three[(value >>> 8) & (STEP - 1)] ?? '') +
    (three[(value & 0xff) << 4] ?? '').slice(0, 2)
  )
}
