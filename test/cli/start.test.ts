/** What a start loads, and that it is the same command with and without what V8 compiled beforehand. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { expect, test } from 'vitest'
import { folder } from './command.ts'

const root = new URL('../..', import.meta.url).pathname
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'error',
} as const

/** The sources that are loaded with these, whatever is done then. */
function loadedWith(inputs: Metafile['inputs'], entries: readonly string[]): string[] {
  const seen = new Set<string>()
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    for (const { path: next, kind, external } of inputs[path]?.imports ?? [])
      if (kind !== 'dynamic-import' && !external) visit(next)
  }
  entries.forEach(visit)
  return [...seen]
}

const { metafile } = await build({
  ...common,
  entryPoints: ['src/cli/main.ts'],
  write: false,
  outdir: folder,
  splitting: true,
  metafile: true,
  external: ['@duckdb/node-api'],
})

test('the analysis of a log loads no parser generator, no calendar, no table, no other report, no archive and no fleet', () => {
  const loaded = loadedWith(metafile.inputs, ['src/cli/main.ts', 'src/index.ts', 'src/report/text.ts'])
  expect(loaded.length).toBeGreaterThan(100)
  const packages = new Set(loaded.flatMap(path => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []))
  const known = ['commander', 'fzstd', 'string-width', 'strip-ansi', 'ansi-regex', 'is-fullwidth-code-point', 'emoji-regex']
  expect([...packages].filter(name => !known.includes(name))).toEqual([])
  const needless =
    /^grammars\/(?!shipped\.json)|^src\/(?:report\/(?:html|markdown|json)|bytes\/(?:tar|zip)\.|fleet\/(?:store|report\/(?!forms))|where\/images|rules\/user)/
  expect(loaded.filter(path => needless.test(path))).toEqual([])
})

test('the command line alone loads neither signals nor formats', () => {
  const loaded = loadedWith(metafile.inputs, ['src/cli/main.ts'])
  expect(loaded.filter(path => /^(?:grammars|src\/(?:signals|replay|entries|bytes))\//.test(path))).toEqual([])
})

const place = join(folder, 'start')
/** Sets of V8 what a run of some length sets (src/cli/heap.ts). */
const FLAGS = ['--heap-growing-percent=50', '--semi-space-growth-factor=1']
const PROGRAM = `(function (require, module, inquestUrl) {\n${FLAGS.map(flag => `require('node:v8').setFlagsFromString('${flag}')\n`).join('')}const says = () => require('node:util').format('%s %s', process.argv[2], inquestUrl.slice(-7))\nconsole.log(says())\n})`

function started(entry: string, word: string) {
  const { stdout, stderr } = spawnSync(process.execPath, [join(place, entry), word])
  return { out: stdout.toString(), err: stderr.toString() }
}

test('a program starts with its cache, with another, with a cut one and with none', async () => {
  rmSync(place, { recursive: true, force: true })
  await build({
    ...common,
    entryPoints: { cli: 'src/cli/start.ts', precompile: 'src/cli/precompile.ts' },
    outdir: place,
    outExtension: { '.js': '.mjs' },
    define: { INQUEST_PROGRAM: '"program.cjs"' },
  })
  writeFileSync(join(place, 'program.cjs'), PROGRAM)
  const plain = { out: 'one cli.mjs\n', err: '' }
  expect(started('cli.mjs', 'one')).toEqual(plain)
  started('precompile.mjs', 'two')
  const [cache = ''] = readdirSync(place).filter(name => name.startsWith('program.cjs.'))
  expect(cache).toBe(`program.cjs.${process.versions.v8}-${process.arch}`)
  expect(started('cli.mjs', 'one')).toEqual(plain)
  expect(spawnSync(process.execPath, [join(place, 'precompile.mjs')]).status).toBe(0)
  const bytes = readFileSync(join(place, cache))
  for (const other of [bytes.subarray(0, bytes.length >> 1), Buffer.alloc(0), Buffer.alloc(bytes.length)]) {
    writeFileSync(join(place, cache), other)
    expect(started('cli.mjs', 'one')).toEqual(plain)
  }
})
