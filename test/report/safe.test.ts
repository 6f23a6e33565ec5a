import fc from 'fast-check'
import { expect, test } from 'vitest'
import { safe, safeCommand, safeJson, safeLine } from '../../src/report/safe.ts'

test.each([
  ['\x1b]0;owned\x07', '\\x1b]0;owned\\x07'],
  ['\x9b2J', '\\x9b2J'],
  ['a\x7f\rb', 'a\\x7f\\x0db'],
  ['exe.\u202egnp', 'exe.\\u202egnp'],
  ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
  ['\u{e0041}', '\\u{e0041}'],
  ['half \ud83d', 'half \\ud83d'],
  ['a\tb\nc', 'a    b\nc'],
  ['dev-disk\\x2dby.device 💥 漢字 é', 'dev-disk\\x2dby.device 💥 漢字 é'],
])('%j', (text, shown) => expect(safe(text)).toBe(shown))

test('a second line of a command would run by itself: it is shown', () => expect(safeCommand('a\nb\tc')).toBe('a\\x0ab\\x09c'))

test('one line stays one line', () => expect(safeLine('a\nb')).toBe('a b'))

test('nothing unsafe is left, and what is safe stays as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(safe(text).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      expect(safe(safe(text))).toBe(safe(text))
      expect(JSON.parse(safeJson(JSON.stringify(text)))).toBe(text)
    }),
    { numRuns: 2000 },
  )
})
