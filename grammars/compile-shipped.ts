// Run by src/build.mjs: turns grammars/signals and grammars/rules into one JSON file, so that an ordinary run builds no parser.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { paint } from '../src/problems/frame.ts'
import { compileSignals } from './compile.ts'
import { compileRules } from './compile-rules.ts'

const [grammars = '', output = ''] = process.argv.slice(2)

function texts(folder: string, ending: string): { file: string; text: string }[] {
  return readdirSync(join(grammars, folder))
    .filter(name => name.endsWith(ending))
    .sort()
    .map(name => ({ file: `grammars/${folder}/${name}`, text: readFileSync(join(grammars, folder, name), 'utf8') }))
}

const signalFiles = texts('signals', '.signals')
const ruleFiles = texts('rules', '.rule')
const signals = compileSignals(signalFiles)
const rules = compileRules(ruleFiles, signals.definitions)
const diagnostics = [...signals.diagnostics, ...rules.diagnostics]
if (diagnostics.length > 0) {
  const sources = Object.fromEntries([...signalFiles, ...ruleFiles].map(({ file, text }) => [file, text]))
  process.stderr.write(`${paint(diagnostics, sources)}\n`)
  process.exitCode = 1
} else {
  const hash = createHash('sha256')
  for (const { text } of [...signalFiles, ...ruleFiles]) hash.update(text)
  const sources = Object.fromEntries(ruleFiles.map(({ file, text }) => [file, text]))
  writeFileSync(
    output,
    JSON.stringify({ hash: hash.digest('hex').slice(0, 16), signals: signals.definitions, rules: rules.rules, sources }),
  )
}
