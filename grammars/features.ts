import type { Hole, Part, Sample, Wording } from '../src/signals/definition.ts'
import { flatten, read } from '../src/signals/wording.ts'

/** One thing about a wording that a sample has to show, so that nothing in a signal file is without effect. */
export interface Feature {
  key: string
  says: string
}

/** All that the samples of a wording have to show. Values of a hole and of an enumeration count once per signal. */
export function featuresOf(wording: Wording, index: number): Feature[] {
  const optionals = optionalsOf(wording.parts)
  const holes = holesIn(named(wording.parts))
  return [
    { key: `${index}`, says: 'this wording' },
    ...optionals.flatMap((part, number) => [
      { key: `${index} with ${number}`, says: `it with the optional ${sketch(part.optional)}` },
      { key: `${index} without ${number}`, says: `it without the optional ${sketch(part.optional)}` },
    ]),
    ...holes.flatMap(hole => valuesOf(hole)),
    ...holes
      .filter(({ hole }) => !hole.startsWith('_'))
      .map(({ hole }) => ({
        key: `gives ${hole}`,
        says: `what ${hole} holds (gives ${hole} = "…")`,
      })),
    ...Object.entries(wording.set).map(([key, value]) => ({
      key: `gives ${key} = ${value}`,
      says: `that ${key} is ${JSON.stringify(value)} (gives ${key} = ${JSON.stringify(value)})`,
    })),
  ]
}

function valuesOf(hole: Hole): Feature[] {
  switch (hole.type) {
    case 'enum':
      return (hole.values ?? []).map(value => ({
        key: valueKey(hole, value),
        says: `the value ${JSON.stringify(value)} of ${nameOf(hole)}`,
      }))
    case 'signed':
      return [{ key: `${hole.hole} negative`, says: `a negative ${hole.hole}` }]
    case 'text?':
      return [
        { key: `${hole.hole} empty`, says: `an empty ${nameOf(hole)}` },
        { key: `${hole.hole} filled`, says: `something in ${nameOf(hole)}` },
      ]
    default:
      return []
  }
}

/** Enumerations that share a value are told apart by all of theirs. */
function valueKey({ values }: Hole, value: string): string {
  return `value ${value} of ${values?.join('|')}`
}

/** `_0`, `_1` … are the numbered `_`. */
function nameOf({ hole }: Hole): string {
  return hole.startsWith('_') ? '{_}' : hole
}

/** What one sample of this wording shows. */
export function shownBy(wording: Wording, like: Sample, index: number): string[] {
  const parts = named(wording.parts)
  const { taken, values } = choiceFor(parts, like.message)
  const holes = holesIn(parts).filter(({ hole }) => values[hole] !== undefined)
  return [
    `${index}`,
    ...taken.map((with_, number) => `${index} ${with_ ? 'with' : 'without'} ${number}`),
    ...holes.filter(({ type }) => type === 'enum').map(hole => valueKey(hole, values[hole.hole] ?? '')),
    ...holes.filter(({ type, hole }) => type === 'signed' && values[hole]?.startsWith('-')).map(({ hole }) => `${hole} negative`),
    ...holes.filter(({ type }) => type === 'text?').map(({ hole }) => `${hole} ${values[hole] === '' ? 'empty' : 'filled'}`),
    ...Object.entries(like.gives).flatMap(([hole, value]) => [
      `gives ${hole}`,
      ...(wording.set[hole] === value ? [`gives ${hole} = ${value}`] : []),
    ]),
  ]
}

/** Holes whose value is not kept get a name of their own here: what they hold has to be shown too. */
function named(parts: readonly Part[], count = { holes: 0 }): Part[] {
  return parts.map(part => {
    if (typeof part === 'string') return part
    if ('optional' in part) return { optional: named(part.optional, count) }
    return part.hole === '_' ? { ...part, hole: `_${count.holes++}` } : part
  })
}

/** Which optional parts the message takes, in the order they are written, and what the holes held. */
function choiceFor(parts: readonly Part[], message: string): { taken: boolean[]; values: Record<string, string> } {
  const line = message.split('\n', 1)[0]?.trimEnd() ?? ''
  for (const taken of choices(optionalsOf(parts).length)) {
    const chosen = choose(parts, [...taken])
    const flat = chosen && flatten(chosen)[0]
    const values: Record<string, string> = {}
    if (flat && read(flat, line, line.length, values)) return { taken, values }
  }
  return { taken: [], values: {} }
}

/** With as much as possible first, as the matcher does. */
function choices(count: number): boolean[][] {
  return Array.from({ length: 2 ** count }, (_, number) =>
    Array.from({ length: count }, (_, bit) => ((number >> (count - 1 - bit)) & 1) === 0),
  )
}

/** The parts with each optional taken or left; one inside a left one is left too. */
function choose(parts: readonly Part[], taken: boolean[]): Part[] {
  return parts.flatMap(part => {
    if (typeof part === 'string' || !('optional' in part)) return [part]
    const own = taken.shift()
    const inner = choose(part.optional, taken)
    return own ? inner : []
  })
}

function optionalsOf(parts: readonly Part[]): { optional: Part[] }[] {
  return parts.flatMap(part => (typeof part === 'object' && 'optional' in part ? [part, ...optionalsOf(part.optional)] : []))
}

function holesIn(parts: readonly Part[]): Hole[] {
  return parts.flatMap(part => (typeof part === 'string' ? [] : 'optional' in part ? holesIn(part.optional) : [part]))
}

function sketch(parts: readonly Part[]): string {
  return JSON.stringify(
    parts.map(part => (typeof part === 'string' ? part : 'optional' in part ? '' : `{${part.hole}}`)).join(''),
  )
}
