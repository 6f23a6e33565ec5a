/** Journals walked through in blocks: the report is the one that reading every entry makes, damage included. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type AnalyzeOptions, analyzeWith } from '../../src/analyze.ts'
import { type ByteSource, memorySource } from '../../src/bytes/source.ts'
import { glanceAtJournals } from '../../src/formats/journal-file/glance/set.ts'
import { Walker } from '../../src/formats/journal-file/glance/walker.ts'
import { giveaways } from '../../src/incidents/giveaways.ts'
import { meanings } from '../../src/incidents/meaning.ts'
import type { Report } from '../../src/report/report.ts'
import { shipped } from '../../src/rules/shipped.ts'
import { busy, exportOf, type Fields, type Flavour, usual, writeJournal } from '../formats/journal-file/remote.ts'
import { dice, folder, sample, withoutTail } from '../formats/journal-file/samples.ts'

const made = folder()
afterAll(() => rmSync(made, { recursive: true }))

const sought = giveaways(shipped.signals, shipped.rules)
if (!sought) throw new Error('the shipped rules start from single lines')
const walker = Walker.for(meanings(shipped.signals, sought))
if (!walker) throw new Error('no walk')

async function both(path: string, options: AnalyzeOptions = {}): Promise<{ quick: Report; whole: Report }> {
  const common = { timezone: 'UTC', ...options }
  return {
    quick: await analyzeWith(shipped, [path], common),
    whole: await analyzeWith(shipped, [path], { ...common, plain: true }),
  }
}

async function same(path: string, options: AnalyzeOptions = {}): Promise<Report> {
  const { quick, whole } = await both(path, options)
  expect(JSON.stringify(quick)).toBe(JSON.stringify(whole))
  return quick
}

let count = 0
function journals(...files: readonly [number, (index: number) => Fields, Flavour?][]): string {
  const directory = join(made, `${++count}`)
  for (const [nth, [entries, fieldsOf, flavour]] of files.entries())
    writeJournal(join(directory, `${nth}.journal`), exportOf(entries, fieldsOf), flavour)
  return directory
}

/** Files as they are read, with how many bytes of them were. */
function counted(directory: string): { inputs: { path: string; source: ByteSource }[]; share(): number } {
  let read = 0
  let size = 0
  const inputs = readdirSync(directory).map(name => {
    // What was never written is no journal.
    const bytes = withoutTail(readFileSync(join(directory, name)))
    size += bytes.length
    const whole = memorySource(padded(bytes))
    const source: ByteSource = {
      ...whole,
      read: (offset, target) => {
        const got = whole.read(offset, target)
        read += got
        return got
      },
    }
    return { path: name, source }
  })
  return { inputs, share: () => read / size }
}

function padded(bytes: Buffer): Buffer {
  const size = Number(bytes.readBigUInt64LE(88) + bytes.readBigUInt64LE(96))
  return Buffer.concat([bytes, Buffer.alloc(Math.max(0, size - bytes.length))])
}

/** Whether the index was enough. */
const isGlanced = (directory: string): boolean => {
  const set = glanceAtJournals(counted(directory).inputs, walker)
  return set !== null && set !== 'decisive'
}

const changed = (base: (index: number) => Fields, change: (index: number) => Fields) => (index: number) => ({
  ...base(index),
  ...change(index),
})

describe('the lab', () => {
  test.each(readdirSync(new URL('../../fixtures/journals/', import.meta.url)).filter(name => name.endsWith('.journal.zst')))(
    '%s',
    async name => {
      const path = join(made, name.replace('.zst', ''))
      writeFileSync(path, sample(name.replace('.journal.zst', '')))
      await same(path)
    },
  )
})

