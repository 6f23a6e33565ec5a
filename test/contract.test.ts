/** Every report over the corpus is what the schema says, and the same bytes each time. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { analyze } from '../src/index.ts'
import type { Report } from '../src/report/report.ts'
import { bytes, examine, formsOf, NOW, runs } from './lab.ts'

const root = new URL('../fixtures/', import.meta.url).pathname
const schema = JSON.parse(readFileSync(new URL('../src/report/inquest-report-1.schema.json', import.meta.url), 'utf8')) as object
const validate = new Ajv2020({ allErrors: true, strict: false, validateFormats: false }).compile(schema)

const folders = (path: string): string[] =>
  readdirSync(join(root, path), { withFileTypes: true }).flatMap(entry => {
    const below = `${path}/${entry.name}`
    if (!entry.isDirectory()) return []
    return existsSync(join(root, below, 'expected.json')) ? [below] : folders(below)
  })

function faults(report: Report): string[] {
  validate(JSON.parse(JSON.stringify(report)))
  return [...(validate.errors ?? []).map(error => `${error.instancePath} ${error.message}`), ...promises(report)]
}

/** What the contract promises beyond the schema. */
function promises(report: Report): string[] {
  const wrong: string[] = []
  const ids = report.incidents.map(({ id }) => id)
  if (new Set(ids).size < ids.length) wrong.push('two incidents have one id')
  const rank = ['critical', 'high', 'medium', 'low', 'info']
  const ranks = report.incidents.map(({ severity }) => rank.indexOf(severity))
  if (ranks.some((each, index) => each < (ranks[index - 1] ?? 0))) wrong.push('not the most severe first')
  for (const { id, at, timeline, evidence, suspects, advice } of report.incidents) {
    const say = (what: string) => wrong.push(`${id}: ${what}`)
    if (timeline.length === 0) say('no timeline')
    if (evidence.for.some(({ refs }) => refs.length === 0)) say('evidence without a place')
    if (at !== null && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(at)) say(`at is ${at}`)
    // Not by `at`: a clock may have been set back, and `delta` is by the uptime then.
    const deltas = timeline.flatMap(step => (step.delta === null ? [] : [step.delta]))
    if (deltas.some((each, index) => each < (deltas[index - 1] ?? Number.NEGATIVE_INFINITY))) say('the timeline is not in order')
    if (suspects.some(({ rank }, index) => rank !== index + 1)) say('suspects are not ranked 1, 2, 3')
    const said = JSON.stringify([timeline, evidence, suspects, advice])
    for (const hole of ['{', 'undefined', 'NaN', '[object']) {
      const texts =
        said.replaceAll(/"message":"(?:[^"\\]|\\.)*"|"command":"(?:[^"\\]|\\.)*"/g, '').match(/"(?:[^"\\]|\\.)*"/g) ?? []
      if (texts.some(text => text.includes(hole))) say(`a text holds ${hole}`)
    }
  }
  return wrong
}

describe('the corpus', () => {
  test.each([...folders('incidents'), ...folders('articles'), ...folders('rules')])('%s', async path => {
    const inputs = readdirSync(join(root, path)).filter(name => name.startsWith('input'))
    const { report } = await analyze(
      inputs.map(name => join(root, path, name)),
      { timezone: 'UTC', now: NOW },
    )
    const wrong = faults(report)
    expect(wrong, wrong.join('\n')).toEqual([])
  })
})

describe('the lab', () => {
  test.each(runs.flatMap(run => formsOf(run).map(form => ({ run, form }))))('$run $form', async ({ run, form }) => {
    const { report } = await examine(bytes(run, form))
    const wrong = faults(report)
    expect(wrong, wrong.join('\n')).toEqual([])
    expect(JSON.stringify((await examine(bytes(run, form))).report)).toBe(JSON.stringify(report))
  })
})
