import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import type { Entry } from '../../src/entries/entry.ts'
import type { ReadOptions } from '../../src/entries/options.ts'
import { type Reading, read } from '../../src/entries/read.ts'

export const FIXTURES = new URL('../../fixtures/formats/', import.meta.url).pathname

/** Nothing in the fixtures is later; files' dates do not count when they lie before it. */
export const NOW = new Date('2026-11-25T00:00:00Z')

export interface Whole {
  entries: Entry[]
  reading: Reading
}

export async function readAll(paths: readonly string[], options: ReadOptions = {}): Promise<Whole> {
  const reading = read(paths, { timezone: 'UTC', now: NOW, ...options })
  const entries: Entry[] = []
  for await (const batch of reading.batches) entries.push(...batch.filter(item => 'message' in item))
  return { entries, reading }
}

/** Reads text or bytes as if they came through a pipe, in pieces of these sizes. */
export function readText(text: string | Buffer, options: ReadOptions = {}, pieces: readonly number[] = []): Promise<Whole> {
  return readAll(['-'], { ...options, stdin: Readable.from(cut(Buffer.from(text), pieces)) })
}

function* cut(bytes: Buffer, pieces: readonly number[]): Generator<Buffer> {
  let at = 0
  for (const piece of pieces) {
    if (at >= bytes.length) return
    yield bytes.subarray(at, at + piece)
    at += piece
  }
  if (at < bytes.length) yield bytes.subarray(at)
}

/** What of an entry a fixture pins down: final boots and times, no paths. */
export function essence({ entries, reading }: Whole): object[] {
  return entries.map(entry => {
    const settled = reading.settle({ host: entry.host, boot: entry.boot, time: entry.time, input: entry.ref.input })
    const { mono, boots, ident, pid, speaker, trust, message, unit, speakerUnit } = entry
    const { line } = entry.ref
    return {
      line,
      time: settled.time,
      mono,
      host: entry.host,
      boot: settled.boot,
      boots,
      ident,
      pid,
      speaker,
      trust,
      message,
      unit,
      speakerUnit,
    }
  })
}

export function fixture(name: string, file = 'input.log'): Buffer {
  return readFileSync(`${FIXTURES}${name}/${file}`)
}

/** The one entry that was read, or a failure that says how many there were. */
export function only(whole: Whole): Entry {
  const [entry, ...others] = whole.entries
  if (!entry || others.length > 0) throw new Error(`expected one entry, got ${whole.entries.length}`)
  return entry
}
