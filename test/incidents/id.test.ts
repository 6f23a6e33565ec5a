import { describe, expect, it } from 'vitest'
import { incidentId } from '../../src/incidents/id.ts'
import { isoMicros } from '../../src/incidents/moment.ts'

const parts = {
  rule: 'r',
  host: 'h',
  unit: 'u.service',
  alias: null,
  message: 'Freezing execution.',
  time: 1_795_484_749_000_717,
}

describe('incident id', () => {
  it('is the same for a stamp of the same second and a message with other blanks or symbols', () => {
    expect(incidentId({ ...parts, time: 1_795_484_749_999_999, message: ' Freezing   execution. 💥\n second line' })).toBe(
      incidentId(parts),
    )
  })
  it.each([
    ['host', { host: 'other' }],
    ['unit', { unit: 'v.service' }],
    ['second', { time: 1_795_484_750_000_000 }],
    ['message', { message: 'Exiting PID 1...' }],
  ])('differs with the %s', (_, other) => {
    expect(incidentId({ ...parts, ...other })).not.toBe(incidentId(parts))
  })
})

describe('time', () => {
  it('keeps microseconds', () => {
    expect(isoMicros(1_795_484_749_000_717)).toBe('2026-11-24T01:45:49.000717Z')
  })
  it('of before 1970 is right too', () => {
    expect(isoMicros(-1)).toBe('1969-12-31T23:59:59.999999Z')
  })
  it('that no calendar holds is unknown', () => {
    expect(isoMicros(9e21)).toBeNull()
  })
})
