// Bundles a program of this folder and runs it: `npm run bench [-- --megabytes N --rounds N --only WORD]` the bench, against dist/;
// `node bench/run.mjs generate.ts json 1000 15 > big.ndjson` another.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

const named = /^\w+\.ts$/.test(process.argv[2] ?? '')
const [program, rest] = named ? [process.argv[2], process.argv.slice(3)] : ['bench.ts', process.argv.slice(2)]
const folder = mkdtempSync(join(tmpdir(), 'inquest-bench-'))
const outfile = join(folder, program.replace('.ts', '.mjs'))
// CommonJS dependencies call require() for Node's own modules, which an ES module lacks.
const banner = { js: "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);" }
const bundled = (name, to) =>
  build({
    entryPoints: [join('bench', name)],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    banner,
    outfile: to,
    logLevel: 'warning',
  })
await bundled(program, outfile)
const unpacker = join(folder, 'unpacker.mjs')
if (!named) await bundled('unpack.ts', unpacker)
const run = spawnSync(process.execPath, [outfile, ...rest], {
  stdio: 'inherit',
  env: { ...process.env, INQUEST_UNPACKER: unpacker },
})
rmSync(folder, { recursive: true })
process.exit(run.status ?? 1)
