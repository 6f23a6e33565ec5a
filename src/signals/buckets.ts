import type { SignalDefinition, Wording } from './definition.ts'
import { endOfSubject, type Flat, flatten } from './wording.ts'

/** One wording with its optional parts decided. */
export interface Candidate {
  definition: SignalDefinition
  wording: Wording
  flat: Flat
  /** Higher where its signal stands `over` others. */
  rank: number
}

/** How many characters a bucket is chosen by: knowledge of the lab's lines; three leave many in one, five lose short wordings. */
const KEY = 4
const NONE: readonly Candidate[] = []

/**
 * Finds the wordings worth trying on a message by four fixed characters: those it begins with, those behind its `unit: `, or, for the few wordings
 * that begin with another hole, those it ends with. Each bucket has the higher rank first, and of one rank the order of the files.
 */
export class Buckets {
  private readonly heads = new Map<string, Candidate[]>()
  private readonly subjects = new Map<string, Candidate[]>()
  private readonly tails = new Map<string, Candidate[]>()
  /** Too little fixed text for a bucket: tried on every line. */
  readonly rest: readonly Candidate[]

  constructor(candidates: readonly Candidate[]) {
    this.rest = [...candidates].sort((a, b) => b.rank - a.rank).filter(candidate => !this.place(candidate))
  }

  head(message: string): readonly Candidate[] {
    return this.heads.get(message.slice(0, KEY)) ?? NONE
  }

  subject(message: string): readonly Candidate[] {
    const end = endOfSubject(message)
    return end < 0 ? NONE : (this.subjects.get(message.slice(end + 2, end + 2 + KEY)) ?? NONE)
  }

  tail(message: string, end: number): readonly Candidate[] {
    return this.tails.get(message.slice(Math.max(0, end - KEY), end)) ?? NONE
  }

  /** Puts a candidate into its bucket; false where it has none. */
  private place(candidate: Candidate): boolean {
    const [first, second] = candidate.flat
    const last = candidate.flat.at(-1)
    if (typeof first === 'string' && first.length >= KEY) return put(this.heads, [first], candidate)
    if (typeof first === 'object' && first.type === 'enum' && first.values?.every(value => value.length >= KEY))
      return put(this.heads, first.values, candidate)
    if (
      typeof first === 'object' &&
      first.type === 'unit' &&
      typeof second === 'string' &&
      second.length >= KEY + 2 &&
      second.startsWith(': ')
    )
      return put(this.subjects, [second.slice(2)], candidate)
    return typeof last === 'string' && last.length >= KEY && put(this.tails, [last.slice(-KEY)], candidate)
  }
}

function put(buckets: Map<string, Candidate[]>, beginnings: readonly string[], candidate: Candidate): true {
  for (const key of new Set(beginnings.map(beginning => beginning.slice(0, KEY)))) {
    const bucket = buckets.get(key)
    if (bucket) bucket.push(candidate)
    else buckets.set(key, [candidate])
  }
  return true
}

export function candidatesOf(definitions: readonly SignalDefinition[]): Candidate[] {
  const ranks = ranksOf(definitions)
  return definitions.flatMap(definition =>
    definition.wordings.flatMap(wording =>
      flatten(wording.parts).map(flat => ({ definition, wording, flat, rank: ranks.get(definition.name) ?? 0 })),
    ),
  )
}

/** A signal ranks above all that it stands over; a circle ends where it began. */
function ranksOf(definitions: readonly SignalDefinition[]): Map<string, number> {
  const over = new Map(definitions.map(definition => [definition.name, definition.over]))
  const ranks = new Map<string, number>()
  const rank = (name: string): number => {
    const known = ranks.get(name)
    if (known !== undefined) return known
    ranks.set(name, 0)
    const own = Math.max(0, ...(over.get(name) ?? []).map(each => rank(each) + 1))
    ranks.set(name, own)
    return own
  }
  for (const { name } of definitions) rank(name)
  return ranks
}
