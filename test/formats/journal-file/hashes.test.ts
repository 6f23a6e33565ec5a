/** Published vectors of the two hashes, and the decoders against the tools that pack. */
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lookup3 } from '../../../src/formats/journal-file/lookup3.ts'
import { unLz4 } from '../../../src/formats/journal-file/lz4.ts'
import { siphash24 } from '../../../src/formats/journal-file/siphash24.ts'
import { unXz } from '../../../src/formats/journal-file/xz.ts'

const hex = ({ hi, lo }: { hi: number; lo: number }) => hi.toString(16).padStart(8, '0') + lo.toString(16).padStart(8, '0')

test('siphash24: the vectors of its paper', () => {
  const into = { hi: 0, lo: 0 }
  const text = Uint8Array.from({ length: 64 }, (_, index) => index)
  const sip = (length: number) => {
    siphash24(text, 0, length, [0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c], into)
    return hex(into)
  }
  expect(sip(0)).toBe('726fdb47dd0e0e31')
  expect(sip(1)).toBe('74f839c593dc67fd')
  expect(sip(7)).toBe('ab0200f58b01d137')
  expect(sip(8)).toBe('93f5f5799a932462')
  expect(sip(15)).toBe('a129ca6149be45e5')
  expect(sip(63)).toBe('958a324ceb064572')
})

test('lookup3: the vectors of its author', () => {
  const into = { hi: 0, lo: 0 }
  const text = Buffer.from('xxFour score and seven years ago')
  lookup3(text, 2, text.length, into)
  expect(hex(into)).toBe('17770551ce7226e6')
  lookup3(text, 0, 0, into)
  expect(hex(into)).toBe('deadbeefdeadbeef')
})

describe('xz', () => {
  test.each([[], ['--check=none', '-0'], ['-9e'], ['--lzma2=lc=0,lp=2,pb=0'], ['--lzma2=dict=4KiB']])('%j', (...args) => {
    const text = Buffer.from(Array.from({ length: 60_000 }, (_, index) => `${(index * 7919) % 1013} `).join(''))
    const packed = execFileSync('xz', ['-c', ...args], { input: text, maxBuffer: 1 << 26 })
    expect(Buffer.compare(Buffer.from(unXz(packed, 0, packed.length, 1 << 24) ?? []), text)).toBe(0)
    expect(unXz(packed, 0, packed.length, 1000)).toBeNull()
  })
})

test('no bytes make a decoder throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      const xz = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 0, 0, 0, 0, 0, ...bytes])
      unXz(xz, 0, xz.length, 1 << 20)
      unLz4(Buffer.from([bytes.length, 0, 0, 0, 0, 0, 0, 0, ...bytes]), 0, bytes.length + 8, 1 << 20)
    }),
    { numRuns: 3000 },
  )
})
