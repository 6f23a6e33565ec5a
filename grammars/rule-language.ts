/**
 * The rule language: tokens (rule-tokens), parser (rule-parser), lowering to the plain data of src/rules/definition.ts (rule-lowering).
 *
 * Order of the statements is free except that events are bound in the order they are written, and that those after `suspects` are
 * bound anew for each suspect. grammars/README.md describes the language by example.
 */
import type { Diagnostic } from '../src/problems/problem.ts'
import type { Rule } from '../src/rules/definition.ts'
import type { Vocabulary } from './rule-checks.ts'
import { at, lexFault, parserFault } from './rule-faults.ts'
import { RuleLowering } from './rule-lowering.ts'
import { ruleParser } from './rule-parser.ts'
import { lexer } from './rule-tokens.ts'

interface Parsed {
  rules: Rule[]
  diagnostics: Diagnostic[]
}

/** Reads one rule file; every fault is a diagnostic, and what could be read is lowered all the same. */
export function parseRules(file: string, text: string, known: Vocabulary): Parsed {
  const parser = ruleParser()
  const faults: Diagnostic[] = []
  const lexed = lexer.tokenize(text)
  for (const error of lexed.errors) {
    const found = text.slice(error.offset, error.offset + Math.max(1, error.length)).split('\n', 1)[0] ?? ''
    faults.push(at(file, error.line ?? 1, error.column ?? 1, found.length, lexFault(found)))
  }
  parser.input = lexed.tokens
  const tree = parser.file()
  for (const error of parser.errors) faults.push(parserFault(file, error, text))
  const lowering = new RuleLowering(file, faults, known)
  const rules = lowering.file(tree)
  faults.sort((a, b) => a.line - b.line || a.column - b.column)
  return { rules, diagnostics: faults }
}
