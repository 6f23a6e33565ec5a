// Builds the package: the grammars become plain data first, so that an ordinary run loads no parser generator
// (chevrotain costs 0.1 to 0.4 s at every start), then everything is bundled.
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { devNull } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const at = path => join(root, path)
const { version, optionalDependencies, peerDependencies } = JSON.parse(readFileSync(at('package.json'), 'utf8'))
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

/** JSON.parse reads a long text several times as fast as the parser reads it as a program. */
const jsonAsText = {
  name: 'json-as-text',
  setup({ onLoad }) {
    onLoad({ filter: /grammars\/shipped.*\.json$/ }, ({ path }) => ({
      contents: `export default JSON.parse(${JSON.stringify(readFileSync(path, 'utf8'))})`,
    }))
  },
}

async function compileGrammars() {
  mkdirSync(at('dist'), { recursive: true })
  const outfile = at('dist/.compile.mjs')
  await build({ ...common, entryPoints: ['grammars/compile-shipped.ts'], outfile, banner: { js: requireShim } })
  const run = spawnSync(process.execPath, [outfile, at('grammars')], { stdio: 'inherit' })
  rmSync(outfile)
  if (run.status !== 0) process.exit(run.status ?? 1)
}

/** A walk over bytes, from AssemblyScript to WebAssembly, as text that is bundled like any other data. */
async function compileWalk({ source, to, pages }) {
  const { default: asc } = await import('assemblyscript/asc')
  let wasm = ''
  const flags = ['--optimizeLevel', '3', '--enable', 'simd', '--runtime', 'stub', '--initialMemory', String(pages)]
  const { error, stderr } = await asc.main([source, '--baseDir', root, '--outFile', 'walk.wasm', ...flags], {
    writeFile: (name, content) => {
      if (name === 'walk.wasm') wasm = Buffer.from(content).toString('base64')
    },
  })
  if (error) {
    process.stderr.write(stderr.toString())
    process.exit(1)
  }
  writeFileSync(at(to), JSON.stringify({ wasm }))
}

/** `pages` of 64 KB hold tables of fixed size and a block of bytes; the journals' are added to as a file is read. */
const WALKS = [
  { source: 'src/scan/assembly/index.ts', to: 'src/scan/walks.json', pages: 64 },
  { source: 'src/formats/journal-file/glance/assembly/index.ts', to: 'src/formats/journal-file/glance/walk.json', pages: 12 },
  { source: 'src/bytes/pump/assembly/pack.ts', to: 'src/bytes/pump/pack.json', pages: 4 },
]

/** What runs in a thread of its own, as text: so it needs no file beside it, in a bundle or a test. */
async function bundleWorker(source) {
  const { outputFiles } = await build({ ...common, format: 'cjs', entryPoints: [at(source)], minify: true, write: false })
  writeFileSync(at(source.replace(/ts$/, 'json')), JSON.stringify({ code: outputFiles[0].text }))
}

const WORKERS = ['src/scan/worker.ts', 'src/bytes/pump/worker.ts']

const packed = {
  ...common,
  outdir: 'dist',
  plugins: [jsonAsText],
  // Large, some with machine code, and only the fleet's commands want them.
  external: Object.keys({ ...optionalDependencies, ...peerDependencies }),
}

async function bundle() {
  rmSync(at('dist'), { recursive: true, force: true })
  await build({
    ...packed,
    entryPoints: { index: 'src/index.ts' },
    splitting: true,
    minify: true,
    keepNames: true,
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: requireShim },
  })
  await command()
  copyFileSync(at('src/report/inquest-report-1.schema.json'), at('dist/inquest-report-1.schema.json'))
  copyFileSync(at('src/fleet/report/inquest-fleet-report-1.schema.json'), at('dist/inquest-fleet-report-1.schema.json'))
  copyFileSync(at('src/fleet/spark/inquest_fleet.py'), at('dist/inquest_fleet.py'))
}

/** dist/cli.js, and beside it the command in one file, which V8 compiles now and not at every start (src/cli/compiled.ts). */
async function command() {
  const built = await build({
    ...packed,
    entryPoints: { program: 'src/cli/main.ts' },
    entryNames: '[name]-[hash]',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    write: false,
    // Names stay as they are: somebody will send us a trace.
    minifySyntax: true,
    minifyWhitespace: true,
    define: { ...common.define, 'import.meta.url': 'inquestUrl' },
    // A script that V8 has cached cannot import what is outside; it is CommonJS anyway.
    supported: { 'dynamic-import': false },
    banner: { js: '(function (require, module, inquestUrl) {' },
    footer: { js: '})' },
  })
  const [{ path: program, text }] = built.outputFiles
  // Half the memory, and no decoding at a start. esbuild leaves such letters in regular expressions alone.
  writeFileSync(
    program,
    text.replace(/[^\0-\x7f]/g, letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`),
  )
  await build({
    ...common,
    entryPoints: { cli: 'src/cli/start.ts', '.precompile': 'src/cli/precompile.ts' },
    outdir: 'dist',
    minify: true,
    define: { ...common.define, INQUEST_PROGRAM: JSON.stringify(basename(program)) },
  })
  chmodSync(at('dist/cli.js'), 0o755)
  const samples = ['short', 'json'].map(form => at(`fixtures/lab/rsyslog-stoprace-255/${form}.log.gz`))
  const run = spawnSync(process.execPath, [at('dist/.precompile.js'), '--output', devNull, ...samples], { stdio: 'inherit' })
  if (run.status !== 1) throw new Error(`the analysis of the samples ended with ${run.status}; they hold an incident`)
  const again = spawnSync(process.execPath, [at('dist/.precompile.js')], { stdio: 'inherit' })
  if (again.status !== 0) throw new Error('V8 does not take what it compiled for the command a moment ago')
  rmSync(at('dist/.precompile.js'))
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

for (const walk of WALKS) await compileWalk(walk)
for (const worker of WORKERS) await bundleWorker(worker)
await compileGrammars()
if (!process.argv.includes('--grammars-only')) {
  await bundle()
  declare()
}
