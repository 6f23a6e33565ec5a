import type { Sought } from '../scan/sought.ts'
import { type Candidate, type Spot, spotOf } from './buckets.ts'

/** A header of PID 1 within a message: what a container's console or the kernel's buffer passed on (src/entries/speaker.ts). */
const NESTED = 'systemd[1]: '

/**
 * The fixed text by which Buckets would find the wordings of these signals: a message without any of it is none of them. `ofMounts` names
 * signals that are looked for only where they speak of a mount unit.
 */
export function soughtBy(
  candidates: readonly Candidate[],
  wanted: ReadonlySet<string>,
  ofMounts: ReadonlySet<string> = new Set(),
): Sought {
  const texts: Record<Spot['at'] | 'mount', Set<string>> = {
    head: new Set(),
    initial: new Set(),
    subject: new Set(),
    verb: new Set(),
    tail: new Set(),
    anywhere: new Set([NESTED]),
    mount: new Set(),
  }
  for (const { definition, flat } of candidates) {
    if (!wanted.has(definition.name) && !ofMounts.has(definition.name)) continue
    const spot = spotOf(flat)
    const at = spot.at === 'subject' && !wanted.has(definition.name) ? 'mount' : spot.at
    for (const text of spot.texts) texts[at].add(text)
  }
  return {
    heads: [...texts.head],
    initials: [...texts.initial],
    subjects: [...texts.subject],
    verbs: [...texts.verb],
    ofMounts: [...texts.mount],
    tails: [...texts.tail],
    anywhere: [...texts.anywhere],
  }
}

/** The longest fixed text of each wording; where it is an enumeration's, each of its values. */
export function literalsOf(candidates: readonly Candidate[]): string[] {
  const found = candidates.flatMap(({ flat }) => {
    const choices = flat.map(part => (typeof part === 'string' ? [part] : part.type === 'enum' ? (part.values ?? ['']) : ['']))
    return choices.reduce((best, next) => (shortest(next) > shortest(best) ? next : best), [''])
  })
  return [...new Set(found)].filter(literal => literal !== '').sort()
}

function shortest(texts: readonly string[]): number {
  return Math.min(...texts.map(text => text.length))
}
