import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isoAt } from '../../src/formats/iso.ts'
import { civil, ISO, micros, num } from '../../src/formats/stamp.ts'

const PATTERN = new RegExp(`^${ISO}(?= )`)

/** What the pattern makes of it. */
function matched(line: string): ReturnType<typeof isoAt> {
  const match = PATTERN.exec(line)
  if (!match) return null
  const [whole, year, month, day, hour, minute, second, fraction, zone] = match
  const printed = civil(num(year), num(month) - 1, num(day), num(hour), num(minute), num(second))
  const at = printed === null ? null : printed + micros(fraction)
  return { at, digits: fraction?.length ?? 0, zone, end: whole.length }
}

const digits = (count: number) => fc.stringMatching(new RegExp(`^\\d{${count}}$`))
const stamp = fc
  .tuple(
    fc.constantFrom('2026', '1999', '0000', '20x6'),
    digits(2),
    fc.constantFrom('T', ' ', 't'),
    digits(2),
    digits(2),
    fc.stringMatching(/^(?:[.,]\d{0,11})?$/),
    fc.constantFrom('', 'Z', '+00:00', '-0530', '+05', '+5:30', '+05:3', 'z', '.'),
    fc.constantFrom(' ', '  host', ''),
  )
  .map(
    ([year, month, between, hour, second, fraction, zone, rest]) =>
      `${year}-${month}-28${between}${hour}:59:${second}${fraction}${zone}${rest}`,
  )

test('a stamp is read by its letters as the pattern reads it', () => {
  fc.assert(
    fc.property(fc.oneof(stamp, fc.string()), line => {
      const found = isoAt(line, 0)
      const here = found && line[found.end] === ' ' ? found : null
      expect(here).toEqual(matched(line))
      if (here) expect(isoAt(`<6>${line}`, 3)).toEqual({ ...here, end: here.end + 3 })
    }),
    { numRuns: 5000 },
  )
})
