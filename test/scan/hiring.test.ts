/** For which files threads are started, and that they end. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Hiring } from '../../src/scan/hiring.ts'

const folder = mkdtempSync(join(tmpdir(), 'inquest-hiring-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** Whether there are threads already when the first log is read. */
async function startsFor(paths: readonly string[], threads: number): Promise<boolean> {
  const hiring = new Hiring(threads)
  hiring.ahead(paths)
  const { crew } = hiring as unknown as { crew: unknown } // its own affair
  await hiring.stop()
  return crew !== null
}

const text = fileOf('text.log', 'Nov 24 01:45:41 vm app[77]: a line\n')

test.each([
  ['a log', [text], 2, true],
  ['a log behind what is none', [join(folder, 'missing'), folder, text], 2, true],
  ['one thread', [text], 1, false],
  ['what is packed', [fileOf('a.gz', Buffer.from('1f8b0800', 'hex'))], 2, false],
  ['a journal', [fileOf('a.journal', Buffer.concat([Buffer.from('LPKSHHRH'), Buffer.alloc(60)]))], 2, false],
  ['what cannot be read', [join(folder, 'missing'), folder], 2, false],
])('%s', async (_, paths, threads, starts) => {
  expect(await startsFor(paths, threads)).toBe(starts)
})

test('a file of less than 64 MB is read by one', () => {
  truncateSync(text, 1e6)
  const hiring = new Hiring()
  expect(hiring.crewFor(1e6)).toBeNull()
})
