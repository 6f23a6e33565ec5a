/** The command as a user starts it: a process of its own, from the source as it is. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll } from 'vitest'
import { bytes } from '../lab.ts'

const root = new URL('../..', import.meta.url).pathname
const { optionalDependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
  string,
  Record<string, string>
>
export const folder: string = mkdtempSync(join(tmpdir(), 'inquest-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts' },
  outdir: join(folder, 'built'),
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'error',
  external: Object.keys({ ...optionalDependencies, ...peerDependencies }),
  banner: { js: "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);" },
  outExtension: { '.js': '.mjs' },
})

// What is not bundled is found from where the bundle lies.
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))

export const program: string = join(folder, 'built/cli.mjs')

export interface Ran {
  status: number | null
  out: string
  err: string
}

export function inquest(args: readonly string[], input: string | Buffer = '', env: Record<string, string> = {}): Ran {
  const ran = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    input,
    env: { PATH: process.env.PATH, TZ: 'UTC', ...env },
    maxBuffer: 1e8,
  })
  return { status: ran.status, out: ran.stdout.toString(), err: ran.stderr.toString() }
}

/** As typed; `inquest` is the command. */
export function shell(line: string): Ran {
  const script = `inquest() { "${process.execPath}" "${program}" "$@"; }\n${line}`
  const ran = spawnSync('bash', ['--norc', '-c', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
    env: { PATH: process.env.PATH, TZ: 'UTC' },
    maxBuffer: 1e8,
  })
  return { status: ran.status, out: ran.stdout.toString(), err: ran.stderr.toString() }
}

export const crash: Buffer = bytes('rsyslog-kill-257', 'json')
export const healthy: Buffer = bytes('healthy-257', 'json')

export const left = (): string[] => readdirSync(folder).filter(name => name.includes('.inquest-'))
