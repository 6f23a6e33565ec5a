/** Two threads that read a pipe, played by one: whatever each of them does next, the stream comes whole, and is kept whole. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
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

test('what one leaves the other keeps', async () => {
  const sides = new Set<boolean>()
  await fc.assert(
    fc.asyncProperty(acts, fc.nat(200_000), async (all, atHand) => {
      const ring = new Ring()
      const spill = new Spill(0, atHand)
      const part = new Part(spill.part().shared)
      const taken: Buffer[] = []
      let [read, gone] = [0, 0]
      function fill(count: number): void {
        if (read - gone > MOST - STEP || read === stream.length) return
        const room = ring.room()
        const size = stream.copy(room, 0, read, Math.min(read + count, read + room.length))
        const leaves = ring.leave()
        sides.add(leaves)
        leaves ? part.passOver(size) : part.pass(room.subarray(0, size))
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
      const whole = stream.subarray(0, read)
      expect(Buffer.concat(taken).equals(whole)).toBe(true)
      expect(spill.end).toBe(Number.POSITIVE_INFINITY)
      expect(Buffer.concat(kept).equals(whole)).toBe(true)
    }),
    { numRuns: 60 },
  )
  expect(sides.size).toBe(2)
})
