import { Buckets, type Candidate, candidatesOf } from './buckets.ts'
import type { SignalDefinition, Wording } from './definition.ts'
import { mayBeFrom } from './speakers.ts'
import { read } from './wording.ts'

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
  /** Pieces of fixed text of which every message of some signal has at least one: for a scan that finds the lines worth reading. */
  literals(): string[]
}

/** Reads messages along the fixed parts of the wordings, with indexOf and no regular expression; the same message has always the same answer. */
export function createMatcher(definitions: readonly SignalDefinition[]): Matcher {
  const candidates = candidatesOf(definitions)
  const buckets = new Buckets(candidates)
  const match = (message: string, speaker: string | null): Match | null => {
    const end = endOf(message)
    let best = firstOf(buckets.head(message), message, end, speaker, null)
    best = firstOf(buckets.subject(message), message, end, speaker, best)
    best = firstOf(buckets.tail(message, end), message, end, speaker, best)
    best = firstOf(buckets.rest, message, end, speaker, best)
    return (
      best && {
        name: best.candidate.definition.name,
        values: Object.assign(best.values, best.candidate.wording.set),
        definition: best.candidate.definition,
      }
    )
  }
  return { match, matchAny: message => match(message, null), literals: () => literalsOf(candidates) }
}

interface Found {
  candidate: Candidate
  values: Record<string, string>
}

/** The first of a bucket that fits, if it ranks higher than the best so far. */
function firstOf(
  bucket: readonly Candidate[],
  message: string,
  end: number,
  speaker: string | null,
  best: Found | null,
): Found | null {
  for (const candidate of bucket) {
    if (best && candidate.rank <= best.candidate.rank) return best
    if (!mayBeFrom(candidate.wording.from ?? candidate.definition.from, speaker)) continue
    const values = fit(candidate, message, end)
    if (values) return { candidate, values }
  }
  return best
}

/** The values that come out, or null. The fixed ends are looked at first: they rule out nearly all. */
function fit({ flat }: Candidate, message: string, end: number): Record<string, string> | null {
  const [first] = flat
  const last = flat[flat.length - 1]
  if (typeof first === 'string' && !message.startsWith(first)) return null
  if (typeof last === 'string' && !message.startsWith(last, end - last.length)) return null
  const values = {}
  return read(flat, message, end, values) ? values : null
}

/** Every signal that the message fits, whoever spoke, with the wording; the first is the one that `matchAny` returns. */
export function matchAll(definitions: readonly SignalDefinition[]): (message: string) => (Match & { wording: Wording })[] {
  const buckets = new Buckets(candidatesOf(definitions))
  return message => {
    const end = endOf(message)
    const found = new Map<SignalDefinition, Found>()
    for (const candidate of [
      ...buckets.head(message),
      ...buckets.subject(message),
      ...buckets.tail(message, end),
      ...buckets.rest,
    ]) {
      const values = found.has(candidate.definition) ? null : fit(candidate, message, end)
      if (values) found.set(candidate.definition, { candidate, values })
    }
    return [...found.values()]
      .sort((a, b) => b.candidate.rank - a.candidate.rank)
      .map(({ candidate: { definition, wording }, values }) => ({
        name: definition.name,
        values: Object.assign(values, wording.set),
        definition,
        wording,
      }))
  }
}

/** Wordings describe the first line. Blanks at its end are a terminal's, a shipper's or a paste's (systemd issue #22026). */
function endOf(message: string): number {
  const newline = message.indexOf('\n')
  let end = newline < 0 ? message.length : newline
  while (end > 0 && message.charCodeAt(end - 1) <= 0x20) end--
  return end
}

/** The longest fixed text of each wording; where it is an enumeration's, each of its values. */
function literalsOf(candidates: readonly Candidate[]): string[] {
  const found = candidates.flatMap(({ flat }) => {
    const choices = flat.map(part => (typeof part === 'string' ? [part] : part.type === 'enum' ? (part.values ?? ['']) : ['']))
    return choices.reduce((best, next) => (shortest(next) > shortest(best) ? next : best), [''])
  })
  return [...new Set(found)].filter(literal => literal !== '').sort()
}

function shortest(texts: readonly string[]): number {
  return Math.min(...texts.map(text => text.length))
}
