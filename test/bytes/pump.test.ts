/** Two threads that read a pipe, played by one: whatever each of them does next, the stream comes whole, and is kept whole. */
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { Part } from '../../src/bytes/pump/part.ts'
import { Ring } from '../../src/bytes/pump/ring.ts'
import { Spill } from '../../src/bytes/pump/spill.ts'
import { bytes } from '../lab.ts'

const MOST = 4 << 20
const STEP = 1 << 16
/** No two blocks of it are alike. */
const stream = Buffer.concat(
  Array.from({ length: 40 }, (_, index) => Buffer.concat([Buffer.from(`${index}\n`), bytes('run-full-252', 'json')])),
)

const acts = fc.array(
  fc.record({
    /** What a read of the pipe brings: mostly all that is asked for. */
    reads: fc.array(fc.oneof({ weight: 9, arbitrary: fc.constant(STEP) }, fc.integer({ min: 1, max: STEP })), {
      minLength: 5,
      maxLength: 60,
      size: 'max',
    }),
    takes: fc.nat(20),
  }),
  { minLength: 1, maxLength: 12 },
)

interface Play {
  /** What was read of the stream. */
  whole: Buffer
  taken: Buffer
  kept: Buffer
  end: number
  /** Whether one left, whether one did not leave something to the other. */
  leaves: Set<boolean>
}

async function play(all: readonly { reads: readonly number[]; takes: number }[], atHand: number): Promise<Play> {
  const ring = new Ring()
  const spill = new Spill(0, atHand)
  const part = new Part(spill.part().shared)
  const leaves = new Set<boolean>()
  const taken: Buffer[] = []
  let [read, gone] = [0, 0]
  function fill(count: number): void {
    if (read - gone > MOST - STEP || read === stream.length) return
    const room = ring.room()
    const size = stream.copy(room, 0, read, Math.min(read + count, read + room.length))
    const left = ring.leave()
    leaves.add(left)
    left ? part.passOver(size) : part.pass(room.subarray(0, size))
    ring.put(size)
    read += size
  }
  function take(): boolean {
    const chunk = ring.filled()
    for (const { bytes, left } of ring.steps(chunk)) left ? spill.pass(bytes) : spill.passOver(bytes.length)
    taken.push(Buffer.from(chunk))
    gone += chunk.length
    ring.take(chunk.length)
    return chunk.length > 0
  }
  for (const { reads, takes } of all) {
    reads.forEach(fill)
    for (let count = 0; count < takes && take(); count++);
  }
  ring.end()
  while (take());
  await spill.stop()
  const kept: Buffer[] = []
  for (const block of spill.kept()) kept.push(Buffer.from(block))
  await spill.close()
  return { whole: stream.subarray(0, read), taken: Buffer.concat(taken), kept: Buffer.concat(kept), end: spill.end, leaves }
}

/** A reader that lags behind: of this each keeps some, and more than is kept in memory. */
const LAGGING: [Parameters<typeof play>[0], number] = [[{ reads: Array.from({ length: 60 }, () => STEP), takes: 0 }], 1000]

afterEach(() => vi.unstubAllEnvs())

test('what one leaves the other keeps', async () => {
  const seen = new Set<boolean>()
  const holds = async (all: Parameters<typeof play>[0], atHand: number): Promise<void> => {
    const { whole, taken, kept, end, leaves } = await play(all, atHand)
    expect(taken.equals(whole)).toBe(true)
    expect(kept.equals(whole)).toBe(true)
    expect(end).toBe(Number.POSITIVE_INFINITY)
    for (const left of leaves) seen.add(left)
  }
  await fc.assert(fc.asyncProperty(acts, fc.nat(200_000), holds), { numRuns: 60, examples: [LAGGING] })
  expect(seen.size).toBe(2)
})

test('where one has no room, what lies before is whole', async () => {
  vi.stubEnv('TMPDIR', '/nowhere')
  let least = Number.POSITIVE_INFINITY
  const holds = async (all: Parameters<typeof play>[0], atHand: number): Promise<void> => {
    const { whole, taken, kept, end } = await play(all, atHand)
    expect(taken.equals(whole)).toBe(true)
    const most = Math.min(end, whole.length)
    expect(kept.subarray(0, most).equals(whole.subarray(0, most))).toBe(true)
    least = Math.min(least, end)
  }
  await fc.assert(fc.asyncProperty(acts, fc.nat(200_000), holds), { numRuns: 60, examples: [LAGGING] })
  expect(least).toBeLessThan(STEP * 60)
})
