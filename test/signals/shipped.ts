import { readFileSync } from 'node:fs'
import { compileSignals, readShippedSignals } from '../../grammars/compile.ts'

export const files = readShippedSignals('grammars/signals')
export const { definitions, diagnostics } = compileSignals(files)

/** The known wordings, one example of each, with the signal that it is. */
export const wordings = readFileSync('fixtures/signals/wordings.ndjson', 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as { signal: string; wording: string; message: string })
