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

/** The walks over lines, from AssemblyScript to WebAssembly, as text that is bundled like any other data. */
async function compileWalks() {
  const { default: asc } = await import('assemblyscript/asc')
  const source = 'src/scan/assembly/index.ts'
  const flags = ['--optimizeLevel', '3', '--enable', 'simd', '--runtime', 'stub', '--initialMemory', String(WALK_PAGES)]
  const { error, stderr } = await asc.main([source, '--baseDir', root, '--outFile', 'walks.wasm', ...flags], {
    writeFile: (name, content) => {
      if (name === 'walks.wasm') walks = Buffer.from(content).toString('base64')
    },
  })
  if (error) {
    process.stderr.write(stderr.toString())
    process.exit(1)
  }
  writeFileSync(at('src/scan/walks.json'), JSON.stringify({ wasm: walks }))
}
let walks = ''
/** Of 64 KB: 1.2 MB of tables, and room for a block of lines (src/scan/walk.ts). */
const WALK_PAGES = 64

/** What runs in a thread of its own, as text: so it needs no file beside it, in a bundle or a test. */
async function bundleWorker() {
  const entryPoints = [at('src/scan/worker.ts')]
  const { outputFiles } = await build({ ...common, format: 'cjs', entryPoints, minify: true, write: false })
  writeFileSync(at('src/scan/worker.json'), JSON.stringify({ code: outputFiles[0].text }))
}

/** Data as text for JSON.parse, which reads it faster than V8 reads the same as source: 145 instead of 152 ms of CPU time for a small log. */
const dataAsText = {
  name: 'data-as-text',
  setup({ onLoad }) {
    onLoad({ filter: /\.json$/ }, ({ path }) => {
      const text = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')))
      return { contents: `export default JSON.parse(${JSON.stringify(text)})`, loader: 'js' }
    })
  },
}

async function bundle() {
  rmSync(at('dist'), { recursive: true, force: true })
  await build({
    ...common,
    plugins: [dataAsText],
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

await compileWalks()
await bundleWorker()
await compileGrammars()
if (!process.argv.includes('--grammars-only')) {
  await bundle()
  declare()
}
