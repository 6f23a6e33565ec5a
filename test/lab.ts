/** The lab's logs in memory, and the pipeline over text in memory. */
import { readdirSync, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { type Analysis, type AnalyzeOptions, analyze } from '../src/index.ts'
import type { Incident } from '../src/report/report.ts'
import type { Truth } from './truth.ts'

const root = new URL('../fixtures/lab/', import.meta.url).pathname

/** No line of the lab is later, whatever the clock of the machine says. */
export const NOW = new Date('2026-11-26T00:00:00Z')

export const runs = readdirSync(root, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name)

export const truth = (run: string): Truth => JSON.parse(readFileSync(`${root}${run}/truth.json`, 'utf8')) as Truth

export const formsOf = (run: string): string[] =>
  readdirSync(`${root}${run}`)
    .filter(name => name.endsWith('.log.gz'))
    .map(name => name.replace('.log.gz', ''))

export const bytes = (run: string, form: string): Buffer => gunzipSync(readFileSync(`${root}${run}/${form}.log.gz`))

export const lines = (run: string, form: string): string[] => bytes(run, form).toString().trimEnd().split('\n')

/** As if it came through a pipe. */
export function examine(input: string | Uint8Array | Iterable<Uint8Array>, options: AnalyzeOptions = {}): Promise<Analysis> {
  const pieces = typeof input === 'string' ? [Buffer.from(input)] : input instanceof Uint8Array ? [Buffer.from(input)] : input
  return analyze(['-'], { timezone: 'UTC', now: NOW, ...options, stdin: Readable.from(pieces, { objectMode: false }) })
}

/** What an incident says, without the places in the input where it says so. */
export function substance(incident: Incident): unknown {
  return JSON.parse(JSON.stringify(incident, (key, value: unknown) => (key === 'refs' ? undefined : value)))
}

export const isWeighty = (incident: Incident): boolean => incident.severity !== 'low' && incident.severity !== 'info'
