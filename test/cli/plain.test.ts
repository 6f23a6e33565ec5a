import { expect, test } from 'vitest'
import { inquest } from './command.ts'

test('--plain reads every line, to the same report', () => {
  const log = new URL('../../fixtures/formats/json/input.log', import.meta.url).pathname
  const quick = inquest(['--format', 'json', log])
  expect(quick.out).toContain('"schema": "inquest-report/1"')
  expect(inquest(['--format', 'json', '--plain', log])).toEqual(quick)
})
