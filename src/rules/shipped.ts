import data from '../../grammars/shipped.json' with { type: 'json' }
import type { SignalDefinition } from '../signals/definition.ts'
import type { Rule } from './definition.ts'

/** The signals and rules that come with the package, compiled when it was built (src/build.mjs). */
export interface Grammar {
  /** Hash over the text of all signals and rules in force. */
  hash: string
  signals: readonly SignalDefinition[]
  rules: readonly Rule[]
  /** The text of rule files that a user added, by file name. */
  sources?: Readonly<Record<string, string>>
}

// The compiler wrote this file from the same types; checking it again at every start would only cost time.
export const shipped = data as unknown as Grammar
