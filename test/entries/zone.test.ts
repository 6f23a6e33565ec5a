/** Hours in which a zone's offset holds: the lines of one are timed from the first. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Zone } from '../../src/entries/zone.ts'

const HOUR = 3600e6
const DAY = 24 * HOUR
/** Days on which clocks are changed, each in another way: at 2:00, by half an hour, at 2:45, at midnight. */
const CHANGES: [string, string[]][] = [
  ['Europe/Berlin', ['2025-03-30', '2025-10-26']],
  ['America/New_York', ['2025-03-09', '2025-11-02']],
  ['Australia/Lord_Howe', ['2025-04-06', '2025-10-05']],
  ['Pacific/Chatham', ['2025-04-06', '2025-09-28']],
  ['America/Santiago', ['2025-04-06', '2025-09-07']],
  ['Europe/London', ['2025-03-30', '2025-10-26']],
]

test.each(CHANGES)('what is called an even hour is one: %s', (name, days) => {
  const zone = new Zone(name)
  fc.assert(
    fc.property(fc.constantFrom(...days), fc.nat(25 * 3600), fc.nat(3599), (day, second, other) => {
      const civil = Date.parse(day) * 1000 + second * 1e6
      const time = zone.toUtc(civil)
      const same = civil - (civil % HOUR) + other * 1e6
      if (zone.isEven(civil, time)) expect(zone.toUtc(same) - same).toBe(time - civil)
    }),
    { numRuns: 3000 },
  )
})

test('an hour of another day is even, in whatever year the line has it', () => {
  const zone = new Zone('Europe/Berlin')
  const civil = Date.parse('2025-06-01T12:34:56Z') * 1000
  expect(zone.isEven(civil - 9131 * DAY, zone.toUtc(civil))).toBe(true)
})

test('hours in which clocks are changed, or that they leave out, are not', () => {
  const even = (name: string, text: string) => {
    const zone = new Zone(name)
    const civil = Date.parse(text) * 1000
    return zone.isEven(civil, zone.toUtc(civil))
  }
  expect(even('Europe/Berlin', '2025-03-30T02:10:00Z')).toBe(false)
  expect(even('Australia/Lord_Howe', '2025-10-05T02:40:00Z')).toBe(false)
  expect(even('Pacific/Chatham', '2025-09-28T01:10:00Z')).toBe(true)
})
