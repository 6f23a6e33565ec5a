import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBlock } from '../../src/bytes/lz4-block.ts'
import { BLOCK, Packer } from '../../src/bytes/pump/packer.ts'
import { bytes } from '../lab.ts'

const packer = new Packer()

function holds(block: Buffer): number {
  const packed = Buffer.from(packer.packed(block))
  const target = Buffer.alloc(BLOCK)
  if (packed.length === block.length) expect(packed.equals(block)).toBe(true)
  else {
    expect(decodeBlock(packed, 0, packed.length, target, 0)).toBe(block.length)
    expect(target.subarray(0, block.length).equals(block)).toBe(true)
  }
  return packed.length
}

test('what is packed is what it was, whatever it is', () => {
  const few = fc.uint8Array({ maxLength: 400, max: 3 })
  const parts = fc.array(fc.tuple(fc.oneof(few, fc.uint8Array({ maxLength: 400 })), fc.integer({ min: 1, max: 60 })), {
    minLength: 1,
    maxLength: 6,
  })
  fc.assert(
    fc.property(parts, all => {
      const block = Buffer.concat(all.flatMap(([part, times]) => Array.from({ length: times }, () => part)))
      holds(block.subarray(0, BLOCK))
    }),
    { numRuns: 2000 },
  )
})

test("a log's blocks are packed to a part of what they were", () => {
  const log = bytes('healthy-257', 'json')
  let size = 0
  for (let at = 0; at < log.length; at += BLOCK) size += holds(log.subarray(at, at + BLOCK))
  expect(size).toBeLessThan(log.length / 3)
})
