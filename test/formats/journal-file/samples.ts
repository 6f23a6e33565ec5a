/** Journals of real runs, unpacked in memory, and ways to read bytes as a journal. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { decompress } from 'fzstd'
import { memorySource } from '../../../src/bytes/source.ts'
import { readJournals } from '../../../src/formats/journal-file/directory.ts'
import type { JournalEntry } from '../../../src/formats/journal-file/entry.ts'
import { JournalFile } from '../../../src/formats/journal-file/file.ts'
import { json } from '../../../src/formats/journal-file/print/json.ts'
import { type Account, JournalReader } from '../../../src/formats/journal-file/reader.ts'

const root = new URL('../../../fixtures/journals/', import.meta.url).pathname

export const sample = (name: string): Buffer => Buffer.from(decompress(readFileSync(`${root}${name}.journal.zst`)))

/** What journalctl printed of it. */
export const expected = (name: string): unknown[] => parsed(gunzipSync(readFileSync(`${root}${name}.json.gz`)).toString())

const parsed = (text: string): unknown[] =>
  text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as unknown)

const ALL = { all: true, fields: null, utc: true, hostname: true }

/** `inquest entries -o json`, parsed. */
export function printedAs(files: Record<string, Buffer>): { entries: unknown[]; accounts: Map<string, Account> } {
  const inputs = Object.entries(files).map(([path, bytes]) => ({ path, source: memorySource(bytes) }))
  const { entries, accounts } = readJournals(inputs)
  return { entries: parsed([...entries].map(entry => json.write(entry, ALL)).join('')), accounts }
}

/** What this machine's journalctl prints. Later versions add two fields that the cursor holds already. */
export function journalctl(...paths: string[]): unknown[] {
  const args = ['-q', '--all', '-o', 'json', '--no-pager', ...paths.map(path => `--file=${path}`)]
  const { stdout, error } = spawnSync('journalctl', args, { maxBuffer: 1 << 30 })
  if (error) throw error
  return parsed(stdout.toString()).map(entry => {
    const { __SEQNUM: _, __SEQNUM_ID: __, ...rest } = entry as Record<string, unknown>
    return rest
  })
}

export const folder = (): string => mkdtempSync(join(tmpdir(), 'inquest-test-'))

export function entriesOf(bytes: Buffer): { entries: JournalEntry[]; account: Account } {
  const reader = new JournalReader(new JournalFile('sample', memorySource(bytes)))
  const entries: JournalEntry[] = []
  for (let entry = reader.next(); entry; entry = reader.next()) entries.push(entry)
  return { entries, account: reader.account }
}

/** The file up to the end of its last object: what lies behind is unused. */
export function withoutTail(bytes: Buffer): Buffer {
  const tail = Number(bytes.readBigUInt64LE(136))
  return bytes.subarray(0, tail + Math.ceil(Number(bytes.readBigUInt64LE(tail + 8)) / 8) * 8)
}

/** A generator of numbers in [0, 1), the same for the same seed. */
export function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
