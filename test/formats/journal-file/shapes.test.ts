/** Files that no machine of the lab left: larger than 4 GB, sealed, growing while they are read. Made of ordinary ones. */
import { closeSync, ftruncateSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { analyzeWith } from '../../../src/analyze.ts'
import { fileSource, memorySource } from '../../../src/bytes/source.ts'
import { readJournals } from '../../../src/formats/journal-file/directory.ts'
import { glanceAtJournals } from '../../../src/formats/journal-file/glance/set.ts'
import { Walker } from '../../../src/formats/journal-file/glance/walker.ts'
import { json } from '../../../src/formats/journal-file/print/json.ts'
import { giveaways } from '../../../src/incidents/giveaways.ts'
import { meanings } from '../../../src/incidents/meaning.ts'
import { shipped } from '../../../src/rules/shipped.ts'
import { busy, exportOf, usual, writeJournal } from './remote.ts'
import { folder, journalctl, printedAs } from './samples.ts'
import { objectHead, objectsOf, spread } from './spread.ts'

const made = folder()
afterAll(() => rmSync(made, { recursive: true }))

const COUNT = 400
const REGULAR = { compact: false, keyed: true, compress: true }
const sought = giveaways(shipped.signals, shipped.rules)
const walker = sought && Walker.for(meanings(shipped.signals, sought))
const ENTRY = 3

function journal(name: string, fieldsOf = busy(100)): { path: string; bytes: Buffer } {
  const path = writeJournal(join(made, name), exportOf(COUNT, fieldsOf), REGULAR)
  return { path, bytes: readFileSync(path) }
}

/** Read entry by entry, and by the walk: both alike, nothing wrong with it. */
async function expectSame(path: string): Promise<void> {
  const report = await analyzeWith(shipped, [path], { timezone: 'UTC' })
  expect(report).toEqual(await analyzeWith(shipped, [path], { timezone: 'UTC', plain: true }))
  expect(report.inputs.map(({ entries, complete }) => [entries, complete])).toEqual([[COUNT, true]])
}

const isWalked = (path: string): boolean => {
  const source = fileSource(path)
  const set = walker && glanceAtJournals([{ path, source }], walker)
  source.close()
  return set !== null && set !== 'decisive'
}

function printed(path: string): unknown[] {
  const { entries } = readJournals([{ path, source: fileSource(path) }])
  const look = { all: true, fields: null, utc: true, hostname: true }
  return [...entries].map(entry => JSON.parse(json.write(entry, look).toString()) as unknown)
}

describe('larger than 4 GB', () => {
  const ROOM = 2 ** 32 + 4096

  /** An unused list of entries of 4 GB, a hole on the disk, before the object at `at`. */
  function enlarged(name: string, bytes: Buffer, at: number): string {
    const { before, behind } = spread(bytes, at, ROOM)
    const path = join(made, name)
    const file = openSync(path, 'w')
    ftruncateSync(file, ROOM + bytes.length)
    writeSync(file, before, 0, before.length, 0)
    writeSync(file, objectHead(6, ROOM), 0, 16, at)
    writeSync(file, behind, 0, behind.length, at + ROOM)
    closeSync(file)
    return path
  }

  test.each([
    ['all its objects behind', 0],
    ['half of its entries behind', COUNT / 2],
  ])('%s', async (_, nth) => {
    const { path, bytes } = journal(`large-${nth}.journal`)
    const objects = objectsOf(bytes)
    const entries = objects.filter(({ type }) => type === ENTRY)
    const at = (nth === 0 ? objects[0] : objects[objects.findIndex(({ place }) => place === entries[nth]?.place) + 1])?.place ?? 0
    const large = enlarged(`enlarged-${nth}.journal`, bytes, at)
    expect(printed(large)).toEqual(printed(path))
    expect(printed(large)).toEqual(journalctl(large))
    expect(isWalked(large)).toBe(true)
    await expectSame(large)
  })
})

test('sealed: tags between the entries are passed over', async () => {
  const { path, bytes } = journal('unsealed.journal')
  const tag = (seqnum: number): Buffer => {
    const rest = Buffer.alloc(48, 0x5a)
    rest.writeBigUInt64LE(BigInt(seqnum), 0)
    rest.writeBigUInt64LE(BigInt(seqnum * 900), 8)
    return Buffer.concat([objectHead(7, 64), rest])
  }
  const behind = (from: Buffer, nth: number): number => {
    const objects = objectsOf(from)
    const entry = objects.filter(({ type }) => type === ENTRY)[nth]
    return objects[objects.findIndex(({ place }) => place === entry?.place) + 1]?.place ?? 0
  }
  let sealed = bytes
  for (const [nth, seqnum] of [
    [COUNT - 3, 3],
    [7, 2],
    [0, 1],
  ] as const) {
    const at = behind(sealed, nth)
    const parts = spread(sealed, at, 64)
    sealed = Buffer.concat([parts.before, tag(seqnum), parts.behind])
  }
  sealed.writeUInt32LE(1, 8)
  sealed.writeBigUInt64LE(sealed.readBigUInt64LE(144) + 3n, 144)
  sealed.writeBigUInt64LE(3n, 224)
  const target = join(made, 'sealed.journal')
  writeFileSync(target, sealed)
  expect(printed(target)).toEqual(printed(path))
  expect(printed(target)).toEqual(journalctl(target))
  expect(isWalked(target)).toBe(true)
  await expectSame(target)
})

test('growing while it is read: what was there is read, and nothing is called damaged', () => {
  const path = writeJournal(join(made, 'growing.journal'), exportOf(COUNT, usual(COUNT)), REGULAR)
  const early = readFileSync(path)
  writeJournal(path, exportOf(COUNT, usual(COUNT), 1e9), REGULAR)
  const late = readFileSync(path)
  // The header was read before the writer came, the rest after it.
  const source = { ...memorySource(late), size: early.length }
  const read = source.read
  let reads = 0
  source.read = (offset, target) =>
    reads++ < 3 && offset === 0 ? memorySource(early).read(offset, target) : read(offset, target)
  const { entries, accounts } = readJournals([{ path, source }])
  const look = { all: true, fields: null, utc: true, hostname: true }
  const found = [...entries].map(entry => JSON.parse(json.write(entry, look).toString()) as unknown)
  const { entries: before } = printedAs({ [path]: early })
  expect(early.readBigUInt64LE(152)).toBe(BigInt(COUNT))
  expect(before).toHaveLength(COUNT)
  expect(found.slice(0, COUNT)).toEqual(before)
  expect([...accounts.values()].map(({ complete, problems }) => [complete, problems])).toEqual([[true, []]])
})
