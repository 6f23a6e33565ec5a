import { COVERING } from '../replay/covering.ts'
import { MADE_OF } from '../replay/facts.ts'
import type { Rule } from '../rules/definition.ts'
import type { SignalDefinition } from '../signals/definition.ts'

/** By what a log gives away that there is more to tell of it than how long it is: the little that must be looked for in every log. */
export interface Giveaways {
  /** Signals and facts without which no rule finds anything. */
  decisive: ReadonlySet<string>
  /** Signals of which a decisive fact is made, and those that coverage needs. */
  telling: ReadonlySet<string>
}

/** Every unit ends so; only what is said of mount units makes a storm. */
export const UNIT_ENDS = 'unit.deactivated'

/** Null where a rule starts from what single lines cannot tell. */
export function giveaways(signals: readonly SignalDefinition[], rules: readonly Rule[]): Giveaways | null {
  const known = new Set(signals.map(({ name }) => name))
  const decisive = new Set<string>()
  const telling = new Set(COVERING)
  for (const event of rules.flatMap(({ events }) => events).filter(one => one.decisive)) {
    if (event.derived) return null
    for (const { signal } of event.alternatives) {
      decisive.add(signal)
      const made = known.has(signal) ? [] : MADE_OF[signal]
      if (!made) return null
      for (const each of made) telling.add(each)
    }
  }
  return { decisive, telling }
}
