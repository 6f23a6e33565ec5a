/** `inquest entries` prints what journalctl prints, byte for byte, in every form and for every flag. */
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Journals } from '../../../src/entries/journals.ts'
import { type PrintOrder, printed } from '../../../src/entries/print.ts'
import { printNames } from '../../../src/formats/journal-file/print/forms.ts'
import { printForms } from '../../../src/formats/journal-file/print/registry.ts'
import { folder, sample } from './samples.ts'

const made = folder()
afterAll(() => rmSync(made, { recursive: true }))

const archived = 'system@edbe9794a6ab443988d2de8836858520-0000000000000004-000660fbde365b2a'
writeFileSync(join(made, 'system.journal'), sample('rsyslog-reboot-255/system'))
writeFileSync(join(made, `${archived}.journal`), sample(`rsyslog-reboot-255/${archived}`))

const ALL: PrintOrder = {
  boot: null,
  since: null,
  until: null,
  matches: [],
  units: [],
  identifiers: [],
  lines: null,
  reverse: false,
  separators: true,
}

async function ours(name: string, order: Partial<PrintOrder>, fields: string | null = null): Promise<string> {
  const form = printForms.find(each => each.name === name)
  if (!form) throw new Error(`no form ${name}`)
  const look = { all: true, fields: fields === null ? null : new Set(fields.split(',')), utc: false, hostname: true }
  const journals = await Journals.at([made])
  const pieces: Buffer[] = []
  for await (const piece of printed(journals, form, look, { ...ALL, ...order })) pieces.push(Buffer.from(piece))
  await journals.close()
  expect(journals.told()).toEqual({ complete: true, complaints: [] })
  return Buffer.concat(pieces).toString()
}

function theirs(...args: string[]): string {
  const files = ['system.journal', `${archived}.journal`].map(name => `--file=${join(made, name)}`)
  const { stdout, error } = spawnSync('journalctl', ['--no-pager', '--all', ...files, ...args], {
    maxBuffer: 1 << 28,
    env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
  })
  if (error) throw error
  return stdout.toString()
}

describe('forms', () => {
  test('go by one name each, in the order in which they are listed', () => {
    expect(printForms.map(({ name }) => name)).toEqual(printNames)
  })

  test.each(['short', 'short-iso-precise', 'cat', 'verbose', 'export'])('%s', async name => {
    const separators = name !== 'cat' && name !== 'export'
    const want = theirs('-o', name)
      // From 254 on the number stands in fields of its own too; from 256 on the offset has a colon.
      .replaceAll(/^__SEQNUM(?:_ID)?=.*\n/gm, '')
      .replaceAll(/^(\d{4}-\S+[+-]\d\d):(\d\d) /gm, '$1$2 ')
    expect(await ours(name, { separators })).toBe(want)
  })
})

const cases: [string, Partial<PrintOrder>, string[]][] = [
  ['the boot before the last', { boot: '-1' }, ['-b', '-1']],
  ['the first boot', { boot: '1' }, ['-b', '1']],
  ['a boot by its id', { boot: '8e05cdaa1043452fbbaaca47ccf64090' }, ['-b', '8e05cdaa1043452fbbaaca47ccf64090']],
  ['a unit', { units: ['rsyslog'] }, ['-u', 'rsyslog']],
  ['two units', { units: ['dbus.service', 'rsyslog.service'] }, ['-u', 'dbus', '-u', 'rsyslog']],
  ['units by pattern', { units: ['r*'] }, ['-u', 'r*']],
  ['identifiers', { identifiers: ['systemd', 'dbus-daemon'] }, ['-t', 'systemd', '-t', 'dbus-daemon']],
  ['matches', { matches: ['_PID=1', 'PRIORITY=6', 'PRIORITY=5'] }, ['_PID=1', 'PRIORITY=6', 'PRIORITY=5']],
  ['alternatives', { matches: ['_PID=1', '+', 'SYSLOG_IDENTIFIER=bootstrap'] }, ['_PID=1', '+', 'SYSLOG_IDENTIFIER=bootstrap']],
  ['the last few', { lines: 7 }, ['-n', '7']],
  ['newest first', { reverse: true }, ['-r']],
  ['the last few, newest first', { lines: 7, reverse: true }, ['-n', '7', '-r']],
  ['a span', { since: 1_795_484_820_000_000, until: 1_795_484_835_000_000 }, ['-S', '@1795484820', '-U', '@1795484835']],
]

describe('flags', () => {
  test.each(cases)('%s', async (_, order, args) => {
    const want = theirs(...args)
    expect(want.split('\n').length).toBeGreaterThan(2)
    expect(await ours('short', order)).toBe(want)
  })

  test('fields', async () => {
    expect(await ours('verbose', {}, '_PID,MESSAGE')).toBe(theirs('-o', 'verbose', '--output-fields=_PID,MESSAGE'))
  })
})

test('timers get their turn while entries are looked for and printed', async () => {
  const path = join(made, '..', `${basename(made)}.journal`)
  writeFileSync(path, sample('mounts-storm-257'))
  const journals = await Journals.at([path])
  rmSync(path)
  let turns = 0
  const clock = setInterval(() => turns++)
  const [form] = printForms
  const none = { ...ALL, boot: '-0', matches: ['MESSAGE=nobody said so'] }
  for await (const piece of printed(journals, form, { all: true, fields: null, utc: false, hostname: true }, none))
    expect(piece).toBe('')
  clearInterval(clock)
  await journals.close()
  expect(turns).toBeGreaterThan(2)
})
