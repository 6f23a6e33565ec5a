// Builds the package: the grammars become plain data first, so that an ordinary run loads no parser generator
// (chevrotain costs 0.1 to 0.4 s at every start), then everything is bundled.
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
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
    external: [],
  })
  chmodSync(at('dist/cli.js'), 0o755)
  copyFileSync(at('src/report/inquest-report-1.schema.json'), at('dist/inquest-report-1.schema.json'))
}

function declare() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const run = spawnSync(
    process.execPath,
    [tsc, '-p', at('tsconfig.json'), '--declaration', '--emitDeclarationOnly', '--outDir', at('dist/types-all')],
    {
      stdio: 'inherit',
    },
  )
  if (run.status !== 0) process.exit(run.status ?? 1)
}

await compileGrammars()
if (!process.argv.includes('--grammars-only')) {
  await bundle()
  if (process.argv.includes('--types')) declare()
}
