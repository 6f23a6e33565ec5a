/**
 * Takes each line out of each rule and signal file in turn, and names those that nothing misses: neither does the file fail to compile, nor
 * does any report over the corpus and over some machines' roots say a word less. Comments and what `about` and `source` tell a reader of the file are not asked for.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { compileSignals, readShippedSignals, type SourceText } from '../../grammars/compile.ts'
import { compileRules } from '../../grammars/compile-rules.ts'
import { analyzeWith } from '../../src/analyze.ts'
import type { Rule } from '../../src/rules/definition.ts'
import { type Case, corpus, NOW, told } from '../golden/corpus.ts'
import { machines } from './machines.ts'

const root = process.argv[2] ?? '.'
const [scratch = '.', only] = process.argv.slice(3)
const groups = corpus(join(root, 'fixtures'))
groups.set('machines', machines(join(root, 'fixtures'), scratch, NOW))
const signalFiles = readShippedSignals(join(root, 'grammars/signals'))
const { definitions } = compileSignals(signalFiles)
const ruleFiles: SourceText[] = readdirSync(join(root, 'grammars/rules'))
  .sort()
  .map(file => ({ file, text: readFileSync(join(root, 'grammars/rules', file), 'utf8') }))
const { rules } = compileRules(ruleFiles, definitions)

async function says({ paths, bytes, options }: Case, inForce: readonly Rule[]): Promise<string> {
  const stdin = bytes ? { stdin: Readable.from([bytes], { objectMode: false }) } : {}
  return told(await analyzeWith({ hash: '', signals: definitions, rules: inForce, sources: {} }, paths, { ...options, ...stdin }))
}

const cases = [...groups].flatMap(([group, all]) => all.map(each => ({ group, each })))
const whole = new Map<Case, string>()
for (const { each } of cases) whole.set(each, await says(each, rules))

/** Whether any report misses this rule's line; the cases that have missed a line of it before are asked first. */
async function isMissed(mutated: readonly Rule[], order: Case[]): Promise<boolean> {
  for (const [index, each] of order.entries()) {
    let said: string
    try {
      said = await says(each, mutated)
    } catch {
      return true
    }
    if (said === whole.get(each)) continue
    order.splice(index, 1)
    order.unshift(each)
    return true
  }
  return false
}

const FOR_READERS = /^\s*(?:#|$|about\b|source\b)/

async function spareOfRule({ file, text }: SourceText): Promise<string[]> {
  const name = file.replace('.rule', '')
  const [own, others] = [true, false].map(is => cases.filter(({ group }) => (group === name) === is).map(({ each }) => each))
  const order = [...(own ?? []), ...(others ?? [])]
  const lines = text.split('\n')
  const spare: string[] = []
  for (const [index, line] of lines.entries()) {
    if (FOR_READERS.test(line)) continue
    const without = lines.filter((_, other) => other !== index).join('\n')
    const compiled = compileRules([{ file, text: without }], definitions)
    if (compiled.diagnostics.length > 0) continue
    const before = rules.filter(rule => compiled.rules.some(other => other.name === rule.name))
    const mutated = rules.map(rule => compiled.rules.find(other => other.name === rule.name) ?? rule)
    if (sameButForReaders(before, compiled.rules)) continue
    if (!(await isMissed(mutated, order))) spare.push(`${file}:${index + 1}: ${line.trim()}`)
  }
  return spare
}

/** A second line of `about` is still for readers. */
function sameButForReaders(before: readonly Rule[], after: readonly Rule[]): boolean {
  const bare = (all: readonly Rule[]) => JSON.stringify(all, (key, value: unknown) => (FOR_READER.has(key) ? '' : value))
  return bare(before) === bare(after)
}

const FOR_READER = new Set(['about', 'source', 'file', 'line', 'at', 'sources'])

function spareOfSignals({ file, text }: SourceText): string[] {
  const others = definitions.filter(definition => definition.file !== file)
  const folds = foldsOf(definitions.filter(definition => definition.file === file))
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    if (/^\s*(?:#|$)/.test(line)) return []
    const without = lines.filter((_, other) => other !== index).join('\n')
    const compiled = compileSignals([{ file, text: without }], others)
    // What is folded is pinned by test/signals/shipped.test.ts.
    if (compiled.diagnostics.length > 0 || foldsOf(compiled.definitions) !== folds) return []
    return [`${file}:${index + 1}: ${line.trim()}`]
  })
}

function foldsOf(all: readonly { name: string; fold: readonly string[] }[]): string {
  return all.map(({ name, fold }) => `${name} ${fold.join()}`).join('\n')
}

const spare: string[] = []
for (const each of ruleFiles) if (!only || each.file.includes(only)) spare.push(...(await spareOfRule(each)))
for (const each of signalFiles) if (!only || each.file.includes(only)) spare.push(...spareOfSignals(each))
process.stdout.write(spare.length > 0 ? `Nothing misses:\n${spare.join('\n')}\n` : 'Every line is missed by some fixture.\n')
process.exitCode = spare.length > 0 ? 1 : 0
