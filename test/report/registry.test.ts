import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { reportNamed, reports } from '../../src/report/registry.ts'
import { labReport, written } from './sample.ts'

test('forms go by one name each, text first: it is the default', () => {
  expect(reports.map(({ name }) => name)).toEqual(['text', 'json', 'ndjson', 'markdown', 'html'])
  expect(reports.map(({ name }) => reportNamed(name))).toEqual(reports)
  expect(reportNamed('pdf')).toBeUndefined()
})

test.each(reports.map(form => [form.name, form] as const))('%s is tested, and says what it is for in a clause', (name, form) => {
  expect(existsSync(new URL(`./${name}.test.ts`, import.meta.url))).toBe(true)
  expect(form.about).toMatch(/^[^A-Z].{10,80}[^.]$/)
})

test.each(reports.map(({ name }) => name))('%s is the same bytes each time and ends its last line', async name => {
  const report = await labReport('rsyslog-kill-257', 'json', 'journal.json')
  expect(written(name, report)).toBe(written(name, report))
  expect(written(name, report)).toMatch(/[^\n]\n$/)
})
