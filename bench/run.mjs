// npm run bench [-- --megabytes N --rounds N --only WORD]: bundles the bench and runs it against dist/.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

const folder = mkdtempSync(join(tmpdir(), 'inquest-bench-'))
const outfile = join(folder, 'bench.mjs')
await build({
  entryPoints: ['bench/bench.ts'],
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  outfile,
  logLevel: 'warning',
})
const run = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' })
rmSync(folder, { recursive: true })
process.exit(run.status ?? 1)
