import { knownAliases, knownOwners } from '../replay/alias-pairs.ts'
import { bindAll } from './bind.ts'
import type { Rule } from './definition.ts'
import { evaluate, fill } from './evaluate.ts'
import { pulledIn } from './functions.ts'
import { copyOf, decisiveOf, type Scope, truth } from './scope.ts'

/** One unit that may be the subject, with what speaks for it. */
export interface Suspect {
  unit: string
  alias: string | null
  weight: number
  reasons: string[]
  scope: Scope
}

/** Ranks the units that may be the subject; the first is the best. Empty where nothing points anywhere. */
export function rankSuspects(rule: Rule, scope: Scope): Suspect[] {
  const { suspects } = rule
  if (!suspects) return []
  const later = rule.events.slice(rule.eventsBeforeSuspects)
  const ranked = pairsFor(suspects.from, scope).map(([unit, alias]) => {
    const own = copyOf(scope)
    own.variables.set('unit', unit)
    if (alias !== null) own.variables.set('alias', alias)
    bindAll(later, own)
    const held = suspects.clues.filter(clue => truth(evaluate(clue.when, own)))
    for (const clue of held) own.clues.add(clue.name)
    const reasons = held.map(clue => fill(clue.because, own)).filter(reason => reason !== null)
    return {
      unit,
      alias: own.variables.get('alias') ?? null,
      weight: held.reduce((sum, clue) => sum + clue.weight, 0),
      reasons,
      scope: own,
    }
  })
  return withoutAliases(withoutPoorTwins(ranked.filter(suspect => suspect.weight > 0))).sort(
    (a, b) => b.weight - a.weight || compareText(a.unit, b.unit) || compareText(a.alias ?? '', b.alias ?? ''),
  )
}

/** A name is no rival of the unit whose alias it is. */
function withoutAliases(suspects: readonly Suspect[]): Suspect[] {
  return suspects.filter(one => !suspects.some(other => other !== one && other.alias === one.unit && other.weight >= one.weight))
}

/** The same unit with and without an alias, or with two: only the best of each unit counts. */
function withoutPoorTwins(suspects: readonly Suspect[]): Suspect[] {
  const best = new Map<string, Suspect>()
  for (const suspect of suspects) {
    const twin = best.get(suspect.unit)
    if (!twin || isBetter(suspect, twin)) best.set(suspect.unit, suspect)
  }
  return [...best.values()]
}

function isBetter(other: Suspect, suspect: Suspect): boolean {
  if (other.weight !== suspect.weight) return other.weight > suspect.weight
  if ((other.alias === null) !== (suspect.alias === null)) return other.alias !== null
  return compareText(other.alias ?? '', suspect.alias ?? '') < 0
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

type Pair = readonly [unit: string, alias: string | null]

function pairsFor(sources: readonly string[], scope: Scope): Pair[] {
  const unit = scope.variables.get('unit')
  const alias = scope.variables.get('alias')
  const found = sources.flatMap(source => (SOURCES[source] ?? fromEvent)(scope, source))
  const fitting = found.filter(
    pair => (unit === undefined || pair[0] === unit) && (alias === undefined || pair[1] === null || pair[1] === alias),
  )
  const own: Pair[] = unit === undefined ? [] : [[unit, alias ?? null]]
  return [...new Map([...own, ...fitting].map(pair => [pair.join('\0'), pair])).values()].slice(0, MOST_SUSPECTS)
}

const MOST_SUSPECTS = 500

const SOURCES: Readonly<Record<string, (scope: Scope) => Pair[]>> = {
  /** Units under way when PID 1 fell: activating, running or stopping. */
  active: scope => activeServices(scope).map(unit => [unit, null]),
  /** Well-known pairs of which the log shows one half: the unit named or active, or the alias pinned by its socket. */
  pairs: scope => {
    const named = scope.variables.get('unit')
    const units = named === undefined ? activeServices(scope) : [named]
    const owned = units.flatMap(unit => knownAliases(unit).map((alias): Pair => [unit, alias]))
    const pins = scope.history.byName.get('alias.pin') ?? []
    const pinned = pins.flatMap(pin =>
      knownOwners(pin.values.alias ?? '').map((pair): Pair => [pair.unit, pin.values.alias ?? null]),
    )
    return [...owned, ...pinned]
  },
  /** Units whose start pulled in a socket of another name that was refused: the name that the socket keeps may be an alias of theirs. */
  pulled: scope => {
    const pins = (scope.history.byName.get('alias.pin') ?? []).filter(pin => knownOwners(pin.values.alias ?? '').length === 0)
    const units = [...new Set([...activeServices(scope), ...askedFor(scope)])]
    return pins.flatMap(pin =>
      units
        .filter(unit => unit !== pin.values.alias && pulledIn(scope, unit, pin))
        .map((unit): Pair => [unit, pin.values.alias ?? null]),
    )
  },
}

/** Units that clients tried to act on when PID 1 was gone. */
function askedFor(scope: Scope): string[] {
  return ['client.lost', 'client.failed'].flatMap(name =>
    (scope.history.byName.get(name) ?? []).flatMap(({ unit }) => unit ?? []),
  )
}

function fromEvent(scope: Scope, name: string): Pair[] {
  return (scope.events.get(name) ?? []).flatMap((event): Pair[] =>
    event.unit === null ? [] : [[event.unit, event.values.alias ?? null]],
  )
}

function activeServices(scope: Scope): string[] {
  const [end] = decisiveOf(scope)
  if (!end) return []
  return [...scope.history.tracks.values()]
    .filter(
      track => track.unit.endsWith('.service') && ['activating', 'running', 'stopping'].includes(track.stateBefore(end).state),
    )
    .map(track => track.unit)
}
