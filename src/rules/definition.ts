/** What a rule file says, as plain data: compiled from the rule language when the package is built, or when --rules names a file. */
import type { Confidence, Severity } from '../report/report.ts'

export type Expr =
  | { kind: 'literal'; value: string | number | boolean }
  /** An event of the rule, one of its variables, or a name that `let` gives to a condition. */
  | { kind: 'name'; name: string }
  /** `event.field` */
  | { kind: 'field'; event: string; field: string }
  /** `.field` of the event under test, in a `where`. */
  | { kind: 'own'; field: string }
  | { kind: 'not'; of: Expr }
  | { kind: 'and' | 'or'; of: Expr[] }
  | { kind: 'compare'; op: '==' | '!=' | '<' | '<=' | '>' | '>='; left: Expr; right: Expr }
  | { kind: 'matches'; left: Expr; pattern: string }
  | { kind: 'is'; event: string; signals: string[] }
  | { kind: 'call'; function: string; arguments: Expr[] }

/** Text with holes. A hole may have words to stand in for it; a group in brackets is left out when a hole in it has no value. */
export type Text = TextPart[]
type TextPart = string | { hole: Expr; or: string | null } | { group: Text }

type Pick = 'first' | 'last' | 'all'

export interface EventDefinition {
  name: string
  /** Signals or facts that may fill it, each with its own condition. */
  alternatives: { signal: string; where: Expr | null }[]
  /** Instead of alternatives: a fact of the replay that is an event (`since(unit, reload)`). */
  derived: Expr | null
  decisive: boolean
  /** With `decisive`: only the first of a boot; or like ones closer than this many seconds are one episode. */
  once: boolean
  episode: { seconds: number; by: string | null } | null
  pick: Pick
  /** Variables that must agree with the event's own; an unbound one is bound by it. */
  with: string[]
  before: string | null
  after: string | null
  /** Seconds from the event it is before or after; without one of these, from the decisive event or episode. */
  within: number | null
  when: Expr | null
  /** Its line in the timeline; null keeps it out of there. */
  says: Text | null
}

interface Clue {
  name: string
  weight: number
  when: Expr
  because: Text
}

interface Suspects {
  /** Events, or `pairs` and `in-flight` of the replay, that bring candidates in. */
  from: string[]
  clues: Clue[]
}

export interface Rule {
  name: string
  file: string
  about: string
  sources: string[]
  variables: string[]
  lets: { name: string; is: Expr }[]
  /** Events bound once for the decisive one, then those bound for each suspect. */
  events: EventDefinition[]
  suspects: Suspects | null
  /** How many of `events` stand before the suspects. */
  eventsBeforeSuspects: number
  unless: { when: Expr; because: string }[]
  outcomes: { name: string; severity: Severity; when: Expr | null; title: Text }[]
  confidences: { level: Confidence; when: Expr | null }[]
  claims: { side: 'for' | 'against' | 'unknown'; claim: Text; when: Expr | null; refs: string[] }[]
  figures: { name: string; value: Expr }[]
  advice: { outcomes: string[]; do: Text; why: Text; command: Text | null; danger: boolean; when: Expr | null }[]
  collect: { outcomes: string[]; what: Text; settles: Text; command: Text | null; when: Expr | null }[]
  /** Variable or expression per report field: unit, alias, victim. */
  subject: { field: string; value: Expr }[]
  /** Incidents of these rules in the same boot that this one explains. */
  absorbs: {
    rule: string
    outcomes: string[]
    when: Expr | null
    unitsMustAgree: boolean /** seconds between the two; null: anywhere in the boot */
    within: number | null
  }[]
}
