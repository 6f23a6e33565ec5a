import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AT } from '../../src/formats/fields.ts'
import { wholeFields } from '../../src/formats/object.ts'
import { pick } from '../../src/formats/pick.ts'
import { fixture } from './fixture.ts'

const name = fc.oneof(fc.constantFrom(...Object.keys(AT)), fc.string({ maxLength: 12 }))
const value = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('a\nb', 'a"b', 'a\\', '\\"', '\u0000', '}', '","MESSAGE":"x'),
  fc.constant(null),
)
const odd = fc.oneof(value, fc.array(fc.nat({ max: 255 })), fc.array(fc.string()), fc.integer(), fc.boolean())

describe('picking fields out of a line of JSON', () => {
  it('gives what parsing it gives, whatever is in it', () => {
    fc.assert(
      fc.property(fc.dictionary(name, value, { noNullPrototype: true }), fc.constantFrom(0, 1), (object, spaces) => {
        const line = JSON.stringify(object, null, spaces).replaceAll('\n', ' ')
        const picked = pick(line)
        if (picked) expect(picked).toEqual(wholeFields(JSON.parse(line)))
      }),
      { numRuns: 2000 },
    )
  })

  it('leaves arrays, numbers and nested objects to the parser', () => {
    fc.assert(
      fc.property(fc.dictionary(name, odd, { noNullPrototype: true }), object => {
        const picked = pick(JSON.stringify(object))
        if (picked) expect(picked).toEqual(wholeFields(JSON.parse(JSON.stringify(object))))
      }),
      { numRuns: 1000 },
    )
    expect(pick('{"MESSAGE":[70,114]}')).toBeNull()
    expect(pick('{"PRIORITY":6,"MESSAGE":"x"}')).toBeNull()
  })

  it('takes every line of a real log, so that the fast way is the usual one', () => {
    const lines = fixture('json').toString().trim().split('\n')
    expect(lines.filter(line => pick(line) === null)).toEqual([])
  })

  it('takes no text that stops early for a whole one', () => {
    const line = fixture('json').toString().split('\n')[0] ?? ''
    for (let end = 0; end < line.length; end++) expect(pick(line.slice(0, end))).toBeNull()
  })
})
