import { sizeOf } from './bytes/file.ts'
import type { ReadOptions } from './entries/read.ts'
import { MADE_FROM } from './replay/facts.ts'
import type { History } from './replay/history.ts'
import { TOLD_BY } from './replay/ledger.ts'
import type { Rule } from './rules/definition.ts'
import type { Grammar } from './rules/shipped.ts'
import type { Sought } from './scan/sought.ts'
import type { Matcher } from './signals/match.ts'

/** One way to go through the inputs: what of them must become an entry, and when that was enough. */
export interface Look {
  /** Null: everything. */
  sought: Sought | null
  /** Signals that show at once that it was not. */
  proof: ReadonlySet<string>
  suffices(histories: readonly History[]): boolean
}

const PLAIN: Look = { sought: null, proof: new Set(), suffices: () => true }

/**
 * Most logs hold no incident. So the first look is only for what an incident cannot do without, each rule's decisive event, and for what
 * coverage is told from; the thousands of lines about units' comings and goings are passed over. Where one is found, the second look reads
 * every line that any signal may be in. Both give the report that reading every line gives: test/look.test.ts.
 */
export async function looksAt(
  grammar: Grammar,
  matcher: Matcher,
  rules: readonly Rule[],
  paths: readonly string[],
  options: ReadOptions & { plain?: boolean; explain?: unknown },
): Promise<Look[]> {
  const { since = null, until = null, host, hosts, plain } = options
  // A line's time and host decide whether it is wanted: then each must be read.
  if (plain || since !== null || until !== null || host !== undefined || hosts !== undefined) return [PLAIN]
  const every = new Set(grammar.signals.map(signal => signal.name))
  const whole: Look = { sought: matcher.sought(every), proof: new Set(), suffices: () => true }
  const first = firstLook(grammar, matcher, rules)
  return first && (await canBeReadTwice(paths)) ? [first, whole] : [whole]
}

/** Null where a rule starts from something that no few signals give away. */
function firstLook(grammar: Grammar, matcher: Matcher, rules: readonly Rule[]): Look | null {
  const decisive = new Set<string>()
  for (const rule of rules) {
    for (const event of rule.events.filter(one => one.decisive)) {
      if (event.derived) return null
      for (const { signal } of event.alternatives) decisive.add(signal)
    }
  }
  const signals = new Set(grammar.signals.map(signal => signal.name))
  const wanted = new Set(TOLD_BY)
  const ofMounts = new Set<string>()
  for (const name of decisive) {
    const from = signals.has(name) ? [name] : MADE_FROM[name]
    if (!from) return null
    for (const one of from) (name === 'mount.storm' ? ofMounts : wanted).add(one)
  }
  for (const name of wanted) ofMounts.delete(name)
  return {
    sought: matcher.sought(wanted, ofMounts),
    proof: new Set([...decisive].filter(name => signals.has(name))),
    suffices: histories => histories.every(history => ![...decisive].some(name => history.byName.has(name))),
  }
}

/** A pipe gives its bytes once. */
async function canBeReadTwice(paths: readonly string[]): Promise<boolean> {
  const sizes = await Promise.all(paths.map(path => (path === '-' ? null : sizeOf(path))))
  return paths.length > 0 && sizes.every(size => size !== null)
}
