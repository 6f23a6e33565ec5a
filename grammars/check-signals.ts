import type { Diagnostic } from '../src/problems/problem.ts'
import { suggest } from '../src/problems/suggest.ts'
import type { Part, Place, Sample, SignalDefinition, Wording, WrittenSignal } from '../src/signals/definition.ts'
import { matchAll } from '../src/signals/match.ts'
import { featuresOf, shownBy } from './features.ts'

/**
 * Runs every sample against every signal. A `like` fits its own signal alone, or goes before the ones that its signal stands `over`. Together they show every
 * wording, every optional part there and not there, the value of every hole, and each shows something that no other does: so no line can be taken out
 * of a signal file unnoticed.
 */
export function checkSignals(definitions: readonly WrittenSignal[], others: readonly WrittenSignal[] = []): Diagnostic[] {
  const own = new Set(definitions.map(({ name }) => name))
  const all = [...definitions, ...others.filter(({ name }) => !own.has(name))]
  const check = new Check(all)
  const wrong = [
    ...twins(definitions),
    ...definitions.flatMap(definition => [...check.samples(definition), ...check.names(definition)]),
  ]
  // What is not shown may be so because a sample is wrong: that one first.
  return wrong.length > 0 ? wrong : definitions.flatMap(definition => [...check.spare(definition), ...check.unshown(definition)])
}

function twins(definitions: readonly WrittenSignal[]): Diagnostic[] {
  const seen = new Map<string, WrittenSignal>()
  return definitions.flatMap(definition => {
    const first = seen.get(definition.name)
    seen.set(definition.name, first ?? definition)
    return first
      ? [
          fault(definition, definition.at, `${definition.name} is defined twice`, {
            help: `the first stands in ${first.file}:${first.at.line}`,
          }),
        ]
      : []
  })
}

function fault(
  { file }: WrittenSignal,
  { line, column, endColumn }: Place,
  message: string,
  rest: { expected?: string; help?: string } = {},
): Diagnostic {
  return { file, line, column, endColumn, message, ...rest }
}

class Check {
  private readonly match
  private readonly known: ReadonlySet<string>
  /** What each `like` shows, and how many likes show it. */
  private readonly shows = new Map<Sample, string[]>()
  private readonly counts = new Map<string, number>()

  constructor(all: readonly WrittenSignal[]) {
    this.match = matchAll(all)
    this.known = new Set(all.map(({ name }) => name))
  }

  samples(definition: WrittenSignal): Diagnostic[] {
    const unlikes = definition.unlikes
      .filter(({ message }) => this.match(message).some(match => match.definition === definition))
      .map(unlike => fault(definition, unlike.at, `this unlike is ${definition.name}`))
    return [...definition.likes.flatMap(like => this.like(definition, like)), ...unlikes]
  }

  private like(definition: WrittenSignal, like: Sample): Diagnostic[] {
    const matches = this.match(like.message)
    const own = matches.find(match => match.definition === definition)
    if (!own) {
      const help = matches[0] ? `it is ${matches[0].name}` : nearMiss(definition, like.message)
      return [fault(definition, like.at, `this like is not ${definition.name}`, { help })]
    }
    const rivals = matches.filter(match => match !== own)
    const wordings: readonly Wording[] = definition.wordings
    this.note(definition, like, [
      ...shownBy(own.wording, like, wordings.indexOf(own.wording)),
      ...rivals.map(({ name }) => `over ${name}`),
    ])
    const wrong = Object.entries(like.gives).filter(([hole, value]) => own.values[hole] !== value)
    return [
      ...rivals.flatMap(({ name, definition: rival }) => clash(definition, like, name, rival)),
      ...wrong.map(([hole, value]) =>
        fault(
          definition,
          like.at,
          `${hole} comes out as ${JSON.stringify(own.values[hole]) ?? 'nothing'}, not ${JSON.stringify(value)}`,
        ),
      ),
    ]
  }

  private note(definition: WrittenSignal, like: Sample, features: readonly string[]): void {
    const keys = features.map(feature => scoped(definition, feature))
    this.shows.set(like, keys)
    for (const key of new Set(keys)) this.counts.set(key, (this.counts.get(key) ?? 0) + 1)
  }

  /** Likes that show nothing of their own. */
  spare(definition: WrittenSignal): Diagnostic[] {
    const wanted = new Set(wantedBy(definition).map(({ key }) => scoped(definition, key)))
    return definition.likes
      .filter(like => !this.shows.get(like)?.some(key => wanted.has(key) && this.counts.get(key) === 1))
      .map(like =>
        fault(definition, like.at, 'this like shows nothing that others do not', {
          help: 'take it out, or have it give a value',
        }),
      )
  }

  unshown(definition: WrittenSignal): Diagnostic[] {
    return wantedBy(definition)
      .filter(({ key }) => !this.counts.has(scoped(definition, key)))
      .map(({ says, at }) => fault(definition, at, `no like shows ${says}`, { expected: 'like "…"' }))
  }

  /** Names that stand for nothing. */
  names(definition: WrittenSignal): Diagnostic[] {
    const holes = new Set(definition.wordings.flatMap(({ parts, set }) => [...holesOf(parts), ...Object.keys(set)]))
    const unknown = (what: string, name: string, known: ReadonlySet<string>): Diagnostic => {
      const near = suggest(name, known)
      return fault(
        definition,
        definition.at,
        `${what} '${name}' names nothing known`,
        near ? { help: `did you mean '${near}'?` } : {},
      )
    }
    return [
      ...definition.fold.filter(hole => !holes.has(hole)).map(hole => unknown('fold by', hole, holes)),
      ...definition.over.filter(name => !this.known.has(name)).map(name => unknown('over', name, this.known)),
    ]
  }
}

function clash(definition: WrittenSignal, like: Sample, name: string, rival: SignalDefinition): Diagnostic[] {
  if (rival.over.includes(definition.name))
    return [fault(definition, like.at, `this like is ${name}, which stands over ${definition.name}`)]
  if (definition.over.includes(name)) return []
  return [
    fault(definition, like.at, `this like is ${name} as well`, {
      help: `make one of the two stricter, or let ${definition.name} go first: over ${name}`,
    }),
  ]
}

/** All that the likes of a signal have to show, each once. */
function wantedBy(definition: WrittenSignal): { key: string; says: string; at: Place }[] {
  const wanted = definition.wordings.flatMap((wording, index) =>
    featuresOf(wording, index).map(feature => ({ ...feature, at: wording.at })),
  )
  const overs = definition.over.map(name => ({
    key: `over ${name}`,
    says: `a message that is ${name} as well`,
    at: definition.at,
  }))
  return [...new Map([...wanted, ...overs].map(each => [each.key, each])).values()]
}

/** An enumeration may serve several signals of a file: its values need to be shown only once there. */
function scoped(definition: WrittenSignal, key: string): string {
  return `${definition.file}\0${key.startsWith('value ') ? '' : definition.name}\0${key}`
}

function holesOf(parts: readonly Part[]): string[] {
  return parts.flatMap(part => (typeof part === 'string' ? [] : 'optional' in part ? holesOf(part.optional) : [part.hole]))
}

/** The first fixed text that the message lacks. */
function nearMiss(definition: WrittenSignal, message: string): string {
  const literals = definition.wordings.flatMap(({ parts }) => parts.filter(part => typeof part === 'string'))
  const missing = literals.find(literal => !message.includes(literal))
  return missing === undefined
    ? 'its fixed text is all there: a hole takes something else, or more follows'
    : `it lacks ${JSON.stringify(missing)}`
}
