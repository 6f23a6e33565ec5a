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
import { walkModule } from '../../src/scan/module.ts'
import { Ranger } from '../../src/scan/ranger.ts'
import { Walk } from '../../src/scan/walk.ts'
import { logs } from '../hostile/damage.ts'
import { bytes, formsOf, NOW, runs } from '../lab.ts'
import { logOf } from './logs.ts'

const folder = mkdtempSync(join(tmpdir(), 'inquest-same-'))
afterAll(() => rmSync(folder, { recursive: true }))

const report = async (options: AnalyzeOptions, inputs: readonly string[]): Promise<string> =>
  JSON.stringify(await analyzeWith(shipped, inputs, { now: NOW, timezone: 'Europe/Berlin', ...options }))

/** The largest block there is room for. */
const LARGE = 1e9

/** From files, which are looked at twice where that is needed. */
async function holdsForFiles(logs: readonly Buffer[], block = LARGE): Promise<void> {
  const paths = logs.map((log, index) => {
    const path = join(folder, `${index}.log`)
    writeFileSync(path, log)
    return path
  })
  expect(await report({ block }, paths)).toBe(await report({ plain: true }, paths))
}

/** From a pipe, in pieces. */
async function holdsForPipe(log: Buffer, size: number, block = LARGE): Promise<void> {
  const piped = (options: AnalyzeOptions) => report({ ...options, stdin: Readable.from(cut(log, size)) }, ['-'])
  expect(await piped({ block })).toBe(await piped({ plain: true }))
}

function* cut(log: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < log.length; at += size) yield log.subarray(at, at + size)
}

/** What threads do, in this one, and without regard to whether a stretch is worth it. */
const inRanges = (size: number, margin: number): NonNullable<AnalyzeOptions['ahead']> =>
  async function* (source, aim) {
    const module = walkModule()
    const walk = module && Walk.over(module, aim)
    if (!walk) throw new Error('no WebAssembly here')
    const ranger = new Ranger(walk, 1)
    for (let at = 0; at < source.size; at += size)
      yield { to: at + size, stretches: ranger.stretches(at, size, margin, (target, offset) => source.read(offset, target)) }
  }

/** Made-up logs of each kind; by hand thousands. */
const CASES = Number(process.env.INQUEST_CASES ?? 200)
const seeds = fc.nat(1e9)
const blocks = fc.oneof(fc.constant(LARGE), fc.integer({ min: 300, max: 20_000 }))
const sizes = fc.integer({ min: 150, max: 40_000 })
const LONG = 600_000

describe('the same report, whether every line is read or not', () => {
  test('made-up logs, each in a file', { timeout: LONG }, () =>
    fc.assert(
      fc.asyncProperty(seeds, blocks, (seed, block) => holdsForFiles([logOf(seed)], block)),
      { numRuns: CASES },
    ),
  )

  test('made-up logs, others having walked ahead over ranges of any size', { timeout: LONG }, () =>
    fc.assert(
      fc.asyncProperty(
        seeds,
        fc.integer({ min: 100, max: 30_000 }),
        fc.integer({ min: 1, max: 2000 }),
        async (seed, size, margin) => {
          const path = join(folder, 'ranges.log')
          writeFileSync(path, logOf(seed))
          expect(await report({ block: LARGE, ahead: inRanges(size, margin) }, [path])).toBe(
            await report({ plain: true }, [path]),
          )
        },
      ),
      { numRuns: CASES },
    ),
  )

  test('made-up logs of the same hosts and boots, three files together', { timeout: LONG }, () =>
    fc.assert(
      fc.asyncProperty(seeds, seeds, seeds, (...three) => holdsForFiles(three.map(logOf))),
      { numRuns: CASES / 2 },
    ),
  )

  test('a boot whose first line has a spoiled stamp, so that nobody knows whose it is', async () => {
    const lines = [
      'Dec 31 23:56:27 db-1 systemd[1]: systemd 257.1-1 running in system mode (+PAM)',
      '-- Reboot --',
      'Dec 31 23:56:2x vm-web-07 systemd[1]: Started Flush Journal to Persistent Storage.',
      'Dec 31 23:56:27 vm-web-07 cron[3134]: request 93639 served in 87 ms',
      'Dec 31 23:56:28 db-1 sshd[1040]: user said "hello" and so on',
      'Dec 31 23:56:28 vm-web-07 app[400]: request 92642 served in 18 ms',
    ]
    await holdsForFiles([Buffer.from(lines.join('\n').concat('\n'))])
    await holdsForFiles([logOf(379873758)], 300)
  })

  // The middle one's boots are those of a journal; of one of them the text of the others tells nothing that matters.
  test('a boot of which nothing is told but that it was', () => holdsForFiles([202019209, 448733302, 0].map(logOf)))

  test('made-up logs, each through a pipe', { timeout: LONG }, () =>
    fc.assert(
      fc.asyncProperty(seeds, sizes, blocks, (seed, size, block) => holdsForPipe(logOf(seed), size, block)),
      { numRuns: CASES },
    ),
  )

  test('every small log among the fixtures', { timeout: LONG }, async () => {
    for (const log of logs) await holdsForFiles([log])
  })

  test.each(runs)('the lab: %s', async run => {
    for (const form of formsOf(run)) {
      await holdsForFiles([bytes(run, form)])
      await holdsForPipe(bytes(run, form), 30_000)
    }
  })

  test.each(['json', 'text'] as const)('a log of several ranges, on two threads: %s', { timeout: LONG }, async form => {
    const path = join(folder, 'large.log')
    for (const storm of [false, true]) {
      writeFileSync(path, [...generate({ form, megabytes: 5, pid1: 15, storm })].join(''))
      // Long enough for the threads to be there before it ends.
      const paths = Array<string>(storm ? 1 : 8).fill(path)
      expect(await report({ threads: 2 }, paths)).toBe(await report({ threads: 1 }, paths))
    }
  })

  test.each(['json', 'text'] as const)('a long log: %s', { timeout: LONG }, async form => {
    for (const storm of [false, true]) {
      const log = Buffer.from([...generate({ form, megabytes: 3, pid1: 15, storm })].join(''))
      await holdsForFiles([log])
      await holdsForPipe(log, 65_536)
    }
  })
})
