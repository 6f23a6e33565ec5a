// Builds the package: the grammars become plain data first, so that an ordinary run loads no parser generator
// (chevrotain costs 0.1 to 0.4 s at every start), then everything is bundled.
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const at = path => join(root, path)
const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'))
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'warning',
  define: { INQUEST_VERSION: JSON.stringify(version) },
}
// CommonJS dependencies call require() for Node's own modules, which an ES module lacks.
const requireShim = "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);"

async function compileGrammars() {
  mkdirSync(at('dist'), { recursive: true })
  const outfile = at('dist/.compile.mjs')
  await build({ ...common, entryPoints: ['grammars/compile-shipped.ts'], outfile, banner: { js: requireShim } })
  const run = spawnSync(process.execPath, [outfile, at('grammars'), at('grammars/shipped.json')], { stdio: 'inherit' })
  rmSync(outfile)
  if (run.status !== 0) process.exit(run.status ?? 1)
}

/** The walk through journal files, from AssemblyScript to WebAssembly, as text that is bundled like any other data. */
async function compileJournalWalk() {
  const { default: asc } = await import('assemblyscript/asc')
  const folder = 'src/formats/journal-file/glance'
  let wasm = ''
  const flags = ['--optimizeLevel', '3', '--enable', 'simd', '--runtime', 'stub', '--initialMemory', String(JOURNAL_PAGES)]
  const { error, stderr } = await asc.main(
    [`${folder}/assembly/index.ts`, '--baseDir', root, '--outFile', 'walk.wasm', ...flags],
    {
      writeFile: (name, content) => {
        if (name === 'walk.wasm') wasm = Buffer.from(content).toString('base64')
      },
    },
  )
  if (error) {
    process.stderr.write(stderr.toString())
    process.exit(1)
  }
  writeFileSync(at(`${folder}/walk.json`), JSON.stringify({ wasm }))
}
/** Of 64 KB: all tables of fixed size; those of a file are added as it is read. */
const JOURNAL_PAGES = 12

async function bundle() {
  rmSync(at('dist'), { recursive: true, force: true })
  await build({
    ...common,
    entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
    outdir: 'dist',
    splitting: true,
    minify: true,
    keepNames: true,
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: requireShim },
    // Holds machine code, and only the fleet's commands want it.
    external: ['@duckdb/node-api'],
  })
  chmodSync(at('dist/cli.js'), 0o755)
  copyFileSync(at('src/report/inquest-report-1.schema.json'), at('dist/inquest-report-1.schema.json'))
  copyFileSync(at('src/fleet/report/inquest-fleet-report-1.schema.json'), at('dist/inquest-fleet-report-1.schema.json'))
  copyFileSync(at('src/fleet/spark/inquest_fleet.py'), at('dist/inquest_fleet.py'))
}

/** What package.json promises as `types`: index.d.ts and what it leads to, nothing else. */
function declare() {
  const tsc = at('node_modules/typescript/bin/tsc')
  const all = at('dist/.types')
  // The entry alone, with the project's own settings: tests and benches are nobody's types.
  const config = {
    extends: at('tsconfig.json'),
    compilerOptions: { rootDir: root },
    include: [at('src/**/*.d.ts')],
    files: [at('src/index.ts')],
  }
  mkdirSync(all)
  writeFileSync(join(all, 'tsconfig.json'), JSON.stringify(config))
  const flags = [
    '--declaration',
    '--emitDeclarationOnly',
    '--noEmit',
    'false',
    '--typeRoots',
    at('node_modules/@types'),
    '--outDir',
    all,
  ]
  const run = spawnSync(process.execPath, [tsc, '-p', all, ...flags], { stdio: 'inherit' })
  if (run.status !== 0) process.exit(run.status ?? 1)
  carry('index.d.ts', join(all, 'src'), at('dist/types'), new Set())
  rmSync(all, { recursive: true })
}

/** Copies a declaration and, through its imports, all that it speaks of. */
function carry(file, from, to, seen) {
  if (seen.has(file)) return
  seen.add(file)
  const text = readFileSync(join(from, file), 'utf8').replaceAll(
    /(from '\.[^']+|from "\.[^"]+|import\(["']\.[^"']+)\.ts(?=["'])/g,
    '$1.js',
  )
  mkdirSync(dirname(join(to, file)), { recursive: true })
  writeFileSync(join(to, file), text)
  for (const [, next] of text.matchAll(/(?:from |import\()["'](\.[^"']+)\.js["']/g))
    carry(join(dirname(file), `${next}.d.ts`), from, to, seen)
}

await compileJournalWalk()
await compileGrammars()
if (!process.argv.includes('--grammars-only')) {
  await bundle()
  declare()
}
