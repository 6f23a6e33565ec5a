import { type Event, type History, secondsBetween } from '../replay/history.ts'
import type { Confidence, Severity } from '../report/report.ts'
import { bindAll, occurrences, takeVariables } from './bind.ts'
import type { EventDefinition, Rule } from './definition.ts'
import { evaluate } from './evaluate.ts'
import { newScope, type Scope, truth } from './scope.ts'
import { rankSuspects, type Suspect } from './suspects.ts'

/** A rule that holds for one event of one boot, before incidents are joined and told. */
export interface Finding {
  rule: Rule
  scope: Scope
  /** The decisive event, or all of an episode. */
  decisive: readonly Event[]
  outcome: string
  severity: Severity
  confidence: Confidence
  suspects: Suspect[]
}

/** What `--explain` tells: which rule looked at which event, and why it said no. */
export type Explain = (line: string) => void

export function judge(rule: Rule, history: History, explain: Explain = () => {}): Finding[] {
  const definition = rule.events.find(event => event.decisive)
  if (!definition) return []
  const scope = newScope(history, rule)
  return episodes(definition, occurrences(definition, scope)).flatMap(decisive => {
    const finding = tryOn(rule, history, definition, decisive, explain)
    return finding ? [finding] : []
  })
}

/** Suspects that come close to the best: while there is one, the subject is the best of several and no more. */
function rivals(suspects: readonly Suspect[]): number {
  const best = suspects[0]?.weight ?? 0
  return suspects.slice(1).filter(suspect => suspect.weight >= best * RIVAL_SHARE).length
}

const RIVAL_SHARE = 0.7

/** A subject is named only where something points at it and nothing points as firmly elsewhere: a wrong name is worse than none. */
function stands([best, second]: readonly Suspect[]): boolean {
  return best !== undefined && best.weight >= LEAST_WEIGHT && (second === undefined || second.weight < best.weight)
}

/** What speaks for a suspect must weigh this much for it to be named. */
export const LEAST_WEIGHT = 100

function episodes(definition: EventDefinition, found: readonly Event[]): Event[][] {
  if (definition.once) return found[0] ? [[...found]] : []
  if (!definition.episode) return found.map(event => [event])
  const { seconds, by } = definition.episode
  const open = new Map<string, Event[]>()
  const all: Event[][] = []
  for (const event of found) {
    const key = by === null ? '' : String(by === 'unit' ? event.unit : (event.values[by] ?? ''))
    const running = open.get(key)
    const last = running?.at(-1)
    if (running && last && isNear(last, event, seconds)) running.push(event)
    else {
      const fresh = [event]
      open.set(key, fresh)
      all.push(fresh)
    }
  }
  return all
}

function isNear(last: Event, event: Event, seconds: number): boolean {
  const gap = secondsBetween({ ...last, time: last.until ?? last.time }, event)
  return gap === null || gap <= seconds
}

/** Events bound after the suspects; where none of them stands, only those that would not bring a subject in by the back door. */
function laterEvents(rule: Rule): EventDefinition[] {
  return rule.events.slice(rule.eventsBeforeSuspects).filter(event => rule.suspects === null || event.with.length === 0)
}

function tryOn(
  rule: Rule,
  history: History,
  definition: EventDefinition,
  decisive: readonly Event[],
  explain: Explain,
): Finding | null {
  const scope = newScope(history, rule)
  const [first] = decisive
  if (!first) return null
  scope.events.set(definition.name, decisive)
  takeVariables(definition.with, first, scope)
  bindAll(rule.events.slice(0, rule.eventsBeforeSuspects), scope)
  const suspects = rankSuspects(rule, scope)
  const chosen = (scope.variables.has('unit') || stands(suspects) ? suspects[0]?.scope : undefined) ?? scope
  chosen.variables.set('rivals', String(rivals(suspects)))
  if (chosen === scope) bindAll(laterEvents(rule), chosen)
  const place = `${rule.name}: ${first.name} (${first.refs[0]?.input ?? '-'}:${first.refs[0]?.line ?? first.refs[0]?.offset ?? '?'})`
  const excuse = rule.unless.find(each => truth(evaluate(each.when, chosen)))
  if (excuse) {
    explain(`${place}: no, ${excuse.because}`)
    return null
  }
  const outcome = rule.outcomes.find(each => each.when === null || truth(evaluate(each.when, chosen)))
  if (!outcome) {
    explain(`${place}: no outcome fits`)
    return null
  }
  const confidence = rule.confidences.find(each => each.when === null || truth(evaluate(each.when, chosen)))?.level
  if (!confidence) throw new Error(`rule ${rule.name} has no confidence for all other cases`)
  explain(`${place}: ${outcome.name}, ${confidence}${chosen.clues.size ? `, by ${[...chosen.clues].join(', ')}` : ''}`)
  return {
    rule,
    scope: chosen,
    decisive,
    outcome: outcome.name,
    severity: outcome.severity,
    confidence,
    suspects,
  }
}
