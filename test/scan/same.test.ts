/** The quick ways give the reports of the plain one, byte for byte. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { generate } from '../../bench/generate.ts'
import { type AnalyzeOptions, analyzeWith } from '../../src/analyze.ts'
import { shipped } from '../../src/rules/shipped.ts'
import { logs } from '../hostile/damage.ts'
import { bytes, formsOf, NOW, runs } from '../lab.ts'
import { logOf } from './logs.ts'

const folder = mkdtempSync(join(tmpdir(), 'inquest-same-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'input.log')

const report = async (options: AnalyzeOptions, input: string): Promise<string> =>
  JSON.stringify(await analyzeWith(shipped, [input], { now: NOW, timezone: 'Europe/Berlin', ...options }))

/** From a file, which is looked at twice where that is needed. */
async function holdsForFile(log: Buffer): Promise<void> {
  writeFileSync(path, log)
  expect(await report({ eager: true }, path)).toBe(await report({ plain: true }, path))
}

/** From a pipe, in pieces. */
async function holdsForPipe(log: Buffer, size: number): Promise<void> {
  const piped = (options: AnalyzeOptions) => report({ ...options, stdin: Readable.from(cut(log, size)) }, '-')
  expect(await piped({ eager: true })).toBe(await piped({ plain: true }))
}

function* cut(log: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < log.length; at += size) yield log.subarray(at, at + size)
}

const seeds = fc.nat(1e9)
const LONG = 600_000

describe('the same report, whether every line is read or not', () => {
  test('1,000 made-up logs, each in a file', { timeout: LONG }, () =>
    fc.assert(
      fc.asyncProperty(seeds, seed => holdsForFile(logOf(seed))),
      { numRuns: 1000 },
    ),
  )

  test('1,000 made-up logs, each through a pipe', { timeout: LONG }, () =>
    fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 150, max: 40_000 }), (seed, size) => holdsForPipe(logOf(seed), size)),
      { numRuns: 1000 },
    ),
  )

  test('every small log among the fixtures', { timeout: LONG }, async () => {
    for (const log of logs) await holdsForFile(log)
  })

  test.each(runs)('the lab: %s', async run => {
    for (const form of formsOf(run)) {
      await holdsForFile(bytes(run, form))
      await holdsForPipe(bytes(run, form), 30_000)
    }
  })

  test('two lines of text that fill the block of the walk', async () => {
    const line = (second: number, message: string) => `Nov 24 01:45:${second} vm app[77]: ${message}\n`
    const long = [line(12, 'x'.repeat(2_600_000)), line(13, 'y'.repeat(2_700_000))]
    await holdsForFile(Buffer.from([line(10, 'one'), line(11, 'two'), ...long, line(14, 'three')].join('')))
  })

  test.each(['json', 'text'] as const)('a long log: %s', { timeout: LONG }, async form => {
    for (const storm of [false, true]) {
      const log = Buffer.from([...generate({ form, megabytes: 3, pid1: 15, storm })].join(''))
      await holdsForFile(log)
      await holdsForPipe(log, 65_536)
    }
  })
})
