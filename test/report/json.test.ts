import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyReport, written } from './sample.ts'

test('json is the report, and safe on a terminal', () => {
  fc.assert(
    fc.property(anyReport, report => {
      const out = written('json', report, { explanation: ['not in here'] })
      expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(report)))
      expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
    }),
    { numRuns: 300 },
  )
})
