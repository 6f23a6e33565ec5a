import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { Kept } from '../../src/bytes/kept.ts'
import { InputError } from '../../src/problems/problem.ts'

const { TMPDIR } = process.env
afterEach(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = TMPDIR
})

async function* stream(pieces: readonly Buffer[], fault?: Error): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    await new Promise(setImmediate)
    yield piece
  }
  if (fault) throw fault
}

/** What a chunk held is gone when the next is asked for. */
async function* lent(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    const own = Buffer.from(chunk)
    yield own
    own.fill(0xaa)
  }
}

/** Goes through it once, as far as `most` pieces or its end, and not even waiting for a read under way; then again. */
async function twice(kept: Kept, most: number): Promise<{ first: Buffer; second: Buffer }> {
  const before: Buffer[] = []
  const first = kept.first()[Symbol.asyncIterator]()
  while (before.length < most && !kept.full) {
    const next = await first.next()
    if (next.done) break
    before.push(Buffer.from(next.value))
  }
  void first.next().catch(() => {})
  void first.return?.(undefined)
  const after: Buffer[] = []
  for await (const piece of kept.second()) after.push(Buffer.from(piece))
  await kept.close()
  return { first: Buffer.concat(before), second: Buffer.concat(after) }
}

/** Small ones, and some that are longer than a block. */
const pieces = fc.array(
  fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(1, 1, 1, 1000)).map(([bytes, times]) => {
    return Buffer.concat(Array.from({ length: times }, () => bytes))
  }),
  { maxLength: 40 },
)

describe('a stream that is gone through twice', () => {
  test('is the same both times, wherever the first ended and however much of it lay in a file', () =>
    fc.assert(
      fc.asyncProperty(pieces, fc.nat(45), fc.nat(2000), fc.nat(4000), async (all, most, first, atHand) => {
        const whole = Buffer.concat(all)
        const read = await twice(new Kept(spill => spill.passed(lent(stream(all))), first, atHand), most)
        expect(read.second.equals(whole)).toBe(true)
        expect(whole.subarray(0, read.first.length).equals(read.first)).toBe(true)
      }),
      { numRuns: 200 },
    ))

  test('where there is no room the first ends early, and the second is whole', async () => {
    process.env.TMPDIR = '/nowhere'
    const all = Array.from({ length: 100 }, (_, n) => Buffer.alloc(100, n))
    const kept = new Kept(spill => spill.passed(lent(stream(all))), 1000, 100)
    const { first, second } = await twice(kept, 100)
    expect(kept.full).toBe(true)
    expect(first.length).toBeLessThan(10_000)
    expect(second.equals(Buffer.concat(all))).toBe(true)
  })

  test('what it throws it throws both times, behind what came before', async () => {
    const fault = new InputError('standard input: broke')
    const kept = new Kept(spill => spill.passed(stream([Buffer.from('a'), Buffer.from('b')], fault)))
    for (const pass of [kept.first(), kept.second()]) {
      const told: string[] = []
      const all = async (): Promise<void> => {
        for await (const piece of pass) told.push(piece.toString())
      }
      await expect(all()).rejects.toThrow('broke')
      expect(told).toEqual(['a', 'b'])
    }
    await kept.close()
  })
})
