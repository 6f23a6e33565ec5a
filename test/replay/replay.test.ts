import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replay } from '../../src/replay/replay.ts'
import { eventsOf, type Line, ledgerOf } from './signals.ts'

describe('order', () => {
  it('keeps the order of lines in one input though a stamp falls back a little', () => {
    const names = eventsOf([
      { name: 'a.a', at: 10 },
      { name: 'b.b', at: 9.5 },
      { name: 'c.c', at: 10.2 },
    ]).map(event => event.name)
    expect(names).toEqual(['a.a', 'b.b', 'c.c'])
  })

  it('sorts a line that falls back by more than a second', () => {
    const names = eventsOf([
      { name: 'b.b', at: 10 },
      { name: 'a.a', at: 2 },
    ]).map(event => event.name)
    expect(names).toEqual(['a.a', 'b.b'])
  })

  it('merges two inputs by time', () => {
    const names = eventsOf([
      { name: 'a.a', at: 1, input: 'x' },
      { name: 'c.c', at: 3, input: 'x' },
      { name: 'b.b', at: 2, input: 'y' },
    ]).map(event => event.name)
    expect(names).toEqual(['a.a', 'b.b', 'c.c'])
  })
})

describe('copies', () => {
  const message = 'rsyslog.service: Found left-over process 124 (rsyslogd) in control group while starting unit. Ignoring.'

  it('are one event with two references when they come from two inputs', () => {
    const events = eventsOf([
      { name: 'leftover.found', at: 1, input: 'journal', message },
      { name: 'leftover.found', at: 1.4, input: 'messages', message, trust: 'claimed' },
    ])
    expect(events).toHaveLength(1)
    expect(events[0]?.refs.map(ref => ref.input)).toEqual(['journal', 'messages'])
    expect(events[0]?.trust).toBe('trusted')
  })

  it('stay two when one input says it twice', () => {
    const twice = [0, 0.1].map((at): Line => ({ name: 'leftover.found', at, input: 'journal', message }))
    expect(eventsOf(twice)).toHaveLength(2)
  })
})

describe('memory', () => {
  it('is bounded by folding what repeats, and what stands near a trigger stays', () => {
    const noise = (index: number): Line => ({ name: 'unit.started', values: { unit: `job${index % 50}.service` }, at: index })
    const lines = Array.from({ length: 200_000 }, (_, index) => noise(index))
    lines[100_000] = { name: 'leftover.found', values: { unit: 'rsyslog.service', pid: '9', comm: 'x' }, at: 100_000 }
    lines[99_950] = { name: 'unit.started', values: { unit: 'rsyslog.service' }, at: 99_950 }
    const [page] = ledgerOf(lines).all()
    expect(page?.signals.length).toBeLessThanOrEqual(60_001)
    const kept = page?.signals.filter(signal => signal.values.unit === 'rsyslog.service').map(signal => signal.name)
    expect(kept).toEqual(['unit.started', 'leftover.found'])
    const folded = [...(page?.folded.values() ?? [])].reduce((sum, count) => sum + count, 0)
    expect(folded + (page?.signals.length ?? 0)).toBe(200_000)
  })

  it('holds for a million different units', () => {
    const lines = Array.from(
      { length: 300_000 },
      (_, index): Line => ({ name: 'unit.started', values: { unit: `u${index}.service` }, at: index / 10 }),
    )
    const [page] = ledgerOf(lines).all()
    expect(page?.signals.length).toBeLessThanOrEqual(60_001)
  })

  it('counts every line of a storm once, whatever the order of prefixes', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 300 }), prefixes => {
        const lines = prefixes.map(
          (prefix, index): Line => ({
            name: 'unit.deactivated',
            values: { unit: `srv-${prefix}-v${index}.mount` },
            at: index / 100,
          }),
        )
        const total = replay(ledgerOf(lines).all()).flatMap(history => history.byName.get('unit.deactivated') ?? [])
        expect(total.reduce((sum, event) => sum + event.count, 0)).toBe(prefixes.length)
      }),
    )
  })
})
