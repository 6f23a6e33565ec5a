import type { Diagnostic } from '../src/problems/problem.ts'
import type { Rule } from '../src/rules/definition.ts'
import { FUNCTIONS } from '../src/rules/functions.ts'
import { parseRules } from './rule-language.ts'

/** Facts that the replay derives: src/replay/facts.ts. */
/** What a machine's own files tell, where its root was read (src/replay/disk.ts). */
const DISK_FACTS = ['disk.alias-link', 'disk.alias-declared', 'disk.pin']
const FACTS = ['reload', 'alias.link', 'alias.pin', 'alias.listening', 'mount.storm', 'pid1.heard', ...DISK_FACTS]

/** Compiles rule files against the signals in force; all faults of all files in one go. */
export function compileRules(
  files: readonly { file: string; text: string }[],
  signals: readonly { name: string }[],
): { rules: Rule[]; diagnostics: Diagnostic[] } {
  const known = {
    signals: new Set([...signals.map(signal => signal.name), ...FACTS]),
    functions: new Set(Object.keys(FUNCTIONS)),
  }
  const parsed = files.map(({ file, text }) => parseRules(file, text, known))
  return { rules: parsed.flatMap(each => each.rules), diagnostics: parsed.flatMap(each => each.diagnostics) }
}
