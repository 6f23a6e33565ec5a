import { type Event, type History, secondsApart, secondsBetween } from '../replay/history.ts'
import type { EventDefinition } from './definition.ts'
import { evaluate } from './evaluate.ts'
import { decisiveOf, type Scope, truth } from './scope.ts'

/** Events that may fill the definition, whatever else is bound: right signal, right fields, and not somebody else's word. */
export function occurrences(definition: EventDefinition, scope: Scope): Event[] {
  return fitting(definition, scope, null, () => true)
}

/** The same, of these units only (null: of any), where `fits` holds: it is asked before the expression, for it costs less. */
function fitting(
  definition: EventDefinition,
  scope: Scope,
  units: readonly string[] | null,
  fits: (event: Event) => boolean,
): Event[] {
  const { history } = scope
  const found = definition.alternatives.flatMap(({ signal, where }) =>
    (units ? eventsOf(history, signal, units) : (history.byName.get(signal) ?? [])).filter(
      event => event.trust !== 'refuted' && fits(event) && (where === null || holds(where, event, scope)),
    ),
  )
  const inOrder = definition.alternatives.length === 1 && (units === null || units.length === 1)
  return inOrder ? found : found.sort((a, b) => a.at - b.at)
}

/** A history's events by signal and unit: each suspect asks for its own, and among thousands of units nearly all are another's. */
const indexes = new WeakMap<History, Map<string, Map<string, Event[]>>>()

function eventsOf(history: History, signal: string, units: readonly string[]): Event[] {
  const index = indexes.get(history) ?? new Map<string, Map<string, Event[]>>()
  indexes.set(history, index)
  let byUnit = index.get(signal)
  if (!byUnit) {
    byUnit = new Map()
    for (const event of history.byName.get(signal) ?? []) {
      if (event.unit === null) continue
      const own = byUnit.get(event.unit)
      if (own) own.push(event)
      else byUnit.set(event.unit, [event])
    }
    index.set(signal, byUnit)
  }
  return units.flatMap(unit => byUnit.get(unit) ?? [])
}

function holds(where: Parameters<typeof evaluate>[0], event: Event, scope: Scope): boolean {
  return truth(evaluate(where, { ...scope, own: event }))
}

/** Binds the events in order. An event already bound under the same name by an earlier definition stays. */
export function bindAll(definitions: readonly EventDefinition[], scope: Scope): void {
  for (const definition of definitions) {
    if (definition.decisive || (scope.events.get(definition.name)?.length ?? 0) > 0) continue
    if (definition.when && !truth(evaluate(definition.when, scope))) continue
    bind(definition, scope)
  }
}

function bind(definition: EventDefinition, scope: Scope): void {
  const [before, after] = [definition.before, definition.after].map(name =>
    name === null ? null : (scope.events.get(name)?.[0] ?? 'absent'),
  )
  if (before === 'absent' || after === 'absent') {
    scope.events.set(definition.name, [])
    return
  }
  const reference = before ?? after
  const around = reference ? [reference] : decisiveOf(scope)
  const fits = candidates(
    definition,
    scope,
    event =>
      (!before || event.at < before.at) &&
      (!after || event.at > after.at) &&
      agrees(definition.with, event, scope) &&
      isWithin(definition.within, around, event),
  )
  const chosen =
    definition.pick === 'all' ? fits : [definition.pick === 'last' ? fits.at(-1) : fits[0]].filter(event => event !== undefined)
  scope.events.set(definition.name, chosen)
  scope.foundBy.set(definition.name, definition)
  if (chosen[0]) takeVariables(definition.with, chosen[0], scope)
}

function candidates(definition: EventDefinition, scope: Scope, fits: (event: Event) => boolean): readonly Event[] {
  if (!definition.derived) return fitting(definition, scope, unitsFor(definition.with, scope), fits)
  const value = evaluate(definition.derived, scope)
  return Array.isArray(value) ? value.filter(fits) : []
}

function isWithin(seconds: number | null, around: readonly Event[], event: Event): boolean {
  if (seconds === null || around.length === 0) return true
  if (around.some(reference => secondsBetween(reference, event) !== null)) return secondsApart(around, [event]) <= seconds
  // Without clocks only the order is left: a stated window then means nearby lines.
  return around.some(reference => Math.abs(reference.at - event.at) <= LINES_FOR_A_WINDOW)
}

const LINES_FOR_A_WINDOW = 50

/** The names that an event's unit may have, as `agrees` compares them; null where any unit will do. */
function unitsFor(variables: readonly string[], { variables: bound }: Scope): string[] | null {
  const unit = variables.includes('unit') ? bound.get('unit') : undefined
  if (unit === undefined) return null
  const alias = bound.get('alias')
  return alias === undefined || alias === unit ? [unit] : [unit, alias]
}

/** Aliases are equal names: the unit's name fits the alias and the other way round. */
function agrees(variables: readonly string[], event: Event, scope: Scope): boolean {
  return variables.every(variable => {
    const bound = scope.variables.get(variable)
    const own = valueFor(variable, event)
    if (bound === undefined) return true
    if (own === null) return false
    if (own === bound) return true
    return variable === 'unit' && own === scope.variables.get('alias')
  })
}

export function takeVariables(variables: readonly string[], event: Event, scope: Scope): void {
  for (const variable of variables) {
    const own = valueFor(variable, event)
    if (own !== null && !scope.variables.has(variable)) scope.variables.set(variable, own)
  }
}

function valueFor(variable: string, event: Event): string | null {
  return variable === 'unit' ? event.unit : (event.values[variable] ?? null)
}
