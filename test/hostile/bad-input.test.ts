/** What people hand to a coroner: each item a sentence on stderr, the right exit status, everything readable analysed, memory bounded. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../src/report/report.ts'
import { bytes, lines } from '../lab.ts'
import { buildCommand, clearAway, inquest, type Run, scratch } from './command.ts'

beforeAll(buildCommand)
afterAll(clearAway)

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(scratch, name)
  writeFileSync(path, content)
  return path
}
/** Above what Node itself takes (50 MB), far below what any of these inputs would take if they were kept. */
const MOST_MEMORY = 250

const FREEZE = 'systemd[1]: Freezing execution.'
const freeze = `Nov 24 01:45:59 vm-web-07 systemd[1]: Assertion 's->type == SERVICE_ONESHOT' failed at src/core/service.c:3846, function service_sigchld_event(). Aborting.
Nov 24 01:45:59 vm-web-07 systemd[1]: Caught <ABRT>, dumped core as pid 4242.
Nov 24 01:45:59 vm-web-07 ${FREEZE}
`
const line = (message: string, second = 41): string => `Nov 24 01:45:${second} vm-web-07 ${message}\n`
const sentences = ({ stderr }: Run): string[] => stderr.split('\n').filter(text => text !== '')
const reportOf = ({ stdout }: Run): Report => JSON.parse(stdout) as Report
const found = (run: Run): string[] => reportOf(run).incidents.map(({ rule, outcome }) => `${rule}:${outcome}`)

describe('nothing to read', () => {
  test('an empty pipe: one sentence, status 2', async () => {
    const run = await inquest([], [])
    expect(run).toMatchObject({ status: 2, stdout: '' })
    expect(sentences(run)).toEqual([expect.stringMatching(/standard input: is empty/)])
  })

  test.each([
    ['an empty file', () => file('empty.log', ''), /empty\.log: is empty/],
    [
      'a picture',
      () => file('x.png', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')),
      /x\.png: is a PNG image, not a log/,
    ],
    ['a missing file', () => join(scratch, 'nowhere.log'), /nowhere\.log: there is no such file/],
    ['a file that the disk cannot read', () => '/proc/self/mem', /\/proc\/self\/mem: .*input\/output error/],
  ])('%s: one sentence, status 2', async (_, make, sentence) => {
    const run = await inquest([make()])
    expect(run).toMatchObject({ status: 2, stdout: '' })
    expect(sentences(run)).toEqual([expect.stringMatching(sentence)])
  })

  test('an empty directory: one sentence that names it, status 2', async () => {
    const path = join(scratch, 'folder')
    mkdirSync(path)
    const run = await inquest([path])
    expect(run).toMatchObject({ status: 2, stdout: '' })
    expect(sentences(run)).toEqual([expect.stringContaining(path)])
  })

  test('a file that nobody may read', async () => {
    const path = file('secret.log', freeze)
    chmodSync(path, 0)
    const run = await inquest([path])
    // Root may read anything.
    if (process.getuid?.() === 0) expect(run.status).toBe(1)
    else expect([run.status, ...sentences(run)]).toEqual([2, expect.stringMatching(/secret\.log: permission denied/)])
  })

  test('beside them, what can be read is analysed', async () => {
    const run = await inquest(['--format=json', join(scratch, 'nowhere.log'), file('good.log', freeze)])
    expect(run.status).toBe(1)
    expect(found(run)).toEqual([expect.stringMatching(/:froze$/)])
    expect(sentences(run)).toEqual([expect.stringContaining('nowhere.log')])
  })
})

describe('cut and damaged', () => {
  test('a truncated gzip', async () => {
    const packed = gzipSync(Buffer.concat([Buffer.from(freeze), bytes('healthy-257', 'short')]))
    const run = await inquest(['--format=json', file('cut.gz', packed.subarray(0, packed.length - 30))])
    expect(run.status).toBe(1)
    expect(found(run)).toEqual([expect.stringMatching(/:froze$/)])
    expect(reportOf(run).inputs).toMatchObject([{ complete: false, lost: null }])
    expect(sentences(run)).toEqual([expect.stringMatching(/cut\.gz.*cut/)])
  })

  test('JSON cut in mid-line', async () => {
    const log = lines('healthy-257', 'json')
    const run = await inquest(['--format=json'], [log.join('\n').slice(0, -100)])
    expect(run.status).toBe(3)
    expect(reportOf(run).inputs).toMatchObject([{ entries: log.length - 1, lost: 1, complete: false }])
    expect(sentences(run)).toEqual([`inquest: standard input:${log.length}: the last record is cut off in the middle`])
  })

  test('mixed forms in one file', async () => {
    const pieces = ['json', 'short', 'console'].map(form => bytes('healthy-257', form).toString().trimEnd())
    const run = await inquest(['--format=json'], [`${pieces.join('\n')}\n${freeze}`])
    expect(run.status).toBe(1)
    expect(found(run)).toEqual([expect.stringMatching(/:froze$/)])
    expect(reportOf(run).inputs).toMatchObject([{ lost: 0, complete: true }])
  })

  test('timestamps in 1970, in 2106 and out of order', async () => {
    const at = (time: string, message: string): string =>
      `${JSON.stringify({ __REALTIME_TIMESTAMP: time, _BOOT_ID: '0123456789abcdef0123456789abcdef', _HOSTNAME: 'h', _PID: '1', _COMM: 'systemd', _TRANSPORT: 'journal', SYSLOG_IDENTIFIER: 'systemd', MESSAGE: message })}\n`
    const run = await inquest(
      ['--format=json'],
      [
        at('4294967296000000', 'Started a.service - A.'),
        at('1', 'Started b.service - B.'),
        at('1795484741000000', 'Caught <SEGV>, dumped core as pid 99.'),
        at('1795484740000000', 'Freezing execution.'),
        at('18446744073709551615', 'Started c.service - C.'),
        at('-1', 'Started d.service - D.'),
      ],
    )
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 1, stderr: '' })
    expect(found(run)).toEqual(['pid1-crash:froze'])
    expect(reportOf(run).coverage.hosts[0]?.boots).toMatchObject([{ entries: 6, first: '1970-01-01T00:00:00.000001Z' }])
  })

  test('two hosts in one pipe: one freezes, the other is left alone', async () => {
    const run = await inquest(
      ['--format=json'],
      [`${bytes('healthy-257', 'short')}${freeze}`.replaceAll('vm-web-07', 'vm-dead-01')],
    )
    const { incidents, coverage } = reportOf(run)
    expect(incidents.filter(({ severity }) => severity === 'critical').map(({ host }) => host)).toEqual(['vm-dead-01'])
    expect(coverage.hosts.length).toBe(2)
  })
})

