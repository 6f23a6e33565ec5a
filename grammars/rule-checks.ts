import type { IToken } from 'chevrotain'
import type { Diagnostic } from '../src/problems/problem.ts'
import type { Rule } from '../src/rules/definition.ts'
import { differsLittle, here } from './rule-faults.ts'

/** A name used in a rule, with its place, so that unknown ones can be shown. */
export interface Use {
  kind: 'event' | 'signal' | 'function' | 'name' | 'outcome' | 'suspects' | 'subject'
  name: string
  place: IToken
}

/** Signals and facts that rules may name, and the functions they may call. */
export interface Vocabulary {
  signals: ReadonlySet<string>
  functions: ReadonlySet<string>
}

/** What the grammar can't see: names that mean nothing, and parts that a rule can't do without. */
export function checkRule(rule: Rule, uses: readonly Use[], known: Vocabulary, place: IToken | undefined): Diagnostic[] {
  const faults: Diagnostic[] = []
  const events = new Set(rule.events.map(event => event.name))
  const clues = (rule.suspects?.clues ?? []).map(clue => clue.name)
  const names = new Set([...events, ...rule.variables, ...rule.lets.map(each => each.name), ...clues, 'rivals'])
  const allowed: Record<Use['kind'], ReadonlySet<string>> = {
    event: events,
    signal: known.signals,
    function: known.functions,
    name: names,
    outcome: new Set(rule.outcomes.map(outcome => outcome.name)),
    suspects: new Set([...events, 'active', 'pairs', 'pulled']),
    subject: new Set(['unit', 'alias', 'victim']),
  }
  for (const { kind, name, place } of uses) {
    if (allowed[kind].has(name)) continue
    const near = [...allowed[kind]].find(each => differsLittle(each, name))
    const help = near ? { help: `did you mean '${near}'?` } : {}
    faults.push({ ...here(rule.file, place, `${NOUNS[kind]} '${name}' is not known here`), ...help })
  }
  if (!place) return faults
  const decisive = rule.events.filter(event => event.decisive).length
  if (decisive !== 1)
    faults.push({
      ...here(rule.file, place, `a rule has exactly one decisive event, this one has ${decisive}`),
      help: "end one event's line with 'decisive'",
    })
  if (rule.outcomes.length === 0)
    faults.push({
      ...here(rule.file, place, 'a rule without an outcome says nothing'),
      expected: 'outcome NAME SEVERITY title "…"',
    })
  if (rule.confidences.length === 0)
    faults.push({
      ...here(rule.file, place, 'the rule does not say how sure it is'),
      expected: 'confidence LEVEL when …',
    })
  const last = rule.confidences.at(-1)
  if (last?.when)
    faults.push({
      ...here(rule.file, place, `where no 'when' of a confidence holds, the rule does not say how sure it is`),
      expected: 'confidence LEVEL without a when, as the last one',
    })
  if (!rule.about) faults.push({ ...here(rule.file, place, 'the rule does not say what it is about'), expected: 'about "…"' })
  return faults
}

const NOUNS: Readonly<Record<Use['kind'], string>> = {
  event: 'event',
  signal: 'signal or fact',
  function: 'function',
  name: 'name',
  outcome: 'outcome',
  suspects: 'source of suspects',
  subject: 'report field',
}
