import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { analyze } from '../index.ts'
import { UsageError } from '../problems/problem.ts'
import { differences, type Expectation } from './expectation.ts'

interface Case {
  name: string
  folder: string
  /** Rule files that the case is about; none for a shipped rule. */
  rules: string[]
}

/**
 * Runs cases: folders with one or more `input*` files and an `expected.json`. A rule file's own lie beside it in `NAME.cases/`; without
 * a path, those of the shipped rules are run.
 */
export async function runCases(paths: readonly string[]): Promise<{ ok: boolean; output: string }> {
  const cases = paths.length > 0 ? paths.flatMap(casesBeside) : shippedCases()
  if (cases.length === 0)
    throw new UsageError(`no cases found${paths.length ? `: put them in ${paths.map(caseFolder).join(', ')}` : ''}`)
  let failed = 0
  let output = ''
  for (const each of cases) {
    const wrong = await runCase(each)
    if (wrong.length > 0) failed++
    output += wrong.length > 0 ? `FAIL ${each.name}: ${wrong.join('; ')}\n` : `ok   ${each.name}\n`
  }
  return { ok: failed === 0, output: `${output}${cases.length - failed} passed, ${failed} failed\n` }
}

async function runCase({ folder, rules }: Case): Promise<string[]> {
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expectation
  const inputs = readdirSync(folder)
    .filter(name => name.startsWith('input'))
    .sort()
    .map(name => join(folder, name))
  const { report, exitStatus } = await analyze(inputs, { ...expected.options, rules })
  return differences(expected, report, exitStatus)
}

function caseFolder(rule: string): string {
  return join(dirname(rule), `${basename(rule, '.rule')}.cases`)
}

function casesBeside(rule: string): Case[] {
  return foldersIn(caseFolder(rule)).map(folder => ({
    name: `${basename(rule, '.rule')}/${basename(folder)}`,
    folder,
    rules: [rule],
  }))
}

function shippedCases(): Case[] {
  const here = dirname(fileURLToPath(import.meta.url))
  const root = ['../fixtures/rules', '../../fixtures/rules'].map(path => join(here, path)).find(existsSync)
  const folders = root ? foldersIn(root) : []
  return folders.flatMap(rule =>
    foldersIn(rule).map(folder => ({ name: `${basename(rule)}/${basename(folder)}`, folder, rules: [] })),
  )
}

function foldersIn(path: string): string[] {
  if (!existsSync(path)) return []
  return readdirSync(path, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => join(path, entry.name))
    .sort()
}
