import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseWhen } from '../../src/entries/when.ts'
import { UsageError } from '../../src/problems/problem.ts'

const now = new Date('2026-03-05T14:30:15.250Z') // a Thursday
const micros = (iso: string, more = 0): number => Date.parse(iso) * 1000 + more
const second = 1_000_000

test.each([
  ['2012-10-30 18:17:16', micros('2012-10-30T18:17:16Z')],
  ['2012-10-30T18:17:16Z', micros('2012-10-30T18:17:16Z')],
  ['2012-10-30 18:17:16 UTC', micros('2012-10-30T18:17:16Z')],
  ['2012-10-30T18:17:16+02:00', micros('2012-10-30T16:17:16Z')],
  ['2012-10-30 18:17:16 -0330', micros('2012-10-30T21:47:16Z')],
  ['2012-10-30 18:17:16 Europe/Berlin', micros('2012-10-30T17:17:16Z')],
  ['2012-07-30 18:17:16 Europe/Berlin', micros('2012-07-30T16:17:16Z')],
  ['2012-10-30 18:17:16.123456', micros('2012-10-30T18:17:16Z', 123_456)],
  ['2012-10-30T18:17:16.5', micros('2012-10-30T18:17:16Z', 500_000)],
  ['2012-10-30T18:17:16,000001Z', micros('2012-10-30T18:17:16Z', 1)],
  ['2012-10-30 18:17', micros('2012-10-30T18:17:00Z')],
  ['2012-10-30', micros('2012-10-30T00:00:00Z')],
  ['12-10-30', micros('2012-10-30T00:00:00Z')],
  ['Tue 2012-10-30 18:17:16', micros('2012-10-30T18:17:16Z')],
  ['Tuesday 2012-10-30', micros('2012-10-30T00:00:00Z')],
  ['18:17:16', micros('2026-03-05T18:17:16Z')],
  ['18:17', micros('2026-03-05T18:17:00Z')],
  ['11:12 Europe/Berlin', micros('2026-03-05T10:12:00Z')],
  ['now', micros('2026-03-05T14:30:15.250Z')],
  ['today', micros('2026-03-05T00:00:00Z')],
  ['yesterday', micros('2026-03-04T00:00:00Z')],
  ['tomorrow', micros('2026-03-06T00:00:00Z')],
  ['yesterday 14:00', micros('2026-03-04T14:00:00Z')],
  ['tomorrow Pacific/Auckland', micros('2026-03-06T11:00:00Z')],
  ['  today  ', micros('2026-03-05T00:00:00Z')],
  ['-1h30min', micros('2026-03-05T13:00:15.250Z')],
  ['-1h 30 min', micros('2026-03-05T13:00:15.250Z')],
  ['+5m', micros('2026-03-05T14:35:15.250Z')],
  ['-5', micros('2026-03-05T14:30:10.250Z')],
  ['5 min ago', micros('2026-03-05T14:25:15.250Z')],
  ['2h left', micros('2026-03-05T16:30:15.250Z')],
  ['1.5h ago', micros('2026-03-05T13:00:15.250Z')],
  ['-2weeks', micros('2026-02-19T14:30:15.250Z')],
  ['-1us', micros('2026-03-05T14:30:15.250Z', -1)],
  ['@1395716396', 1_395_716_396 * second],
  ['@1395716396.123', 1_395_716_396 * second + 123_000],
  ['@0', 0],
])('%s', (text, expected) => {
  expect(parseWhen(text, now, 'UTC')).toBe(expected)
})

test('a zone of its own counts for what states none', () => {
  expect(parseWhen('2026-03-02 02:30', now, 'Europe/Berlin')).toBe(micros('2026-03-02T01:30:00Z'))
  expect(parseWhen('today', now, 'Pacific/Auckland')).toBe(micros('2026-03-05T11:00:00Z'))
  expect(parseWhen('today', now, '+02:00')).toBe(micros('2026-03-04T22:00:00Z'))
  expect(parseWhen('2026-03-02 02:30 UTC', now, 'Europe/Berlin')).toBe(micros('2026-03-02T02:30:00Z'))
})

test.each([
  '',
  'soonish',
  'Mon 2012-10-30', // a Tuesday
  '2012-13-01',
  '2012-02-30',
  '25:00',
  '12:60',
  '2012-10-30 18:17:16 Mars/Base',
  '@',
  '@12x',
  '-',
  '-5 parsecs',
  'ago',
  '5 min',
  'now 12:00',
  'Tue',
  '2012-10-30x',
])('%j is no time, and the sentence shows how to write one', text => {
  expect(() => parseWhen(text, now, 'UTC')).toThrow(UsageError)
  expect(() => parseWhen(text, now, 'UTC')).toThrow(`${JSON.stringify(text)} is no time; write it as in "2026-03-02 02:30:41"`)
})

test('what journalctl prints of a microsecond is read as that microsecond', () => {
  const moments = fc.integer({ min: 0, max: 4_000_000_000_000_000 })
  fc.assert(
    fc.property(moments, moment => {
      const seconds = new Date(Math.floor(moment / second) * 1000).toISOString().slice(0, 19)
      const digits = String(moment % second).padStart(6, '0')
      expect(parseWhen(`${seconds.replace('T', ' ')}.${digits} UTC`, now)).toBe(moment)
      expect(parseWhen(`${seconds}.${digits}Z`, now)).toBe(moment)
      expect(parseWhen(`@${Math.floor(moment / second)}.${digits}`, now)).toBe(moment)
    }),
    { numRuns: 2000 },
  )
})

test('spans add up, whatever their units', () => {
  const units = { s: second, min: 60 * second, h: 3600 * second, d: 86_400 * second } as const
  const piece = fc.tuple(fc.nat(999), fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[]))) // the keys as written above
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 5 }), pieces => {
      const text = pieces.map(([count, unit]) => `${count}${unit}`).join(' ')
      const sum = pieces.reduce((all, [count, unit]) => all + count * units[unit], 0)
      expect(parseWhen(`-${text}`, now)).toBe(now.getTime() * 1000 - sum)
      expect(parseWhen(`${text} ago`, now)).toBe(now.getTime() * 1000 - sum)
    }),
    { numRuns: 1000 },
  )
})

test('any text is a time or a UsageError, soon', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'0123456789:-+@.TZ agomin/hd '), maxLength: 200 })
  fc.assert(
    fc.property(fc.oneof(letters, fc.string()), text => {
      try {
        expect(Number.isSafeInteger(parseWhen(text, now, 'UTC'))).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError)
      }
    }),
    { numRuns: 5000 },
  )
})
