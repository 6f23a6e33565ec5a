import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOfName, nameOf } from '../../src/bytes/tree.ts'

describe('a name in a tree', () => {
  it('is its text where it is UTF-8', () => {
    expect(nameOf(Buffer.from('journal-ä€😀.log'))).toBe('journal-ä€😀.log')
  })

  it('gives back its very bytes, whatever they are', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 20 }).map(text => new Uint8Array(Buffer.from(text))),
      fc
        .array(fc.constantFrom(0xed, 0xb2, 0x80, 0xf0, 0x9f, 0x98, 0xef, 0xbf, 0xbd, 0x41), { maxLength: 12 })
        .map(list => Uint8Array.from(list)),
    )
    fc.assert(
      fc.property(bytes, name => {
        expect(bytesOfName(nameOf(name)).equals(Buffer.from(name))).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })
})