describe('no byte twice, and few entries made when nothing is wrong', () => {
  test.each([
    ['messages all different', 10_000_000, true],
    ['messages all different, the regular layout', 10_000_000, false],
    ['few different messages', 500, true],
  ])('%s', async (_, kinds, compact) => {
    const directory = journals([12_000, busy(kinds), { compact }], [12_000, busy(kinds), { compact }])
    const { inputs, share } = counted(directory)
    const set = glanceAtJournals(inputs, walker)
    if (!set || set === 'decisive') throw new Error('the index was not enough')
    expect([...set.entries].length).toBeLessThan(20)
    expect(share()).toBeLessThan(0.75)
    const { inputs: told, incidents } = await same(directory)
    expect(told.map(({ entries, complete }) => [entries, complete])).toEqual([
      [12_000, true],
      [12_000, true],
    ])
    expect(incidents).toEqual([])
  })
})

describe('the same report', () => {
  const COUNT = 600
  const calm = busy(100)
  const frozen = changed(calm, index =>
    index === 311 ? { MESSAGE: 'Freezing execution.', SYSLOG_IDENTIFIER: 'systemd', _PID: '1', _COMM: 'systemd' } : {},
  )

  test('of a freeze, which asks for the whole story', async () => {
    const directory = journals([COUNT, calm], [COUNT, frozen])
    expect(isGlanced(directory)).toBe(false)
    expect((await same(directory)).incidents.map(({ rule }) => rule)).toEqual(['pid1-crash'])
  })

  test('of a machine that froze in the middle', async () => {
    expect((await same(journals([COUNT, usual(COUNT)]))).incidents).toHaveLength(1)
  })

  test('of the kernel and the system that a boot ran on', async () => {
    const kernel = 'Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org) (gcc-12) #1 SMP'
    const pid1 = { SYSLOG_IDENTIFIER: 'systemd', _PID: '1', _COMM: 'systemd' }
    const lines: Record<number, Fields> = {
      2: { MESSAGE: kernel, SYSLOG_IDENTIFIER: 'kernel', _TRANSPORT: 'kernel', _PID: '', _COMM: '' },
      5: { MESSAGE: 'systemd 257.9-1 running in system mode (+PAM)', ...pid1 },
      7: { MESSAGE: 'Welcome to Debian GNU/Linux 13 (trixie)!', ...pid1 },
      300: { MESSAGE: 'Linux version 9.9 is what I would like', SYSLOG_IDENTIFIER: 'kernel', _PID: '77', _COMM: 'logger' },
    }
    const directory = journals([COUNT, changed(calm, index => lines[index] ?? {})])
    expect(isGlanced(directory)).toBe(true)
    const [host] = (await same(directory)).coverage.hosts
    expect(host?.boots.map(({ systemd, kernel, os }) => [systemd, kernel, os])).toEqual([
      ['257.9', '6.1.0-18-amd64', 'Debian GNU/Linux 13 (trixie)'],
      [null, null, null],
    ])
  })

  test('of a shutdown and a version', async () => {
    const told = changed(calm, index =>
      index === 3
        ? { MESSAGE: 'systemd 257.9-1 running in system mode (+PAM)', SYSLOG_IDENTIFIER: 'systemd', _PID: '1', _COMM: 'systemd' }
        : index === 290
          ? { MESSAGE: 'Journal stopped', SYSLOG_IDENTIFIER: 'systemd-journald', _COMM: 'systemd-journald' }
          : {},
    )
    const directory = journals([COUNT, told])
    expect(isGlanced(directory)).toBe(true)
    const [host] = (await same(directory)).coverage.hosts
    expect(host?.boots.map(({ systemd, ended }) => [systemd, ended])).toEqual([
      ['257.9', 'clean'],
      [null, 'unknown'],
    ])
    await same(directory, { boot: '-1' })
  })

  test('of a machine that was called localhost at first, and of several in one file', async () => {
    const renamed = journals([COUNT, changed(calm, index => (index < 20 ? { _HOSTNAME: 'localhost' } : {}))])
    expect(isGlanced(renamed)).toBe(true)
    expect((await same(renamed)).coverage.hosts).toHaveLength(1)
    const several = journals([
      COUNT,
      changed(calm, index => ({ _HOSTNAME: `vm-${index % 3}`, _MACHINE_ID: `c0ffee00c0ffee00c0ffee00c0ffee0${index % 3}` })),
    ])
    expect(isGlanced(several)).toBe(true)
    expect((await same(several)).coverage.hosts).toHaveLength(3)
  })

  test('of entries without a message, a host or a sender’s clock, of long messages, and of two in one microsecond', async () => {
    const odd = (index: number): Fields => {
      const fields: Record<string, Fields[string]> = { ...calm(index) }
      if (index % 97 === 5) delete fields.MESSAGE
      if (index % 89 === 7) delete fields._HOSTNAME
      if (index % 7 === 3 || index < 2) delete fields._SOURCE_REALTIME_TIMESTAMP
      if (index >= COUNT - 2) fields._SOURCE_REALTIME_TIMESTAMP = '1772418700000000'
      if (index % 50 === 9) fields.MESSAGE = `a line of JSON ${'{"key":"value"},'.repeat(100)}${index}`
      return fields
    }
    const directory = journals([COUNT, odd], [COUNT, odd, { compact: false, keyed: false }], [COUNT, odd, { compress: false }])
    expect(isGlanced(directory)).toBe(true)
    await same(directory)
  })

  test('of a container whose lines come through its runtime', async () => {
    const nested = changed(calm, index =>
      index % 100 === 50 ? { MESSAGE: `systemd[1]: Started unit ${index}.`, SYSLOG_IDENTIFIER: 'conmon', _COMM: 'conmon' } : {},
    )
    const directory = journals([COUNT, nested])
    expect(isGlanced(directory)).toBe(true)
    expect((await same(directory)).inputs[0]?.entries).toBe(COUNT)
  })

  test('of a storm of mounts, which no single line tells', async () => {
    const storm = changed(calm, index =>
      index >= 100 && index < 280
        ? {
            MESSAGE: `srv-data-x${index}.mount: Deactivated successfully.`,
            SYSLOG_IDENTIFIER: 'systemd',
            _PID: '1',
            _COMM: 'systemd',
          }
        : {},
    )
    const { incidents } = await same(journals([4000, storm]))
    expect(incidents.map(({ rule }) => rule)).toEqual(['mount-storm'])
  })

  test('of one journal twice in a directory: each entry is one', async () => {
    const directory = journals([COUNT, calm])
    cpSync(join(directory, '0.journal'), join(directory, 'copy.journal'))
    expect(isGlanced(directory)).toBe(false)
    const { inputs } = await same(directory)
    expect(inputs.reduce((sum, { entries }) => sum + entries, 0)).toBe(COUNT)
  })
})

describe('damage', () => {
  const directory = join(made, 'damaged')
  mkdirSync(directory)
  const path = join(directory, 'system.journal')

  /** Every entry is proven as the plain way proves it, so that every fault is told: the reports are the same to the byte. */
  async function examine(bytes: Buffer): Promise<void> {
    writeFileSync(path, bytes)
    await same(path)
  }

  const whole = sample('healthy-262')
  const used = withoutTail(whole).length

  test.each([1, 8, 64])('%i flipped bits', async flips => {
    for (let seed = 0; seed < 40; seed++) {
      const die = dice(seed * 97 + flips)
      const damaged = Buffer.from(whole)
      for (let flip = 0; flip < flips; flip++) {
        const at = Math.floor(die() * used)
        damaged[at] = (damaged[at] ?? 0) ^ (1 << Math.floor(die() * 8))
      }
      await examine(damaged)
    }
  })

  test('pages of noughts, and cuts', async () => {
    const die = dice(7)
    for (let round = 0; round < 30; round++) {
      const page = Math.floor((die() * used) / 4096) * 4096
      const damaged = Buffer.from(whole)
      damaged.fill(0, page, page + 4096)
      await examine(damaged)
      await examine(whole.subarray(0, page + 1000))
    }
  })
})
