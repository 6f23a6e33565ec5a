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

/** How many hosts have these values, one a column. */
type Cell = [hosts: number, ...values: string[]]

/** The chance that anything is called significant when `affected` hosts are drawn at random (a multivariate hypergeometric distribution). */
function rateOfFalseCalls(cells: readonly Cell[], affected: number): number {
  const ways = (n: number, k: number): number => Array.from({ length: k }, (_, i) => (n - i) / (i + 1)).reduce((a, b) => a * b, 1)
  const all = ways(
    cells.reduce((sum, [hosts]) => sum + hosts, 0),
    affected,
  )
  const dealt = (at: number, left: number, hits: readonly number[], count: number): number => {
    const cell = cells[at]
    if (!cell) return left === 0 && cohortsOf(levelsOf(cells, hits)).rows.some(row => row.significant) ? count / all : 0
    let sum = 0
    for (let k = 0; k <= Math.min(left, cell[0]); k++) sum += dealt(at + 1, left - k, [...hits, k], count * ways(cell[0], k))
    return sum
  }
  return dealt(0, affected, [], 1)
}

function levelsOf(cells: readonly Cell[], hits: readonly number[]): Level[] {
  const levels = new Map<string, Level>()
  cells.forEach(([hosts, ...values], at) => {
    values.forEach((value, column) => {
      const attribute = `column ${column}`
      const level = levels.get(`${attribute}=${value}`) ?? { rule: 'r', attribute, value, hosts: 0, affected: 0 }
      levels.set(`${attribute}=${value}`, { ...level, hosts: level.hosts + hosts, affected: level.affected + (hits[at] ?? 0) })
    })
  })
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
    // Where nothing goes with anything, the false discovery rate that Benjamini and Hochberg hold (5 %) is the share of fleets in which
    // anything is called at all: 5 of 100. The true rate of this fleet is 2.4 to 3.1 % (4,000 seeds): Fisher's test is conservative.
    expect(called).toBeLessThanOrEqual(5)
  })

  // Not sampled: every way of dealing the affected to the hosts, with its chance. A cell is the hosts that have the same inventory row.
  test.each([
    [
      'two values',
      12,
      [
        [40, 'a'],
        [20, 'b'],
      ],
    ],
    [
      'two values, one of few hosts',
      10,
      [
        [95, 'a'],
        [5, 'b'],
      ],
    ],
    [
      'three values',
      9,
      [
        [30, 'a'],
        [30, 'b'],
        [30, 'c'],
      ],
    ],
    [
      'five values of unequal size',
      6,
      [
        [60, 'a'],
        [25, 'b'],
        [12, 'c'],
        [8, 'd'],
        [5, 'e'],
      ],
    ],
    [
      'half of all affected',
      15,
      [
        [10, 'a'],
        [10, 'b'],
        [10, 'c'],
      ],
    ],
    [
      'two columns that have nothing to do with each other',
      7,
      [
        [15, 'a', 'x'],
        [15, 'b', 'x'],
        [15, 'c', 'x'],
        [15, 'a', 'y'],
        [15, 'b', 'y'],
        [15, 'c', 'y'],
      ],
    ],
    [
      'two columns that say the same',
      9,
      [
        [30, 'a', 'x'],
        [30, 'b', 'y'],
        [30, 'c', 'z'],
      ],
    ],
    [
      'a column that parts another',
      8,
      [
        [20, 'a', 'x'],
        [20, 'b', 'x'],
        [20, 'c', 'y'],
        [20, 'd', 'y'],
      ],
    ],
    [
      'three columns',
      6,
      [
        [12, 'a', 'x', 'p'],
        [12, 'b', 'x', 'q'],
        [12, 'a', 'y', 'q'],
        [12, 'b', 'y', 'p'],
        [12, 'a', 'y', 'p'],
      ],
    ],
  ] satisfies [string, number, Cell[]][])(
    '%s: the exact rate of calling chance significant is at most the stated one',
    (_, affected, cells) => {
      const rate = rateOfFalseCalls(cells, affected)
      expect(rate).toBeLessThanOrEqual(0.05)
      // A method that never calls anything would keep its rate as well.
      expect(rate).toBeGreaterThan(0.005)
    },
  )

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
