import { benjaminiHochberg } from './benjamini-hochberg.ts'
import { fisher } from './fisher.ts'
import { difference } from './wilson.ts'

/** Hosts that have a value of an attribute, and how many of these are affected. */
export interface Level {
  rule: string
  attribute: string
  value: string
  hosts: number
  affected: number
}

/** What goes with being affected: one value of one attribute against all other hosts of which the attribute is known. */
export interface Cohort {
  rule: string
  attribute: string
  value: string
  with: { affected: number; hosts: number }
  without: { affected: number; hosts: number }
  /** Of the two rates, with its 95 % interval. */
  difference: number
  low: number
  high: number
  /** By Fisher's exact test; `q` is corrected for all comparisons made. */
  p: number
  q: number
  significant: boolean
  /** Share of the affected that would not be, if hosts with the value were as rarely affected as the others. */
  excess: number
  /** So few hosts that the next one may change the picture. */
  small: boolean
}

export interface Cohorts {
  /** Comparisons made, for which `q` is corrected. */
  tests: number
  /** Below it a q is called significant. */
  level: number
  rows: Cohort[]
  /** Attributes that cannot be compared, with the reason. */
  notCompared: { rule: string; attribute: string; reason: string }[]
}

const LEVEL = 0.05
/** Fewer hosts on a side say nothing. */
const LEAST = 5
const SMALL_HOSTS = 30
const SMALL_AFFECTED = 5

export function cohortsOf(levels: readonly Level[]): Cohorts {
  const notCompared: Cohorts['notCompared'] = []
  const rows: Omit<Cohort, 'q' | 'significant'>[] = []
  for (const group of byAttribute(levels)) {
    const compared = comparisons(group)
    const [first] = group
    if (typeof compared !== 'string') rows.push(...compared)
    else if (first) notCompared.push({ rule: first.rule, attribute: first.attribute, reason: compared })
  }
  const qs = benjaminiHochberg(rows.map(({ p }) => p))
  const judged = rows.map((row, index) => ({ ...row, q: qs[index] ?? 1, significant: (qs[index] ?? 1) < LEVEL }))
  return { tests: rows.length, level: LEVEL, rows: judged.sort(byWeight), notCompared }
}

function byAttribute(levels: readonly Level[]): Level[][] {
  const groups = new Map<string, Level[]>()
  for (const level of levels) {
    const key = `${level.rule}\0${level.attribute}`
    groups.set(key, [...(groups.get(key) ?? []), level])
  }
  return [...groups.values()]
}

/** Each value against all others; of two values only the one with the higher rate: the other says the same once more. */
function comparisons(levels: readonly Level[]): Omit<Cohort, 'q' | 'significant'>[] | string {
  const hosts = levels.reduce((sum, level) => sum + level.hosts, 0)
  const affected = levels.reduce((sum, level) => sum + level.affected, 0)
  if (levels.length < 2) return 'all hosts of which it is known have the same'
  if (affected === 0 || affected === hosts) return `it is known only for hosts that are ${affected === 0 ? 'not ' : ''}affected`
  const enough = levels.filter(level => level.hosts >= LEAST && hosts - level.hosts >= LEAST)
  if (enough.length === 0) return `no value is that of ${LEAST} hosts or more`
  const rate = (level: Level): number => level.affected / level.hosts
  const told = levels.length === 2 && enough.length === 2 ? [...enough].sort((a, b) => rate(b) - rate(a)).slice(0, 1) : enough
  return told.map(level => {
    const [others, otherAffected] = [hosts - level.hosts, affected - level.affected]
    const { low, high } = difference(level.affected, level.hosts, otherAffected, others)
    const elsewhere = otherAffected / others
    return {
      rule: level.rule,
      attribute: level.attribute,
      value: level.value,
      with: { affected: level.affected, hosts: level.hosts },
      without: { affected: otherAffected, hosts: others },
      difference: rate(level) - elsewhere,
      low,
      high,
      p: fisher(level.affected, level.hosts, otherAffected, others),
      excess: (level.affected - level.hosts * elsewhere) / affected,
      small: Math.min(level.hosts, others) < SMALL_HOSTS || affected < SMALL_AFFECTED,
    }
  })
}

/** What is no chance first, and of that what most of the affected go with. */
function byWeight(a: Cohort, b: Cohort): number {
  return (
    Number(b.significant) - Number(a.significant) ||
    b.excess - a.excess ||
    a.p - b.p ||
    compare(`${a.rule}\0${a.attribute}\0${a.value}`, `${b.rule}\0${b.attribute}\0${b.value}`)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
