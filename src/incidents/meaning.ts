import { NESTED } from '../entries/speaker.ts'
import { clean } from '../formats/clean.ts'
import type { Meaning, Meanings } from '../formats/journal-file/glance/meaning.ts'
import type { SignalDefinition } from '../signals/definition.ts'
import { createMatcher } from '../signals/match.ts'
import { type Giveaways, UNIT_ENDS } from './giveaways.ts'

/**
 * What a message, whoever said it, may mean for the report: it may be a decisive signal; a decisive fact may be made of it, or coverage needs
 * it; or it matters to nobody as long as nothing decisive is found.
 */
export function meanings(signals: readonly SignalDefinition[], { decisive, telling }: Giveaways): Meanings {
  const wanted = signals.filter(({ name }) => decisive.has(name) || telling.has(name))
  const any = createMatcher(wanted)
  const first = createMatcher(wanted.filter(({ name }) => decisive.has(name)))
  const second = createMatcher(signals.filter(({ name }) => telling.has(name) && name !== UNIT_ENDS))
  const meaningOfLine = (line: string): Meaning => {
    if (!any.matchAny(line)) return null
    if (first.matchAny(line)) return 'decisive'
    return second.matchAny(line) || line.includes(MOUNT) ? 'telling' : null
  }
  const meaningOf = (text: string): Meaning => {
    const message = clean(text)
    const own = meaningOfLine(firstLine(message))
    const nested = NESTED.exec(message)
    if (!nested || own === 'decisive') return own
    // A container's PID 1 seen through its runtime: the line is another host's.
    return meaningOfLine(firstLine(message.slice(nested[0].length))) ?? 'telling'
  }
  const texts = {
    any: [...createMatcher(wanted.filter(({ name }) => name !== UNIT_ENDS)).literals(), HEADER],
    ofMounts: createMatcher(wanted.filter(({ name }) => name === UNIT_ENDS)).literals(),
    mount: MOUNT,
  }
  return { meaningOf, texts }
}

const MOUNT = '.mount'
/** What every NESTED has. */
const HEADER = 'systemd[1]: '

function firstLine(message: string): string {
  const end = message.indexOf('\n')
  return end < 0 ? message.trimEnd() : message.slice(0, end)
}
