/** The corpus is the referee: every observed incident, every article's excerpt, every twin and every run of the lab gets the diagnosis that fits and no other. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { analyze } from '../src/index.ts'
import { differences, type Expectation } from '../src/rules/expectation.ts'
import { inForm, type Truth } from './truth.ts'

// No line of the corpus is later, whatever the clock of the machine says.
const NOW = new Date('2026-11-26T00:00:00Z')
const root = new URL('../fixtures/', import.meta.url).pathname
const scratch = mkdtempSync(join(tmpdir(), 'inquest-fixtures-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const folders = (path: string) =>
  readdirSync(join(root, path), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
const cases = (path: string) => folders(path).map(name => `${path}/${name}`)

describe.each([
  ['incidents', cases('incidents')],
  ['articles', cases('articles')],
  ['rules', folders('rules').flatMap(rule => cases(`rules/${rule}`))],
])('%s', (_, paths) => {
  test.each(paths)('%s', async path => {
    const folder = join(root, path)
    const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expectation
    const inputs = readdirSync(folder)
      .filter(name => name.startsWith('input'))
      .sort()
    const { report, exitStatus } = await analyze(
      inputs.map(name => join(folder, name)),
      { ...expected.options, now: NOW },
    )
    const wrong = differences(expected, report, exitStatus)
    expect(wrong, wrong.join('\n')).toEqual([])
  })
})

describe('lab', () => {
  const runs = folders('lab').flatMap(run => {
    const truth = JSON.parse(readFileSync(join(root, 'lab', run, 'truth.json'), 'utf8')) as Truth
    const logs = readdirSync(join(root, 'lab', run)).filter(name => name.endsWith('.log.gz'))
    return logs.flatMap(log => {
      const form = log.replace('.log.gz', '')
      const expected = inForm(truth, form)
      return expected ? [{ run, form, log, expected }] : []
    })
  })

  test.each(runs)('$run $form', async ({ run, form, log, expected }) => {
    // Laid out as a plain file dated like the recording: gzip and pipes have tests of their own.
    const path = join(scratch, `${run}-${form}.log`)
    writeFileSync(path, gunzipSync(readFileSync(join(root, 'lab', run, log))))
    const { report, exitStatus } = await analyze([path], { timezone: 'UTC', now: NOW })
    const wrong = differences(expected, report, exitStatus)
    expect(wrong, wrong.join('\n')).toEqual([])
  })
})
