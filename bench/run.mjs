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
await build({
  entryPoints: [join('bench', program)],
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  outfile,
  logLevel: 'warning',
})
const run = spawnSync(process.execPath, [outfile, ...rest], { stdio: 'inherit' })
rmSync(folder, { recursive: true })
process.exit(run.status ?? 1)
