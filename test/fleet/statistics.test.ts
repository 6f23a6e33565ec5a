import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { benjaminiHochberg } from '../../src/fleet/statistics/benjamini-hochberg.ts'
import { cohortsOf, type Level } from '../../src/fleet/statistics/cohorts.ts'
import { fisher } from '../../src/fleet/statistics/fisher.ts'
import { difference, wilson } from '../../src/fleet/statistics/wilson.ts'

const counts = fc.integer({ min: 0, max: 300 }).chain(of => fc.tuple(fc.integer({ min: 0, max: of }), fc.constant(of)))

describe('Wilson', () => {
  test('known values (Newcombe 1998, table I)', () => {
    const near = (hits: number, of: number, low: number, high: number) => {
      expect(wilson(hits, of).low).toBeCloseTo(low, 4)
      expect(wilson(hits, of).high).toBeCloseTo(high, 4)
    }
    near(81, 263, 0.2553, 0.3662)
    near(15, 148, 0.0624, 0.1605)
    near(0, 20, 0, 0.1611)
    near(1, 29, 0.0061, 0.1718)
  })

  test('holds the share, lies within 0 and 1, mirrors', () => {
    fc.assert(
      fc.property(counts, ([hits, of]) => {
        const { low, high } = wilson(hits, of)
        const other = wilson(of - hits, of)
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        if (of > 0) expect(low <= hits / of && hits / of <= high).toBe(true)
        expect(other.low).toBeCloseTo(of === 0 ? 0 : 1 - high, 9)
      }),
    )
  })
})

describe('Newcombe', () => {
  test('known values (Newcombe 1998, table II, method 10)', () => {
    const near = (a: number, m: number, b: number, n: number, low: number, high: number) => {
      expect(difference(a, m, b, n).low).toBeCloseTo(low, 4)
      expect(difference(a, m, b, n).high).toBeCloseTo(high, 4)
    }
    near(56, 70, 48, 80, 0.0524, 0.3339)
    near(9, 10, 3, 10, 0.1705, 0.809)
    near(10, 10, 0, 20, 0.6791, 1)
  })

  test('turns round with its sides', () => {
    fc.assert(
      fc.property(counts, counts, ([a, m], [b, n]) => {
        const [one, other] = [difference(a, m, b, n), difference(b, n, a, m)]
        expect(one.low).toBeCloseTo(-other.high, 9)
        expect(one.high).toBeCloseTo(-other.low, 9)
      }),
    )
  })
})

describe('Fisher', () => {
  test('known values', () => {
    // The lady tasting tea: 34/70. Fisher's twins: two-sided p of 10 of 13 against 2 of 17.
    expect(fisher(3, 4, 1, 4)).toBeCloseTo(34 / 70, 9)
    expect(fisher(10, 13, 2, 17)).toBeCloseTo(0.0005367, 6)
    expect(fisher(0, 10, 10, 10)).toBeCloseTo(2 / 184756, 12)
    expect(fisher(5, 10, 50, 100)).toBeCloseTo(1, 9)
  })

  test('is a chance, and the same from either side', () => {
    fc.assert(
      fc.property(counts, counts, ([a, m], [b, n]) => {
        const p = fisher(a, m, b, n)
        expect(p).toBeGreaterThan(0)
        expect(p).toBeLessThanOrEqual(1)
        expect(fisher(b, n, a, m)).toBeCloseTo(p, 9)
        expect(fisher(m - a, m, n - b, n)).toBeCloseTo(p, 9)
      }),
    )
  })

  test('of a hundred thousand hosts takes no time to speak of', () => {
    expect(fisher(2000, 50_000, 1900, 50_000)).toBeGreaterThan(0.05)
  })
})

describe('Benjamini and Hochberg', () => {
  test('a worked example', () => {
    const ps = [0.01, 0.04, 0.03, 0.005]
    expect(benjaminiHochberg(ps).map(q => Number(q.toFixed(6)))).toEqual([0.02, 0.04, 0.04, 0.02])
  })

  test('never lowers a p-value, and keeps the order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }), ps => {
        const qs = benjaminiHochberg(ps)
        ps.forEach((p, index) => {
          const q = qs[index] ?? -1
          expect(q).toBeGreaterThanOrEqual(p)
          ps.forEach((other, at) => {
            if (p < other) expect(q).toBeLessThanOrEqual(qs[at] ?? -1)
          })
        })
      }),
    )
  })
})

/** Random numbers by seed: a test that fails must fail again. */
function randomOf(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0 || 1
  return () => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 2 ** 32
  }
}

const HOSTS = 1600
const AFFECTED = 70

/** A fleet with the attributes of a real inventory; `image` goes with being affected unless labels are shuffled. */
function fleet(seed: number, shuffled: boolean): Level[] {
  const random = randomOf(seed)
  const hosts = Array.from({ length: HOSTS }, (_, index) => ({
    affected: index < AFFECTED,
    image: index < AFFECTED || random() < 0.6 ? 'base-2026.04' : 'base-2026.03',
    ring: String(Math.floor(random() * 4)),
    region: ['west', 'north', 'south'][Math.floor(random() * 3)] ?? '',
    rack: `rack-${Math.floor(random() * 60)}`,
    serial: String(index),
  }))
  if (shuffled) {
    for (let i = HOSTS - 1; i > 0; i--) {
      const [one, other] = [hosts[i], hosts[Math.floor(random() * (i + 1))]]
      if (one && other) [one.affected, other.affected] = [other.affected, one.affected]
    }
  }
  const levels = new Map<string, Level>()
  for (const { affected, ...attributes } of hosts) {
    for (const [attribute, value] of Object.entries(attributes)) {
      const key = `${attribute}=${value}`
      const level = levels.get(key) ?? { rule: 'r', attribute, value, hosts: 0, affected: 0 }
      level.hosts++
      if (affected) level.affected++
      levels.set(key, level)
    }
  }
  return [...levels.values()]
}

describe('cohorts', () => {
  test('what the affected share comes first', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { rows } = cohortsOf(fleet(seed, false))
      expect(rows[0]).toMatchObject({ attribute: 'image', value: 'base-2026.04', significant: true })
      expect(rows[0]?.excess).toBeCloseTo(1, 9)
    }
  })

  test('with shuffled labels something is called significant no more often than stated', () => {
    let called = 0
    for (let seed = 1; seed <= 100; seed++) if (cohortsOf(fleet(seed, true)).rows.some(row => row.significant)) called++
    // 5 of 100 are to be expected at most; more than 11 would be chance in one of 250 trials.
    expect(called).toBeLessThanOrEqual(11)
  })

  test('a value of one host each is not compared, and that is said', () => {
    const { notCompared } = cohortsOf(fleet(1, false))
    expect(notCompared).toEqual([{ rule: 'r', attribute: 'serial', reason: 'no value is that of 5 hosts or more' }])
  })

  test('few hosts are called few', () => {
    const level = (value: string, hosts: number, affected: number): Level => ({
      rule: 'r',
      attribute: 'a',
      value,
      hosts,
      affected,
    })
    expect(cohortsOf([level('x', 8, 6), level('y', 400, 10)]).rows[0]).toMatchObject({ value: 'x', small: true })
    expect(cohortsOf([level('x', 80, 60), level('y', 400, 10)]).rows[0]).toMatchObject({ value: 'x', small: false })
  })
})
