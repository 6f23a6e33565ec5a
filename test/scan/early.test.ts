/** A thread that is started before the command is loaded: for which files, and that it does what any other does. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'
import { earlyThreads, startEarly } from '../../src/scan/early.ts'
import { bytes } from '../lab.ts'

const folder = mkdtempSync(join(tmpdir(), 'inquest-early-'))
afterAll(() => rmSync(folder, { recursive: true }))
const require = createRequire(import.meta.url)

const HEALTHY = bytes('healthy-257', 'json')
const CRASH = bytes('rsyslog-stoprace-255', 'json')
const large = join(folder, 'large.json')
writeFileSync(large, Buffer.concat([...Array.from({ length: Math.ceil(65e6 / HEALTHY.length) }, () => HEALTHY), CRASH]))

const small = join(folder, 'small.json')
writeFileSync(small, CRASH)
const other = join(folder, 'other')
writeFileSync(other, Buffer.from('LPKSHHRH\0\0\0\0'))
truncateSync(other, 65e6)

/** How many threads whoever reads the logs finds. */
function found(): number {
  const threads = earlyThreads()
  for (const { worker } of threads) void worker.terminate()
  return threads.length
}

const one = availableParallelism() > 1 ? 1 : 0

test.each([
  ['a large log, among other words', ['--format', 'json', large], one],
  ['several', [large, large], one],
  ['a small log', [small], 0],
  ['a large file that is no text', [other], 0],
  ['what is not there, or no file', [join(folder, 'missing'), folder, '', '-'], 0],
])('%s', (_, words, threads) => {
  startEarly(words, require)
  expect(found()).toBe(threads)
  expect(found()).toBe(0)
})

test('the report is the same', async () => {
  const plain = await analyze([large], { plain: true })
  startEarly([large], require)
  const early = await analyze([large])
  expect(found()).toBe(0)
  expect(early.report).toEqual(plain.report)
  expect(early.exitStatus).toBe(1)
})
