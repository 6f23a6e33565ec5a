/** The real command in a process of its own, with what it needs of memory. */
import { spawn } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export const scratch = mkdtempSync(join(tmpdir(), 'inquest-hostile-'))
const cli = join(scratch, 'cli.mjs')

/** Built from the sources that the other tests run, not from a dist that may be older. */
export async function buildCommand(): Promise<void> {
  await build({
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    entryPoints: ['src/cli/main.ts'],
    outfile: cli,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    external: ['@duckdb/node-api'],
    define: { INQUEST_VERSION: '"test"' },
    banner: {
      js: "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);",
    },
  })
}

export function clearAway(): void {
  rmSync(scratch, { recursive: true })
}

/** Writes the most memory that the process ever had, in KB, to its fourth descriptor when it ends. */
const MEASURE = `data:text/javascript,import{writeSync}from'node:fs';process.on('exit',()=>writeSync(3,String(process.resourceUsage().maxRSS)))`

export interface Run {
  status: number | null
  stdout: string
  stderr: string
  /** MB. */
  memory: number
}

/** `input` is what comes through the pipe; null: nothing does. `stdout`: a device that takes the report instead. */
export async function inquest(
  args: readonly string[],
  input: Iterable<string | Uint8Array> | null = null,
  stdout?: string,
): Promise<Run> {
  const measured = join(scratch, `memory-${Math.random()}`)
  const child = spawn(process.execPath, ['--import', MEASURE, cli, ...args], {
    stdio: [input ? 'pipe' : 'ignore', stdout ? openSync(stdout, 'w') : 'pipe', 'pipe', openSync(measured, 'w')],
    env: { ...process.env, TZ: 'UTC', NO_COLOR: '1' },
  })
  const texts = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    texts.stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    texts.stderr += text
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const { stdin } = child
  if (input && stdin) {
    stdin.on('error', () => {})
    stdin.setMaxListeners(0)
    for (const piece of input)
      if (!stdin.write(piece)) await new Promise(resolve => stdin.once('drain', resolve).once('close', resolve))
    stdin.end()
  }
  return { status: await ended, ...texts, memory: Number(readFileSync(measured, 'utf8')) / 1000 }
}
