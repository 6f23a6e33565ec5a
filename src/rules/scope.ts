import type { Event, History } from '../replay/history.ts'
import type { EventDefinition, Rule } from './definition.ts'

/** One try of a rule: the events and variables bound so far. */
export interface Scope {
  readonly history: History
  readonly rule: Rule
  readonly events: Map<string, readonly Event[]>
  /** Which of a name's definitions found its events: each has words of its own for the timeline. */
  readonly foundBy: Map<string, EventDefinition>
  readonly variables: Map<string, string>
  /** Clues that hold for the chosen suspect. */
  readonly clues: Set<string>
  /** The event a `where` is asking about. */
  own: Event | null
}

export type Value = string | number | boolean | null | readonly Event[]

/** Whether a value counts as yes: unknown, empty and nothing do not. */
export function truth(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0
  return value !== null && value !== false && value !== '' && value !== 0
}

export function newScope(history: History, rule: Rule): Scope {
  return { history, rule, events: new Map(), foundBy: new Map(), variables: new Map(), clues: new Set(), own: null }
}

export function copyOf(scope: Scope): Scope {
  return {
    ...scope,
    events: new Map(scope.events),
    foundBy: new Map(scope.foundBy),
    variables: new Map(scope.variables),
    clues: new Set(scope.clues),
  }
}

/** A value of an event: a hole of its message, or what every entry has. */
export function fieldOf(event: Event, field: string): string | number | null {
  const value = event.values[field]
  if (value !== undefined) return value
  switch (field) {
    case 'unit':
      return event.unit
    case 'message':
      return event.message
    case 'speaker':
      return event.speaker === 'pid1' ? 'PID 1' : event.speaker
    case 'speaker-unit':
      return event.speakerUnit
    case 'speaker-pid':
      return event.pid
    case 'count':
      return event.count
    case 'signal':
      return event.name
    default:
      return null
  }
}

/** The decisive event, or all of its episode. */
export function decisiveOf({ rule, events }: Scope): readonly Event[] {
  const definition = rule.events.find(event => event.decisive)
  return (definition && events.get(definition.name)) ?? []
}
