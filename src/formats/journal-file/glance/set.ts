import { InputError } from '../../../problems/problem.ts'
import { type JournalInput, type JournalSet, readJournals, spanOf } from '../directory.ts'
import type { Span } from '../lane.ts'
import { Doubt } from './doubt.ts'
import { type Glance, glanceAt, withData } from './glance.ts'
import type { Group, Walker } from './walker.ts'

/** Journal files as one journal, of which only the entries that matter are read; the others are counted. */
export interface GlancedSet extends JournalSet {
  /** What was counted, by file. */
  groups: ReadonlyMap<string, readonly Group[]>
}

/** Entries held in memory, of all files together. */
const MOST_KEPT = 10_000

/**
 * Reads only what matters of each file whose index holds together, and the others whole. Null where a message is decisive, for then all of
 * the story is wanted, and where the files may share entries, which only reading them side by side tells. Nothing is closed then.
 */
export function glanceAtJournals(inputs: readonly JournalInput[], walker: Walker): GlancedSet | 'decisive' | null {
  if (hasCopies(inputs)) return null
  const glances = new Map<string, Glance>()
  let kept = 0
  // The newest first: what a machine died of stands in its last file.
  for (const input of [...inputs].reverse()) {
    const glance = glanceOrNull(input, walker)
    if (glance === 'decisive') return glance
    if (!glance) continue
    glances.set(input.path, glance)
    kept += glance.entries.length
    if (kept > MOST_KEPT) return null
  }
  if (glances.size === 0 || mayShareEntries(inputs, glances)) return null
  const { entries, accounts } = readJournals(inputs, glances)
  return {
    entries: withData(entries, accounts),
    accounts,
    groups: new Map([...glances].map(([path, { groups }]) => [path, groups])),
  }
}

function glanceOrNull(input: JournalInput, walker: Walker): Glance | 'decisive' | null {
  try {
    return glanceAt(input, walker) ?? 'decisive'
  } catch (error) {
    // What cannot be read at all, reading it whole will tell.
    if (error instanceof Doubt || error instanceof InputError) return null
    throw error
  }
}

/** Whether two files have one counter's same stretch: then looking closer is in vain. */
function hasCopies(inputs: readonly JournalInput[]): boolean {
  const seen = new Set<string>()
  for (const input of inputs) {
    const span = spanOrNull(input)
    if (!span) continue
    const key = `${span.counter} ${span.first} ${span.last}`
    if (seen.has(key)) return true
    seen.add(key)
  }
  return false
}

function spanOrNull(input: JournalInput): Span | null {
  try {
    return spanOf(input)
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

/** Files of one counter whose numbers overlap, as a user's journal lies beside the system's: an entry may be in both, and is one. */
function mayShareEntries(inputs: readonly JournalInput[], glances: ReadonlyMap<string, Glance>): boolean {
  const byCounter = new Map<string, { first: number; last: number; glance: Glance | undefined }[]>()
  for (const input of inputs) {
    const span = spanOrNull(input)
    if (!span) continue
    const others = byCounter.get(span.counter) ?? []
    byCounter.set(span.counter, others)
    others.push({ ...span, glance: glances.get(input.path) })
  }
  return [...byCounter.values()].some(files => {
    files.sort((a, b) => a.first - b.first)
    let reach: (typeof files)[number] | undefined
    const overlapping = files.filter(file => {
      const overlaps = reach !== undefined && file.first <= reach.last
      if (!reach || file.last > reach.last) reach = file
      return overlaps
    })
    if (overlapping.length === 0) return false
    if (files.some(({ glance }) => !glance)) return true
    const numbers = files.flatMap(({ glance }) => (glance ? [glance.seqnums] : []))
    return areShared(numbers)
  })
}

function areShared(lists: readonly Float64Array[]): boolean {
  const all = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const list of lists) {
    all.set(list, at)
    at += list.length
  }
  all.sort()
  return all.some((number, index) => index > 0 && number === all[index - 1])
}
