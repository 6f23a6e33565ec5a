/** Damaged journals: never a crash or a wrong field, never less than a naive walk finds, never a silent loss. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { naiveWalk } from './naive.ts'
import { exportOf, usual, writeJournal } from './remote.ts'
import { dice, entriesOf, folder, sample, withoutTail } from './samples.ts'
import { Truth } from './truth.ts'

const made = folder()
afterAll(() => rmSync(made, { recursive: true }))

/** A journal to be damaged, and what it held. */
interface Subject {
  bytes: Buffer
  compact: boolean
  truth: Truth
}

const subjects = new Map<string, Subject>()

beforeAll(() => {
  const add = (name: string, bytes: Buffer, compact: boolean) => subjects.set(name, { bytes, compact, truth: new Truth(bytes) })
  add('healthy-247', withoutTail(sample('healthy-247')), false)
  add('healthy-262', withoutTail(sample('healthy-262')), true)
  const generated = exportOf(6000, usual(6000))
  for (const compact of [true, false]) {
    const path = writeJournal(join(made, `${compact}.journal`), generated, { compact })
    add(compact ? 'generated' : 'generated, regular', withoutTail(readFileSync(path)), compact)
  }
})

/** Reads a damaged copy and holds it against what is true and against the floor. */
function examine({ compact, truth }: Subject, damaged: Buffer): ReturnType<typeof entriesOf> {
  const read = entriesOf(damaged)
  const { entries, account } = read
  expect(entries.flatMap(entry => truth.wrong(entry)).slice(0, 3)).toEqual([])
  expect(entries.length).toBeGreaterThanOrEqual(naiveWalk(damaged, compact).whole)
  const missing = entries.length < truth.count || entries.some(entry => entry.missing > 0)
  if (missing) expect(account.complete).toBe(false)
  if (account.lost !== null) expect(entries.length + account.lost).toBe(truth.count)
  expect(account.byChain + account.recovered).toBe(entries.length)
  const offsets = entries.map(({ offset }) => offset)
  expect(new Set(offsets).size).toBe(offsets.length)
  return read
}

const names = ['healthy-247', 'healthy-262', 'generated', 'generated, regular']
const subject = (name: string): Subject => {
  const found = subjects.get(name)
  if (!found) throw new Error(`no subject ${name}`)
  return found
}

const FREEZE = Buffer.from('MESSAGE=Freezing execution.')

describe.each(names)('%s', name => {
  test.each([1, 5, 25, 50, 95])('cut by %i %%', percent => {
    const one = subject(name)
    const cut = one.bytes.subarray(0, Math.floor((one.bytes.length * (100 - percent)) / 100))
    const { account } = examine(one, cut)
    expect(account.complete).toBe(false)
  })

  test.each([1, 8, 64])('%i flipped bits', count => {
    const one = subject(name)
    for (let seed = 0; seed < 12; seed++) {
      const die = dice(seed * 97 + count)
      const damaged = Buffer.from(one.bytes)
      for (let flip = 0; flip < count; flip++) {
        const at = Math.floor(die() * damaged.length)
        damaged[at] = (damaged[at] ?? 0) ^ (1 << Math.floor(die() * 8))
      }
      const { entries } = examine(one, damaged)
      if (!name.startsWith('generated') || !damaged.includes(FREEZE)) continue
      expect(entries.some(({ data }) => data.some(({ value }) => value.toString() === 'Freezing execution.'))).toBe(true)
    }
  })

  test('pages of noughts', () => {
    const one = subject(name)
    const die = dice(7)
    for (let round = 0; round < 12; round++) {
      const damaged = Buffer.from(one.bytes)
      const page = Math.floor(die() * (damaged.length / 4096 - 1)) * 4096
      damaged.fill(0, page, page + 4096)
      examine(one, damaged)
    }
  })

  test('the first page gone', () => {
    const one = subject(name)
    const damaged = Buffer.from(one.bytes)
    damaged.fill(0, 0, 4096)
    const { entries, account } = examine(one, damaged)
    expect(entries.length).toBe(one.truth.count)
    expect(account).toMatchObject({ byChain: 0, recovered: entries.length, complete: false })
  })
})

describe('cut at every 4 KiB', () => {
  test('healthy-262', () => {
    const one = subject('healthy-262')
    for (let end = 0; end < one.bytes.length; end += 4096) examine(one, one.bytes.subarray(0, end))
  })
})

describe('headers', () => {
  test('nothing, one byte, a header alone', () => {
    for (const end of [0, 1, 207, 208, 272]) {
      const { entries, account } = entriesOf(subject('healthy-262').bytes.subarray(0, end))
      expect(entries).toEqual([])
      expect(account.complete).toBe(false)
      expect(account.problems.length).toBeGreaterThan(0)
    }
  })

  test.each([88, 96, 104, 112, 120, 128, 136, 144, 152, 160, 168, 176, 184, 192, 200])('a lie at byte %i', at => {
    const one = subject('healthy-262')
    for (const lie of [0n, 1n, 7n, 8n, 1n << 32n, 0xffffffffffffffffn]) {
      const damaged = Buffer.from(one.bytes)
      damaged.writeBigUInt64LE(lie, at)
      const { entries } = entriesOf(damaged)
      expect(entries.flatMap(entry => one.truth.wrong(entry))).toEqual([])
      expect(entries.length).toBe(one.truth.count)
    }
  })

  test('an unknown incompatible flag is named, and the entries are read', () => {
    const one = subject('healthy-262')
    const damaged = Buffer.from(one.bytes)
    damaged.writeUInt32LE(damaged.readUInt32LE(12) | (1 << 9), 12)
    const { entries, account } = examine(one, damaged)
    expect(entries.length).toBe(one.truth.count)
    expect(account.problems[0]?.message).toContain('bit 9')
  })

  test('a list that turns in a circle', () => {
    const one = subject('generated')
    const damaged = Buffer.from(one.bytes)
    const first = Number(damaged.readBigUInt64LE(176))
    const second = Number(damaged.readBigUInt64LE(first + 16))
    damaged.writeBigUInt64LE(BigInt(first), second + 16)
    expect(examine(one, damaged).entries.length).toBe(one.truth.count)
  })
})

describe('what is only unused is no loss', () => {
  test('the end of a file that was never written', () => {
    const whole = sample('healthy-262')
    const { entries, account } = entriesOf(whole.subarray(0, Math.floor(whole.length * 0.95)))
    expect(entries.length).toBe(new Truth(whole).count)
    expect(account).toEqual({ byChain: entries.length, recovered: 0, lost: 0, complete: true, problems: [] })
  })
})
