import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { type Found, gather } from '../../src/where/gather.ts'

/** A directory for a test file's own trees, removed behind it. */
export function workshop(): string {
  const dir = mkdtempSync(join(tmpdir(), 'inquest-test-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Files by path; `→ target` makes a link. */
export function plant(dir: string, files: Record<string, string | Buffer>): string {
  for (const [path, content] of Object.entries(files)) {
    const at = join(dir, path)
    mkdirSync(dirname(at), { recursive: true })
    if (typeof content === 'string' && content.startsWith('→ ')) symlinkSync(content.slice(2), at)
    else writeFileSync(at, content)
  }
  return dir
}

/** Runs an installed command; answers its standard output. */
export function run(command: string, args: readonly string[], options: { input?: string | Buffer; cwd?: string } = {}): Buffer {
  return execFileSync(command, [...args], { maxBuffer: 1 << 27, ...options })
}

/** A directory's archive beside it. */
export function archive(dir: string, ending: 'tar' | 'tar.gz' | 'tar.xz' | 'tar.zst' | 'zip'): string {
  const path = `${dir}.${ending}`
  if (ending === 'zip') execFileSync('zip', ['-qry', path, '.'], { cwd: dir })
  else execFileSync('tar', ['-caf', path, '.'], { cwd: dir })
  return path
}

/** What is found, in short: logs by their label behind the place, journals, what is unread. */
export async function found(path: string, limit?: { bytes: number; ratio: number }): Promise<string[]> {
  const told: string[] = []
  const tell = (one: Found) => {
    if (one.kind === 'journals') return one.files.map(file => `journal ${file.path.replace(path, '')}`)
    if (one.kind === 'unread') return one.problems.map(({ message }) => `unread ${one.label.replace(path, '')} ${message}`)
    return [
      `${one.headless ? 'headless' : one.maybe ? 'maybe' : 'log'} ${one.label.replace(path, '')}${one.host ? ` of ${one.host}` : ''}`,
    ]
  }
  for await (const one of gather([path], { head: 4096, site: () => {}, ...(limit && { limit }) })) {
    told.push(...tell(one))
    if (one.kind !== 'log') continue
    for await (const _ of one.headed.chunks) {
      // Problems come with the last of it.
    }
    told.push(...one.bytes.problems.map(({ message }) => `  ${message}`))
  }
  return told
}
