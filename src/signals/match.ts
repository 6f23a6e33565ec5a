import type { Sought } from '../scan/sought.ts'
import { Buckets, type Candidate, candidatesOf } from './buckets.ts'
import type { SignalDefinition, Wording } from './definition.ts'
import { literalsOf, soughtBy } from './sought.ts'
import { mayBeFrom } from './speakers.ts'
import { type Flat, read } from './wording.ts'

export interface Match {
  name: string
  /** The holes of this wording and what it sets. */
  values: Record<string, string>
  definition: SignalDefinition
}

export interface Matcher {
  /** The signal that the message is, if this speaker may have said it; null as speaker: nobody knows who spoke, anyone may have. */
  match(message: string, speaker: string | null): Match | null
  /** The same whoever spoke: for lines that were forged or refuted. */
  matchAny(message: string): Match | null
  /** By what text the messages of these signals are found (sought.ts): for a scan that passes over all others. */
  sought(wanted: ReadonlySet<string>, ofMounts?: ReadonlySet<string>): Sought
  /** Pieces of fixed text of which every message of some signal has at least one: for a scan of whole files. */
  literals(): string[]
}

interface Found {
  candidate: Candidate
  values: Record<string, string>
}

/** Reads messages along the fixed parts of the wordings, with indexOf and no regular expression; the same message has always the same answer. */
export function createMatcher(definitions: readonly SignalDefinition[]): Matcher {
  const candidates = candidatesOf(definitions)
  const buckets = new Buckets(candidates)
  const match = (line: string, speaker: string | null): Match | null => {
    // Stacks and pasted logs are indented.
    const message = line.charCodeAt(0) <= 0x20 ? line.trimStart() : line
    const end = endOf(message)
    let best: Found | null = null
    const count = buckets.look(message, end)
    for (let index = 0; index < count; index++) best = firstOf(buckets.found[index] ?? [], message, end, speaker, best)
    return best && matchOf(best)
  }
  return {
    match,
    matchAny: message => match(message, null),
    sought: (wanted, ofMounts) => soughtBy(candidates, wanted, ofMounts),
    literals: () => literalsOf(candidates),
  }
}

/** The first of a bucket that fits, if it ranks higher than the best so far. */
function firstOf(
  bucket: readonly Candidate[],
  message: string,
  end: number,
  speaker: string | null,
  best: Found | null,
): Found | null {
  const cut = message.length > end && message.startsWith('…', message.slice(end).search(/\S/) + end)
  for (const candidate of bucket) {
    const { definition, wording, rank } = candidate
    if (best && rank <= best.candidate.rank) return best
    const flat = cut ? cutLike(candidate.flat, message, end) : candidate.flat
    if (!hasEnds(flat, message, end) || !mayBeFrom(wording.from ?? definition.from, speaker)) continue
    const values = {}
    if (read(flat, message, end, values)) return { candidate, values }
  }
  return best
}

/** Fixed text that must be left of a cut line for it to be recognised. */
const LEAST_LEFT = 12

/** The wording as a line has it whose end became `…`, by journalctl --no-full or by whoever pasted it: with as much of its last fixed text as the line still shows. */
function cutLike(flat: Flat, message: string, end: number): Flat {
  const last = flat.at(-1)
  if (typeof last !== 'string') return flat
  let left = Math.min(last.length - 1, end)
  while (left > 0 && !message.startsWith(last.slice(0, left), end - left)) left--
  const cut: Flat = left > 0 ? [...flat.slice(0, -1), last.slice(0, left)] : flat.slice(0, -1)
  const fixed = cut.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 0), 0)
  return fixed >= LEAST_LEFT ? cut : flat
}

/** Whether the fixed text at both ends is there: rules out nearly all. */
function hasEnds(flat: Flat, message: string, end: number): boolean {
  const first = flat[0]
  if (typeof first === 'string' && !message.startsWith(first)) return false
  const last = flat[flat.length - 1]
  return typeof last !== 'string' || message.startsWith(last, end - last.length)
}

function matchOf({ candidate: { definition, wording }, values }: Found): Match {
  return { name: definition.name, values: Object.assign(values, wording.set), definition }
}

/** Every signal that the message fits, whoever spoke, with the wording; the first is the one that `matchAny` returns. */
export function matchAll(definitions: readonly SignalDefinition[]): (message: string) => (Match & { wording: Wording })[] {
  const buckets = new Buckets(candidatesOf(definitions))
  return message => {
    const end = endOf(message)
    const found = new Map<SignalDefinition, Found>()
    const count = buckets.look(message, end)
    for (const candidate of buckets.found.slice(0, count).flat()) {
      const known = found.get(candidate.definition) ?? firstOf([candidate], message, end, null, null)
      if (known) found.set(candidate.definition, known)
    }
    const ranked = [...found.values()].sort((a, b) => b.candidate.rank - a.candidate.rank)
    return ranked.map(each => ({ ...matchOf(each), wording: each.candidate.wording }))
  }
}

/**
 * Wordings describe the first line. Blanks at its end are a terminal's, a shipper's or a paste's (systemd issue #22026); `   ← so it was` behind
 * it is the remark of whoever wrote about the log (the founding article).
 */
function endOf(message: string): number {
  const newline = message.indexOf('\n')
  let end = newline < 0 ? message.length : newline
  const cut = message.lastIndexOf('…', end - 1)
  if (cut > 0 && (cut === end - 1 || message.slice(cut + 1, end).trim() === '')) return endOfText(message, cut)
  const remark = message.indexOf('←')
  if (remark > 1 && remark < end && message.startsWith('  ', remark - 2)) end = remark
  return endOfText(message, end)
}

function endOfText(message: string, from: number): number {
  let end = from
  while (end > 0 && message.charCodeAt(end - 1) <= 0x20) end--
  return end
}
