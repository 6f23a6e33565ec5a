import { expect, test } from 'vitest'
import { clockOf, deltaOf, momentAndSpan, spanOf } from '../../src/report/times.ts'

test.each([
  [0, '0 s'],
  [-7, '-7 s'],
  [-3.5, '-3.5 s'],
  [0.000455, '+455 µs'],
  [0.25, '+250 ms'],
  [0.9999, '+1.0 s'],
  [725, '+12 min 5 s'],
  [-600, '-10 min'],
  [86_400, '+24 h'],
  [-187_200, '-2 d 4 h'],
])('%d s is %s', (seconds, said) => expect(deltaOf(seconds)).toBe(said))

test('no finer than the log', () => {
  expect(clockOf('2026-11-24T01:45:49.000000Z')).toBe('01:45:49')
  expect(clockOf('2026-11-24T01:45:49.000120Z')).toBe('01:45:49.000')
})

test('the day once, and again where it changes', () => {
  expect(spanOf('2026-11-24T01:45:49.000000Z', '2026-11-24T01:47:06.000000Z')).toBe('2026-11-24 01:45:49 to 01:47:06')
  expect(spanOf('2026-11-24T23:59:59.000000Z', '2026-11-25T00:00:01.000000Z')).toBe('2026-11-24 23:59:59 to 2026-11-25 00:00:01')
  expect(momentAndSpan('2026-11-24T01:45:49.000000Z', '2026-11-23T01:45:42.000000Z', '2026-11-24T01:47:06.000000Z')).toBe(
    '2026-11-24 01:45:49 UTC, traces from 2026-11-23 01:45:42 to 01:47:06',
  )
  expect(momentAndSpan(null, null, null)).toBe('the log has no times')
})
