// node test/deletion/run.mjs [FILE]: which lines of rules and signals could be deleted with nobody the wiser. Some minutes.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'inquest-deletion-'))
const outfile = join(folder, 'prove.mjs')
await build({
  absWorkingDir: root,
  entryPoints: ['test/deletion/prove.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  define: { INQUEST_VERSION: '"deletion"' },
  banner: { js: "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);" },
})
const run = spawnSync(process.execPath, [outfile, root, folder, ...process.argv.slice(2)], { stdio: 'inherit' })
rmSync(folder, { recursive: true })
process.exitCode = run.status ?? 1
