import type { JournalFile } from '../file.ts'
import { dataOf, entriesOf } from './data-list.ts'
import { doubt } from './doubt.ts'
import type { Exact } from './exact.ts'
import { indexOf, type Roster } from './roster.ts'

/** Entries of one boot of one host that were counted and not read. */
export interface Group {
  boot: string
  host: string | null
  machineId: string | null
  entries: number
  /** µs since the epoch. */
  first: number
  last: number
}

/** A machine changes its name now and then; a file with more names holds many machines' logs, and is read whole. */
const MOST_VALUES = 64

/** Which value of a field each entry has: an index into `values`, -1 for none. */
export interface Column {
  values: string[]
  of: Int16Array
}

export function columnOf(file: JournalFile, exact: Exact, head: number | undefined, name: string, roster: Roster): Column {
  const found: { value: string; entries: number; firstEntry: number; array: number }[] = []
  for (const { payload, ...rest } of head === undefined ? [] : dataOf(file, exact, head, name)) {
    if (found.length === MOST_VALUES) doubt(`many values of ${name}`)
    found.push({ value: payload.toString('utf8', name.length + 1), ...rest })
  }
  const of = new Int16Array(roster.places.length).fill(-1)
  found.sort((a, b) => b.entries - a.entries)
  // What all others leave over is the commonest one's, if that fits exactly.
  const fits = found.reduce((sum, { entries }) => sum + entries, 0) === roster.places.length
  if (fits) of.fill(0)
  found.slice(fits ? 1 : 0).forEach((datum, nth) => {
    for (const place of entriesOf(file, exact, datum)) of[indexOf(roster, place)] = fits ? nth + 1 : nth
  })
  return { values: found.map(({ value }) => value), of }
}

/** Sums up the entries that are not read; `read` has those that are. */
export function groupsOf(
  roster: Roster,
  hosts: Column,
  machines: Column,
  read: ReadonlySet<number>,
): (Group & { at: { first: number; last: number } })[] {
  const groups = new Map<number, Group & { at: { first: number; last: number } }>()
  for (let index = 0; index < roster.places.length; index++) {
    if (read.has(index)) continue
    const key = keyAt(roster, hosts, machines, index)
    const time = roster.times[index] ?? 0
    const group = groups.get(key)
    if (!group) {
      groups.set(key, {
        boot: roster.bootIds[roster.boots[index] ?? 0] ?? '',
        host: hosts.values[hosts.of[index] ?? -1] || null,
        machineId: machines.values[machines.of[index] ?? -1] || null,
        entries: 1,
        first: time,
        last: time,
        at: { first: index, last: index },
      })
      continue
    }
    group.entries++
    if (time < group.first) {
      group.first = time
      group.at.first = index
    }
    if (time > group.last) {
      group.last = time
      group.at.last = index
    }
  }
  return [...groups.values()]
}

/** The first entry of each boot of each host. */
export function openers(roster: Roster, hosts: Column, machines: Column): number[] {
  const seen = new Map<number, number>()
  for (let index = 0; index < roster.places.length; index++) {
    const key = keyAt(roster, hosts, machines, index)
    if (!seen.has(key)) seen.set(key, index)
  }
  return [...seen.values()]
}

function keyAt({ boots }: Roster, hosts: Column, machines: Column, index: number): number {
  return (
    ((boots[index] ?? 0) * (MOST_VALUES + 1) + (hosts.of[index] ?? 0) + 1) * (MOST_VALUES + 1) + (machines.of[index] ?? 0) + 1
  )
}
