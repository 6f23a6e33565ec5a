import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '../src/problems/problem.ts'
import type { WrittenSignal } from '../src/signals/definition.ts'
import { checkSignals } from './check-signals.ts'
import { parseSignals } from './signal-language.ts'
import { Lowering } from './signal-lowering.ts'

export interface SourceText {
  file: string
  text: string
}

/**
 * Compiles signal files; all faults of all files in one go. The samples are run only where the form is sound, for a wording that could not be read
 * would fail all of them. `others` are signals that are in force beside these (the shipped ones, for a user's file): a sample may not fit them either.
 */
export function compileSignals(
  files: readonly SourceText[],
  others: readonly WrittenSignal[] = [],
): { definitions: WrittenSignal[]; diagnostics: Diagnostic[] } {
  const compiled = files.map(({ file, text }) => {
    const { tree, faults } = parseSignals(file, text)
    const lowering = new Lowering(
      file,
      faults.map(({ line }) => line),
    )
    const definitions = lowering.lower(tree)
    return { definitions, faults: [...faults, ...lowering.faults].sort((a, b) => a.line - b.line || a.column - b.column) }
  })
  const definitions = compiled.flatMap(each => each.definitions)
  const faults = compiled.flatMap(each => each.faults)
  return { definitions, diagnostics: faults.length > 0 ? faults : checkSignals(definitions, others) }
}

/** The signal files of a folder, by name. */
export function readShippedSignals(folder: string): SourceText[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.signals'))
    .sort()
    .map(name => ({ file: `grammars/signals/${name}`, text: readFileSync(join(folder, name), 'utf8') }))
}
