import type { SignalDefinition, Wording } from './definition.ts'
import { endOfWord, type Flat, flatten } from './wording.ts'

/** One wording with its optional parts decided. */
export interface Candidate {
  definition: SignalDefinition
  wording: Wording
  flat: Flat
  /** Higher where its signal stands `over` others. */
  rank: number
}

/** How many characters a bucket is chosen by; the shortest wordings in question have five. */
const KEY = 4
/** Of the fixed text that a group of the rest shares, this much is searched for: wordings that differ later are one group. */
const NEEDLE = 16
const COLON = 0x3a

/**
 * Finds the wordings worth trying on a message by four fixed characters: those it begins with, those behind its `unit: ` (219: behind its `unit `), or, for the
 * few that begin with another hole, those it ends with. Each bucket has the higher rank first, and of one rank the order of the files.
 */
export class Buckets {
  private readonly heads = new Map<number, Candidate[]>()
  private readonly subjects = new Map<number, Candidate[]>()
  private readonly verbs = new Map<number, Candidate[]>()
  private readonly tails = new Map<number, Candidate[]>()
  /** Wordings that begin with little fixed text, by its first character. */
  private readonly initials = new Map<number, Candidate[]>()
  /** Wordings that begin and end with a hole, by the text behind the first. */
  private readonly middles = new Map<string, Candidate[]>()
  private readonly needles: (readonly [needle: string, bucket: readonly Candidate[]])[]
  /** What `look` found; a list of its own for each message would be a tenth of what a line leaves to be collected. */
  readonly found: (readonly Candidate[])[] = []

  constructor(candidates: readonly Candidate[]) {
    for (const candidate of [...candidates].sort((a, b) => b.rank - a.rank)) this.place(candidate)
    this.needles = [...this.middles]
  }

  /** Puts the buckets that may hold a fitting wording into `found`, from its first place on; returns how many. */
  look(message: string, end: number): number {
    const { found } = this
    let count = 0
    const head = this.heads.get(keyAt(message, 0))
    if (head) found[count++] = head
    const initial = this.initials.get(message.charCodeAt(0))
    if (initial) found[count++] = initial
    const word = endOfWord(message)
    const behind =
      word < 1 ? undefined : (message.charCodeAt(word - 1) === COLON ? this.subjects : this.verbs).get(keyAt(message, word + 1))
    if (behind) found[count++] = behind
    const tail = this.tails.get(keyAt(message, end - KEY))
    if (tail) found[count++] = tail
    for (const [needle, bucket] of this.needles) if (message.includes(needle)) found[count++] = bucket
    return count
  }

  private place(candidate: Candidate): void {
    const { at, texts } = spotOf(candidate.flat)
    if (at === 'anywhere') for (const text of texts) put(this.middles, text.slice(0, NEEDLE), candidate)
    else if (at === 'initial') for (const text of texts) put(this.initials, text.charCodeAt(0), candidate)
    else {
      const bucket = { head: this.heads, subject: this.subjects, verb: this.verbs, tail: this.tails }[at]
      const keys = texts.map(text => keyAt(text, at === 'tail' ? text.length - KEY : 0))
      for (const key of new Set(keys)) put(bucket, key, candidate)
    }
  }
}

/** The fixed text by which a wording is found, and where a message has it; several for an enumeration, of which a message has one. */
export interface Spot {
  /** `subject`: behind the first word and its colon; `verb`: behind the first word. */
  at: 'head' | 'initial' | 'subject' | 'verb' | 'tail' | 'anywhere'
  texts: readonly string[]
}

export function spotOf(flat: Flat): Spot {
  const [first, second] = flat
  const last = flat.at(-1)
  if (typeof first === 'string') return { at: first.length >= KEY ? 'head' : 'initial', texts: [first] }
  if (first?.type === 'enum') return { at: 'head', texts: first.values ?? [] }
  const behind = first?.type === 'unit' && typeof second === 'string' ? second : ''
  if (behind.startsWith(': ') && keyAt(behind, 2) >= 0) return { at: 'subject', texts: [behind.slice(2)] }
  if (behind.startsWith(' ') && keyAt(behind, 1) >= 0) return { at: 'verb', texts: [behind.slice(1)] }
  if (typeof last === 'string' && last.length >= KEY) return { at: 'tail', texts: [last] }
  return { at: 'anywhere', texts: typeof second === 'string' ? [second] : [] }
}

/** KEY characters as one small number, -1 where fewer are left. Seven bits each: two keys may meet, the wording decides. */
function keyAt(message: string, at: number): number {
  if (at < 0 || at + KEY > message.length) return -1
  const low = (message.charCodeAt(at) & 0x7f) | ((message.charCodeAt(at + 1) & 0x7f) << 7)
  return low | ((message.charCodeAt(at + 2) & 0x7f) << 14) | ((message.charCodeAt(at + 3) & 0x7f) << 21)
}

function put<Key>(buckets: Map<Key, Candidate[]>, key: Key, candidate: Candidate): void {
  const bucket = buckets.get(key)
  if (bucket) bucket.push(candidate)
  else buckets.set(key, [candidate])
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
