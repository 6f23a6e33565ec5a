import { NESTED } from '../entries/speaker.ts'
import { clean } from '../formats/clean.ts'
import type { Meaning, Meanings } from '../formats/journal-file/glance/meaning.ts'
import { MADE_OF } from '../replay/facts.ts'
import type { Rule } from '../rules/definition.ts'
import type { Grammar } from '../rules/shipped.ts'
import { createMatcher } from '../signals/match.ts'
import { COVERING } from './coverage.ts'

/** Signals and facts without which no rule finds anything. */
export function decisiveNames(rules: readonly Rule[]): Set<string> {
  const decisive = rules.flatMap(({ events }) => events.filter(event => event.decisive))
  return new Set(decisive.flatMap(({ alternatives }) => alternatives.map(({ signal }) => signal)))
}

/**
 * What a message, whoever said it, may mean for the report: it may be a decisive signal; a decisive fact may be made of it, or coverage needs
 * it; or it matters to nobody as long as nothing decisive is found. Null where rules ask for what cannot be told from texts alone.
 */
export function meanings(grammar: Grammar): Meanings | null {
  const decisive = decisiveNames(grammar.rules)
  const signals = new Set(grammar.signals.map(({ name }) => name))
  const telling = new Set(COVERING)
  for (const name of decisive) {
    if (signals.has(name)) continue
    const made = MADE_OF[name]
    if (!made) return null
    for (const each of made) telling.add(each)
  }
  if (grammar.rules.some(({ events }) => events.some(event => event.decisive && event.derived))) return null
  const wanted = grammar.signals.filter(({ name }) => decisive.has(name) || telling.has(name))
  const any = createMatcher(wanted)
  const first = createMatcher(wanted.filter(({ name }) => decisive.has(name)))
  const second = createMatcher(grammar.signals.filter(({ name }) => telling.has(name) && name !== UNIT_ENDS))
  const meaningOf = (line: string): Meaning => {
    if (!any.matchAny(line)) return null
    if (first.matchAny(line)) return 'decisive'
    return second.matchAny(line) || line.includes(MOUNT) ? 'telling' : null
  }
  const texts = {
    any: [...createMatcher(wanted.filter(({ name }) => name !== UNIT_ENDS)).literals(), HEADER],
    ofMounts: createMatcher(wanted.filter(({ name }) => name === UNIT_ENDS)).literals(),
    mount: MOUNT,
  }
  const meaningOfText = (text: string): Meaning => {
    const message = clean(text)
    const own = meaningOf(firstLine(message))
    const nested = NESTED.exec(message)
    if (!nested || own === 'decisive') return own
    // A container's PID 1 seen through its runtime: the line is another host's.
    return meaningOf(firstLine(message.slice(nested[0].length))) ?? 'telling'
  }
  return { meaningOf: meaningOfText, texts }
}

const MOUNT = '.mount'
/** What every NESTED has. */
const HEADER = 'systemd[1]: '
/** Every unit ends so; only what is said of mount units makes a storm. */
const UNIT_ENDS = 'unit.deactivated'

function firstLine(message: string): string {
  const end = message.indexOf('\n')
  return end < 0 ? message.trimEnd() : message.slice(0, end)
}