describe('larger than memory should be', () => {
  const block = (text: string): string => text.repeat(Math.ceil((1 << 20) / text.length))

  test.each<[string, () => Generator<string | Uint8Array>, RegExp | null]>([
    [
      'one line of 100 MB',
      function* () {
        yield 'Nov 24 01:45:41 vm-web-07 app[7]: '
        for (let index = 0; index < 100; index++) yield block('x')
        yield `\n${freeze}`
      },
      /a line of 1048\d+ bytes: only the first 1048576 were read/,
    ],
    [
      'one line of 100 MB of JSON',
      function* () {
        yield '{"MESSAGE":"'
        for (let index = 0; index < 100; index++) yield block('x')
        yield `"}\n${freeze}`
      },
      /only the first 1048576 were read/,
    ],
    [
      '10 MB of NULs',
      function* () {
        yield line('app[7]: before')
        yield Buffer.alloc(10 << 20)
        yield freeze
      },
      /10485760 NUL bytes/,
    ],
    [
      'a million different units',
      function* () {
        for (let index = 0; index < 1_000_000; index += 10_000)
          yield Array.from({ length: 10_000 }, (_, at) => line(`systemd[1]: Started unit-${index + at}.service - Unit.`)).join('')
        yield freeze
      },
      null,
    ],
    [
      'a million programs that say that they are PID 1 freezing',
      function* () {
        for (let index = 0; index < 100; index++)
          yield Array.from({ length: 2500 }, (_, at) => line(`logger${index * 2500 + at}[9]: ${FREEZE}`)).join('')
        yield freeze
      },
      null,
    ],
  ])('%s', async (_, input, sentence) => {
    const run = await inquest(['--format=json', '--timezone=UTC'], input())
    expect(run.status, run.stderr).toBe(1)
    expect(found(run)).toEqual([expect.stringMatching(/:froze$/)])
    expect(run.memory).toBeLessThan(MOST_MEMORY)
    if (sentence) expect(run.stderr).toMatch(sentence)
    else expect(run.stderr).toBe('')
  })
})

describe('forged and poisoned', () => {
  test('a freeze written through logger(1) is no freeze', async () => {
    const forged = (fields: object): string =>
      `${JSON.stringify({ __REALTIME_TIMESTAMP: '1795484741000000', _HOSTNAME: 'h', _BOOT_ID: '0123456789abcdef0123456789abcdef', ...fields, MESSAGE: 'Freezing execution.' })}\n`
    const json = await inquest(
      ['--format=json'],
      [forged({ _PID: '4242', _COMM: 'logger', _TRANSPORT: 'syslog', SYSLOG_IDENTIFIER: 'systemd', SYSLOG_PID: '1' })],
    )
    expect({ status: json.status, found: found(json) }).toEqual({ status: 0, found: [] })
    const text = await inquest(['--format=json'], [line(`mallory: ${FREEZE}`), line(`mallory[99]: ${FREEZE}`)])
    expect({ status: text.status, found: found(text) }).toEqual({ status: 0, found: [] })
  })

  test('terminal escapes in messages, names and paths never reach the terminal', async () => {
    const poison = '\x1b]0;owned\x07\x1b[2J\x9b31m\u202e'
    const log = freeze.replace("'s->type", `'${poison}s->type`).replaceAll('vm-web-07', `vm${poison}`)
    const path = file('log\x1b[31m.log', `${log}{"MESSAGE":"${poison}\n`)
    for (const format of ['text', 'json', 'ndjson', 'markdown']) {
      const run = await inquest([`--format=${format}`, path, join(scratch, 'gone\x1b[31m')])
      expect(run.status).toBe(1)
      expect(`${run.stdout}${run.stderr}`.match(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/g)).toBeNull()
    }
  })
})

describe('output that cannot be written', () => {
  test('to a full disk: a sentence, status 2', async () => {
    const run = await inquest([file('f.log', freeze)], null, '/dev/full')
    expect(run.status).toBe(2)
    expect(sentences(run)).toEqual([expect.stringMatching(/no space is left.*not whole/i)])
  })
})
