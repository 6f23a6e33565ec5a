/** Lines are passed over in blocks: a block may end anywhere, and what fills it all may be one line. */
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ReadOptions } from '../../src/entries/options.ts'
import { read } from '../../src/entries/read.ts'
import { shipped } from '../../src/rules/shipped.ts'
import { createMatcher } from '../../src/signals/match.ts'
import { NOW } from '../lab.ts'
import { logOf } from '../scan/logs.ts'

const sought = createMatcher(shipped.signals).sought(new Set(['pid1.froze']))

/** Pieces as pipes give them: of any size, not those of the blocks. */
function* pieces(log: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, nth = 0; at < log.length; nth++) {
    const size = sizes[nth % sizes.length] ?? 1
    yield log.subarray(at, at + size)
    at += size
  }
}

/** What was read, told in a line; throws where it does not come to an end in as many steps as that can take. */
async function account(log: Buffer, sizes: readonly number[], options: ReadOptions): Promise<string> {
  const stdin = Readable.from(pieces(log, sizes), { highWaterMark: 1 })
  const reading = read(['-'], { timezone: 'UTC', now: NOW, ...options, stdin })
  const least = Math.min(...sizes, options.block ?? 1e9)
  let steps = 4 + (4 * log.length) / least
  let entries = 0
  for await (const batch of reading.batches) {
    if (steps-- < 0) throw new Error('it turns in a circle')
    for (const item of batch) entries += 'words' in item ? item.all : 1
  }
  return JSON.stringify({ entries, inputs: reading.inputs, coverage: reading.coverage() })
}

async function same(log: Buffer, sizes: readonly number[], block: number): Promise<void> {
  expect(await account(log, sizes, { sought, block })).toBe(await account(log, sizes, {}))
}

const text = (second: number, message: string) => `Nov 24 01:45:${second} vm-web-07 app[77]: ${message}\n`
const json = (message: string) =>
  `{"__REALTIME_TIMESTAMP":"1795484741000000","_BOOT_ID":"b4e411756d944b56a7f2eb55d84326eb","_HOSTNAME":"vm-web-07","_TRANSPORT":"journal","_PID":"77","_COMM":"app","MESSAGE":${JSON.stringify(message)}}\n`
const calm = (form: typeof json) => Array.from({ length: 40 }, (_, index) => form(`request ${index} was served`)).join('')
const long = 'a line without an end '.repeat(200)

test('a boot that separators turn away from and back to, among lines that are read many at a time', async () => {
  const [first, other] = [...'ab'].map(host => (message: string) => text(41, message).replace('vm-web-07', host))
  if (!first || !other) throw new Error('two hosts')
  const boot = '-- Boot 1f9d2d8b5e604b1ca0e3f405162738f2 --\n'
  const read = json('an entry that is read').replace('"77"', `["77","${'7'.repeat(800)}"]`)
  const away = [first('x'), '-- Reboot --\n', first('x').replace('Nov 24', 'Nov 22'), boot].join('')
  const log =
    boot + calm(other) + calm(json) + read.repeat(80) + away + read.repeat(80) + calm(json).repeat(20) + calm(other) + calm(first)
  await same(Buffer.from(log), [1_000_000], 1_000_000)
})

describe('comes to an end where', () => {
  test.each([
    ['a line is longer than the block', (form: typeof json) => calm(form) + form(long) + calm(form)],
    ['it is the first', (form: typeof json) => form(long) + calm(form)],
    ['it is cut off', (form: typeof json) => calm(form) + form(long).slice(0, -30)],
    ['it follows on a line that waits for the next', (form: typeof json) => calm(form) + form('x') + long],
    ['it goes on in another', (form: typeof json) => `${calm(form)}${form(long)}    ${long}\n${calm(form)}`],
    ['there are but line ends', (form: typeof json) => calm(form) + '\n'.repeat(5000) + calm(form)],
  ])('%s', async (_, log) => {
    for (const form of [(message: string) => text(41, message), json]) {
      for (const block of [1000, 2000, 3000]) await same(Buffer.from(log(form)), [700, 1], block)
    }
  })

  test('a log is cut into other pieces than blocks, and ends in the middle', () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat(1e9),
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 200, max: 9000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (seed, sizes, block, share) => {
          const log = logOf(seed)
          await same(
            log.subarray(0, Math.ceil(share * log.length)),
            sizes.map(size => size + 20),
            block,
          )
        },
      ),
      { numRuns: 150 },
    ))
})
