import type { Diagnostic } from '../src/problems/problem.ts'
import { suggest } from '../src/problems/suggest.ts'
import type { Hole, Part, Place, Sample, SignalDefinition, Wording } from '../src/signals/definition.ts'
import { matchAll } from '../src/signals/match.ts'
import { featuresOf, shownBy } from './features.ts'

/**
 * Runs every sample against every signal. A `like` fits its own signal alone (or goes before the ones it stands `over`), shows something that no
 * `like` before it shows, and together they show every wording, every optional part there and not there, every hole's value: so no line can be
 * taken out of a signal file unnoticed.
 */
export function checkSignals(definitions: readonly SignalDefinition[], others: readonly SignalDefinition[] = []): Diagnostic[] {
  const own = new Set(definitions.map(({ name }) => name))
  const beside = others.filter(({ name }) => !own.has(name))
  const check = new Check([...definitions, ...beside])
  const wrong = [...twins(definitions), ...definitions.flatMap(definition => check.signal(definition))]
  // What is not shown may be so because a sample is wrong: that one first.
  return wrong.length > 0
    ? wrong
    : definitions.flatMap(definition => [...check.unshown(definition), ...check.uselessOvers(definition)])
}

function twins(definitions: readonly SignalDefinition[]): Diagnostic[] {
  const seen = new Map<string, SignalDefinition>()
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
  { file }: SignalDefinition,
  { line, column, endColumn }: Place,
  message: string,
  rest: { expected?: string; help?: string } = {},
): Diagnostic {
  return { file, line, column, endColumn, message, ...rest }
}

class Check {
  private readonly match
  private readonly names: ReadonlySet<string>
  /** `a over b` pairs that a sample has shown to be needed. */
  private readonly shown = new Set<string>()
  /** Values of enumerations that a sample has shown, by file: an enumeration may serve several signals. */
  private readonly values = new Set<string>()

  private readonly features = new Map<SignalDefinition, ReadonlySet<string>>()

  constructor(all: readonly SignalDefinition[]) {
    this.match = matchAll(all)
    this.names = new Set(all.map(({ name }) => name))
  }

  signal(definition: SignalDefinition): Diagnostic[] {
    const found: Diagnostic[] = []
    const features = new Set<string>()
    for (const like of definition.likes) {
      const overs = this.shown.size
      const fitting = this.like(definition, like, found)
      if (!fitting) continue
      const fresh = shownBy(fitting.wording, like, definition.wordings.indexOf(fitting.wording)).filter(
        feature => !features.has(feature),
      )
      for (const feature of fresh) if (feature.startsWith('value ')) this.values.add(`${definition.file} ${feature}`)
      if (fresh.length === 0 && this.shown.size === overs)
        found.push(
          fault(definition, like.at, 'this like shows nothing that the ones before it do not', {
            help: 'take it out, or have it give a value',
          }),
        )
      for (const feature of fresh) features.add(feature)
    }
    for (const unlike of definition.unlikes) {
      if (this.match(unlike.message).some(match => match.definition === definition))
        found.push(fault(definition, unlike.at, `this unlike is ${definition.name}`))
    }
    this.features.set(definition, features)
    return [...found, ...this.names_(definition)]
  }

  /** The wording that a `like` fits, and what is wrong with it. */
  private like(definition: SignalDefinition, like: Sample, found: Diagnostic[]): { wording: Wording } | null {
    const matches = this.match(like.message)
    const own = matches.find(match => match.definition === definition)
    if (!own) {
      const other = matches[0] ? `it is ${matches[0].name}` : nearMiss(definition, like.message)
      found.push(fault(definition, like.at, `this like is not ${definition.name}`, { help: other }))
      return null
    }
    for (const { name, definition: other } of matches) {
      if (other === definition || other.over.includes(definition.name)) {
        if (other !== definition)
          found.push(fault(definition, like.at, `this like is ${name}, which stands over ${definition.name}`))
      } else if (definition.over.includes(name)) this.shown.add(`${definition.name} ${name}`)
      else
        found.push(
          fault(definition, like.at, `this like is ${name} as well`, {
            help: `make one of the two stricter, or let ${definition.name} go first: over ${name}`,
          }),
        )
    }
    for (const [hole, value] of Object.entries(like.gives)) {
      const actual = own.values[hole]
      if (actual !== value)
        found.push(
          fault(
            definition,
            like.at,
            `${hole} comes out as ${actual === undefined ? 'nothing' : JSON.stringify(actual)}, not ${JSON.stringify(value)}`,
          ),
        )
    }
    return own
  }

  /** What no sample of a signal shows; to be asked when all samples have run. */
  unshown(definition: SignalDefinition): Diagnostic[] {
    const features = this.features.get(definition) ?? new Set()
    const wanted = definition.wordings.flatMap((wording, index) =>
      featuresOf(wording, index).map(feature => ({ ...feature, wording })),
    )
    const once = new Map(wanted.map(each => [each.key, each]))
    return [...once.values()]
      .filter(({ key }) => !features.has(key) && !this.values.has(`${definition.file} ${key}`))
      .map(({ says, wording }) => fault(definition, wording.at, `no like shows ${says}`, { expected: 'like "…"' }))
  }

  private names_(definition: SignalDefinition): Diagnostic[] {
    const holes = new Set(
      definition.wordings.flatMap(({ parts, set }) => [...holesOf(parts).map(({ hole }) => hole), ...Object.keys(set)]),
    )
    const folds = definition.fold
      .filter(hole => !holes.has(hole))
      .map(hole => unknown(definition, `fold by '${hole}'`, hole, holes))
    const overs = definition.over
      .filter(name => !this.names.has(name))
      .map(name => unknown(definition, `over '${name}'`, name, this.names))
    return [...folds, ...overs]
  }

  uselessOvers(definition: SignalDefinition): Diagnostic[] {
    return definition.over
      .filter(name => !this.shown.has(`${definition.name} ${name}`))
      .map(name =>
        fault(definition, definition.at, `no like of ${definition.name} is ${name} as well`, { help: `take out: over ${name}` }),
      )
  }
}

function unknown(definition: SignalDefinition, what: string, name: string, known: Iterable<string>): Diagnostic {
  const near = suggest(name, known)
  return fault(definition, definition.at, `${what} names nothing known`, near ? { help: `did you mean '${near}'?` } : {})
}

export function holesOf(parts: readonly Part[]): Hole[] {
  return parts
    .flatMap(part => (typeof part === 'string' ? [] : 'optional' in part ? holesOf(part.optional) : [part]))
    .filter(({ hole }) => hole !== '_')
}

/** Where the message leaves the wording that follows it furthest. */
function nearMiss(definition: SignalDefinition, message: string): string {
  const literals = definition.wordings.map(({ parts }) => parts.filter((part): part is string => typeof part === 'string'))
  const missing = literals.map(list => list.find(literal => !message.includes(literal))).find(literal => literal !== undefined)
  return missing === undefined
    ? 'its fixed text is all there: a hole takes something else, or more follows'
    : `it lacks ${JSON.stringify(missing)}`
}
