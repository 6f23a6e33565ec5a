import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Report } from '../../src/report/report.ts'
import { anyReport, written } from './sample.ts'

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

test('each line is one incident that stands alone; no incident, no line', () => {
  fc.assert(
    fc.property(anyReport, (report: Report) => {
      const out = written('ndjson', report)
      const lines = out.split('\n').filter(line => line !== '')
      expect(lines.map(line => JSON.parse(line))).toEqual(
        report.incidents.map(incident => plain({ schema: report.schema, inputs: report.inputs, ...incident })),
      )
      expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
    }),
    { numRuns: 200 },
  )
})
