/** What holds for every report, whatever was read. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Analysis } from '../../src/index.ts'
import { reportNames, reports } from '../../src/report/registry.ts'
import { examine } from '../lab.ts'

const reportForms = await Promise.all(reportNames.map(name => reports[name]()))
const schema = JSON.parse(
  readFileSync(new URL('../../src/report/inquest-report-1.schema.json', import.meta.url), 'utf8'),
) as object
const validate = new Ajv2020({ allErrors: true, strict: false, validateFormats: false }).compile(schema)

/** A case takes milliseconds: one that takes this long will take for ever on a larger log. */
const HANG = 10_000

// All that a terminal acts on, and what would make one text look like another.
const RAW = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/

/** Why the report about these bytes is not sound; empty where it is. */
export async function faultsOf(bytes: Buffer): Promise<string[]> {
  const began = performance.now()
  const analysis = await examine(bytes)
  const faults = [...contract(analysis), ...accounting(analysis), ...forms(analysis)]
  const took = performance.now() - began
  if (took > HANG) faults.push(`took ${Math.round(took)} ms for ${bytes.length} bytes`)
  return faults
}

function contract({ report }: Analysis): string[] {
  validate(JSON.parse(JSON.stringify(report)))
  return (validate.errors ?? []).map(error => `${error.instancePath} ${error.message}`)
}

function accounting({ report, exitStatus, complaints }: Analysis): string[] {
  const faults: string[] = []
  const [input] = report.inputs
  if (!input || report.inputs.length > 1) return ['one input was given']
  const covered = report.coverage.hosts.flatMap(host => host.boots).reduce((sum, boot) => sum + boot.entries, 0)
  if (covered !== input.entries) faults.push(`${input.entries} entries read, ${covered} covered`)
  if (input.lost !== 0 && input.complete) faults.push('something was lost, and the input is said to be complete')
  if (!input.complete && input.problems.length === 0) faults.push('not complete, and no problem says why')
  if (input.problems.length > 0 && complaints.length === 0) faults.push('a problem that nobody is told')
  const weighty = report.incidents.some(({ severity }) => severity !== 'low' && severity !== 'info')
  const due = weighty ? 1 : input.entries === 0 ? 2 : input.complete ? 0 : 3
  if (exitStatus !== due) faults.push(`exit status ${exitStatus}, due is ${due}`)
  return faults
}

function forms({ report, explanation }: Analysis): string[] {
  return reportForms.flatMap(form => {
    const text = [...form.write(report, { color: false, width: 80, explanation })].join('')
    const raw = RAW.exec(text)
    return raw ? [`${form.name}: ${JSON.stringify(text.slice(Math.max(0, raw.index - 40), raw.index + 9))} is raw`] : []
  })
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void // what the flag exposes

/**
 * MB of memory that are really in use. V8 frees the buffers of a collection on a thread of its own and counts them
 * until it did (v8/src/heap/array-buffer-sweeper.cc): therefore again until the figure no longer falls.
 */
export async function heldMemory(): Promise<number> {
  const held = (): number => {
    collect()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return (heapUsed + arrayBuffers) / 1e6
  }
  let before = Number.POSITIVE_INFINITY
  for (let now = held(); before - now > 1; now = held()) {
    before = now
    await sleep(20)
  }
  return before
}
