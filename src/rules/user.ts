import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { compileSignals } from '../../grammars/compile.ts'
import { compileRules } from '../../grammars/compile-rules.ts'
import { paint } from '../problems/frame.ts'
import { type Diagnostic, RuleError, UsageError } from '../problems/problem.ts'
import { type Grammar, shipped } from './shipped.ts'

interface SourceFile {
  file: string
  text: string
}

/** The shipped grammar with the rules and signals of these files and folders added; one of a shipped name replaces it. */
export async function withUserRules(paths: readonly string[]): Promise<Grammar> {
  const files = sourceFiles(paths)
  const { rules, signals, diagnostics } = compile(files)
  if (diagnostics.length > 0) throw new RuleError(framed(diagnostics, files), diagnostics)
  const replaced = new Set([...rules, ...signals].map(each => each.name))
  return {
    hash: createHash('sha256')
      .update(shipped.hash)
      .update(files.map(({ text }) => text).join('\0'))
      .digest('hex')
      .slice(0, 16),
    signals: [...shipped.signals.filter(each => !replaced.has(each.name)), ...signals],
    rules: [...shipped.rules.filter(each => !replaced.has(each.name)), ...rules],
    sources: Object.fromEntries(files.map(({ file, text }) => [file, text])),
  }
}

export function checkFiles(paths: readonly string[]): { ok: boolean; output: string } {
  const files = sourceFiles(paths)
  const { rules, signals, diagnostics } = compile(files)
  if (diagnostics.length > 0) {
    const count = diagnostics.length === 1 ? '1 fault' : `${diagnostics.length} faults`
    return {
      ok: false,
      output: `${framed(diagnostics, files)}\n${count} in ${files.length === 1 ? files[0]?.file : `${files.length} files`}\n`,
    }
  }
  return { ok: true, output: `${files.length} file(s), ${rules.length} rule(s), ${signals.length} signal(s): no faults\n` }
}

function compile(files: readonly SourceFile[]) {
  const own = compileSignals(files.filter(({ file }) => file.endsWith('.signals')))
  const rules = compileRules(
    files.filter(({ file }) => file.endsWith('.rule')),
    [...shipped.signals, ...own.definitions],
  )
  return { rules: rules.rules, signals: own.definitions, diagnostics: [...own.diagnostics, ...rules.diagnostics] }
}

function framed(diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): string {
  return paint(diagnostics, Object.fromEntries(files.map(({ file, text }) => [file, text])))
}

function sourceFiles(paths: readonly string[]): SourceFile[] {
  const files = paths.flatMap(path => (isFolder(path) ? inFolder(path) : [path]))
  if (files.length === 0) throw new UsageError(`no .rule or .signals file in ${paths.join(', ')}`)
  return files.map(file => ({ file, text: readText(file) }))
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    throw new UsageError(`${path}: no such rule file or folder`)
  }
}

function inFolder(path: string): string[] {
  return readdirSync(path)
    .filter(name => /\.(?:rule|signals)$/.test(name))
    .sort()
    .map(name => join(path, name))
}

function readText(file: string): string {
  if (!/\.(?:rule|signals)$/.test(file)) throw new UsageError(`${file}: rules end in .rule, signals in .signals`)
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file}: can't be read (${error instanceof Error ? error.message : String(error)})`)
  }
}
