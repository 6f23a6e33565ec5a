import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { reportNames, reports } from '../../src/report/registry.ts'
import { labReport, written } from './sample.ts'

test('forms go by one name each, text first: it is the default', async () => {
  expect(reportNames).toEqual(['text', 'json', 'ndjson', 'markdown', 'html'])
  for (const name of reportNames) expect((await reports[name]()).name).toBe(name)
})

test.each(reportNames)('%s is tested, and says what it is for in a clause', async name => {
  expect(existsSync(new URL(`./${name}.test.ts`, import.meta.url))).toBe(true)
  expect((await reports[name]()).about).toMatch(/^[^A-Z].{10,80}[^.]$/)
})

test.each(reportNames)('%s is the same bytes each time and ends its last line', async name => {
  const report = await labReport('rsyslog-kill-257', 'json', 'journal.json')
  expect(written(name, report)).toBe(written(name, report))
  expect(written(name, report)).toMatch(/[^\n]\n$/)
})
