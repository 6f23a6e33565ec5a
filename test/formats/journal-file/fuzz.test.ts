/** Real files with bytes changed at random: read to the end, in bounded time, and nothing false in what is shown. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { entriesOf, sample, withoutTail } from './samples.ts'
import { Truth } from './truth.ts'

const CASES = 700

/** What happens to a file: bits flip, bytes are written over, stretches go to nought or come from elsewhere in it, the end is cut. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.double({ min: 0, max: 1, noNaN: true }), bit: fc.nat(7) }),
  fc.record({
    kind: fc.constant('write' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    bytes: fc.uint8Array({ maxLength: 16 }),
  }),
  fc.record({ kind: fc.constant('nought' as const), at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(9000) }),
  fc.record({
    kind: fc.constant('copy' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(600),
  }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ kind: fc.constant('header' as const), place: fc.nat(33), value: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }) }),
)

function changed(bytes: Buffer, changes: readonly (typeof change extends fc.Arbitrary<infer Each> ? Each : never)[]): Buffer {
  let made: Buffer = Buffer.from(bytes)
  for (const one of changes) {
    if (one.kind === 'header') {
      if (made.length > 8 + one.place * 8 + 8) made.writeBigUInt64LE(one.value, 8 + one.place * 8)
      continue
    }
    const at = Math.floor(one.at * Math.max(0, made.length - 1))
    if (one.kind === 'flip') made[at] = (made[at] ?? 0) ^ (1 << one.bit)
    else if (one.kind === 'write') made.set(one.bytes.subarray(0, made.length - at), at)
    else if (one.kind === 'nought') made.fill(0, at, Math.min(made.length, at + one.length))
    else if (one.kind === 'copy')
      made.copyWithin(at, Math.floor(one.from * made.length), Math.floor(one.from * made.length) + one.length)
    else made = made.subarray(0, at)
  }
  return made
}

test.each(['healthy-247', 'healthy-262', 'mounts-storm-257'])('%s', name => {
  const bytes = withoutTail(sample(name))
  const truth = new Truth(bytes)
  let slowest = 0
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), changes => {
      const from = performance.now()
      const { entries, account } = entriesOf(changed(bytes, changes))
      slowest = Math.max(slowest, performance.now() - from)
      // A copied stretch makes a second entry of a true one: the same fields at another place.
      const copied = changes.some(({ kind }) => kind === 'copy' || kind === 'write')
      if (!copied) expect(entries.flatMap(entry => truth.wrong(entry)).slice(0, 3)).toEqual([])
      if (entries.length < truth.count) expect(account.complete).toBe(false)
    }),
    { numRuns: CASES, seed: 20261124 },
  )
  expect(slowest).toBeLessThan(10_000)
})
