// Run by src/build.mjs: turns grammars/signals and grammars/rules into plain data, so that an ordinary run builds no parser. The rules'
// text, which is only shown, stands in a file of its own.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { paint } from '../src/problems/frame.ts'
import { needed } from '../src/signals/definition.ts'
import { compileSignals } from './compile.ts'
import { compileRules } from './compile-rules.ts'

const [grammars = ''] = process.argv.slice(2)

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
  const shipped = { hash: hash.digest('hex').slice(0, 16), signals: signals.definitions.map(needed), rules: rules.rules }
  writeFileSync(join(grammars, 'shipped.json'), JSON.stringify(shipped))
  const sources = Object.fromEntries(ruleFiles.map(({ file, text }) => [file, text]))
  writeFileSync(join(grammars, 'shipped-sources.json'), JSON.stringify(sources))
}
