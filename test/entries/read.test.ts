import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { fixture, only, readAll, readText } from '../formats/fixture.ts'

const dir = mkdtempSync(join(tmpdir(), 'inquest-read-'))
afterAll(() => rmSync(dir, { recursive: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(dir, name)
  writeFileSync(path, content)
  return path
}

const JSON_LINE = { __REALTIME_TIMESTAMP: '1772418641203950', _HOSTNAME: 'h', _PID: '1', SYSLOG_IDENTIFIER: 'systemd' }

describe('what cannot be read stands in the inputs, and the rest is read', () => {
  it('missing files, empty directories and pictures', async () => {
    const empty = join(dir, 'empty-directory')
    mkdirSync(empty)
    const good = file('good', 'Mar  2 02:30:41 h systemd[1]: x\n')
    const png = file('x.png', '\x89PNG\r\n\x1a\n')
    const { entries, reading } = await readAll([join(dir, 'nothing'), empty, png, good])
    expect(entries).toHaveLength(1)
    expect(reading.inputs.map(input => [input.entries, input.complete, input.problems.length])).toEqual([
      [0, false, 1],
      [0, false, 1],
      [0, false, 1],
      [1, true, 0],
    ])
  })

  it('an empty file is whole', async () => {
    const { reading } = await readAll([file('empty', '')])
    expect(reading.inputs).toEqual([expect.objectContaining({ entries: 0, lost: 0, complete: true, problems: [] })])
  })

  it('10 MB of NULs in the middle: the lines on both sides are read, and an unknown number is lost', async () => {
    const line = 'Mar  2 02:30:41 h systemd[1]: x\n'
    const { entries, reading } = await readText(Buffer.concat([Buffer.from(line), Buffer.alloc(10 << 20), Buffer.from(line)]))
    expect(entries).toHaveLength(2)
    expect(reading.inputs[0]).toMatchObject({ lost: null, complete: false, problems: [{ line: 2, offset: line.length }] })
  })

  it('a line of 100 MB is cut, told and passed', async () => {
    const head = 'Mar  2 02:30:41 h app[1]: '
    const { entries, reading } = await readText(
      Buffer.concat([
        Buffer.from(head),
        Buffer.alloc(100 << 20, 'x'),
        Buffer.from('\nMar  2 02:30:42 h systemd[1]: Freezing execution.\n'),
      ]),
    )
    expect(entries.map(entry => entry.message.length)).toEqual([(1 << 20) - head.length, 19])
    expect(reading.inputs[0]).toMatchObject({ complete: false })
  })

  it.each([
    ['blanks', ' '],
    ['noughts', '\0'],
    ['letters', 'x'],
  ])('a line of 3 MB, of %s from its middle on, is told alike whatever pieces it comes in', async (_, filling) => {
    const line = `Mar  2 02:30:41 h app[1]: ${'x'.repeat(1.1e6)}${filling.repeat(2e6)}`
    for (const ending of [`\nMar  2 02:30:42 h app[1]: x\n`, '']) {
      const [first, ...others] = await Promise.all(
        [[], [1_100_100, 50_000], Array.from({ length: 600 }, () => 7001)].map(async pieces => {
          const { entries, reading } = await readText(line + ending, {}, pieces)
          return { lines: entries.map(({ message, ref }) => [message.length, ref.line]), problems: reading.inputs[0]?.problems }
        }),
      )
      expect(first?.lines).toHaveLength(ending === '' ? 1 : 2)
      for (const other of others) expect(other).toEqual(first)
    }
  })

  it('a cut gzip file gives what it holds', async () => {
    const packed = gzipSync(fixture('json'))
    const { entries, reading } = await readAll([file('cut.gz', packed.subarray(0, packed.length / 2))])
    expect(entries.length).toBeGreaterThan(5)
    expect(reading.inputs[0]).toMatchObject({ complete: false, lost: null })
  })

  it('an export that is cut in a value, or whose lengths do not fit, loses those records and no others', async () => {
    const binary = Buffer.concat([
      Buffer.from('__CURSOR=a\nMESSAGE\n'),
      Buffer.from([3, 0, 0, 0, 0, 0, 0, 0]),
      Buffer.from('a\nb\n_PID=7\n\n'),
    ])
    const wrong = Buffer.concat([
      Buffer.from('__CURSOR=b\nMESSAGE\n'),
      Buffer.from([9, 0, 0, 0, 0, 0, 0, 0]),
      Buffer.from('a\nb\n_PID=7\n\n'),
    ])
    const { entries, reading } = await readText(Buffer.concat([binary, wrong, binary]))
    expect(entries.map(entry => entry.message)).toEqual(['a\nb', 'a\nb'])
    expect(reading.inputs[0]).toMatchObject({ lost: 1, complete: false })
    const cut = await readText(binary.subarray(0, binary.length - 13))
    expect(cut.reading.inputs[0]).toMatchObject({ entries: 0, lost: 1, complete: false })
  })
})

describe('journal entries', () => {
  it('bytes are decoded, of repeats the last counts, a text that was left out is told', async () => {
    const lines = [
      { ...JSON_LINE, MESSAGE: [70, 114, 195, 169, 255] },
      { ...JSON_LINE, MESSAGE: ['one', 'two'] },
      { ...JSON_LINE, MESSAGE: null },
      { ...JSON_LINE },
      { ...JSON_LINE, MESSAGE: 'a\nb "c" \\ é' },
    ]
    const { entries, reading } = await readText(lines.map(line => `${JSON.stringify(line)}\n`).join(''))
    expect(entries.map(entry => entry.message)).toEqual(['Fré\ufffd', 'two', '', '', 'a\nb "c" \\ é'])
    expect(reading.inputs[0]).toMatchObject({ entries: 5, lost: 0, complete: false, problems: [{ line: 3 }] })
  })

  it("take the sender's clock, unless it is none", async () => {
    for (const [source, time] of [
      ['1772418641000001', 1772418641000001],
      ['0', 1772418641203950],
      ['soon', 1772418641203950],
    ]) {
      const entry = only(await readText(JSON.stringify({ ...JSON_LINE, MESSAGE: 'x', _SOURCE_REALTIME_TIMESTAMP: source })))
      expect(entry.time).toBe(time)
    }
  })

  it('that were captured from a terminal in colour are read', async () => {
    const entry = only(
      await readText(
        '{"\x1b[0;32m_PID\x1b[0m":"\x1b[0;32m1\x1b[0m","MESSAGE":"\x1b[0;1;31mFreezing execution.\x1b[0m","SYSLOG_IDENTIFIER":"systemd"}\n',
      ),
    )
    expect([entry.speaker, entry.message]).toEqual(['pid1', 'Freezing execution.'])
  })
})

describe('text', () => {
  it('terminal codes are taken out', async () => {
    const line =
      'Mar 02 02:30:41 h systemd[1]: \x1b[0;1;31m\x1b[0;1;39m\x1b[0;1;31mFreezing\x1b]8;;http://x\x07 execution.\x1b[0m\n'
    expect(only(await readText(line)).message).toBe('Freezing execution.')
  })

  it('lines between entries are no entries', async () => {
    const lines = [
      '-- Logs begin at Tue 2016-03-29 09:05:19 UTC, end at Tue 2016-03-29 09:05:19 UTC. --',
      '-- Journal begins at Tue 2016-03-29 09:05:19 UTC. --',
      'Mar 02 02:30:41 h systemd[1]: x',
      '-- Subject: Unit x has begun shutting down',
      '-- Defined-By: systemd',
      '-- ',
      '-- Unit x has begun shutting down.',
      '-- No entries --',
      '-- cursor: s=1;i=e',
      'lines 1-23/23 (END)',
      '',
    ]
    const { reading } = await readText(`${lines.join('\n')}\n`)
    expect(reading.inputs[0]).toMatchObject({ entries: 1, lost: 0, complete: true })
  })

  it('a `-- Boot … --` line gives its id to what follows', async () => {
    const id = '1f9d2d8b5e604b1ca0e3f405162738f2'
    const { entries } = await readText(`-- Boot ${id} --\nMar 02 02:30:41 h systemd[1]: x\n`)
    expect(entries[0]).toMatchObject({ boot: id, boots: true })
  })

  it('several forms in one file are each read as what they are', async () => {
    const mixed = ['short', 'json', 'rfc5424', 'dmesg', 'export', 'pasted'].map(name => fixture(name))
    const { entries } = await readText(Buffer.concat(mixed))
    const apart = await Promise.all(mixed.map(async bytes => (await readText(bytes)).entries.length))
    expect(entries.length).toBe(apart.reduce((a, b) => a + b))
    expect(entries.map(entry => entry.seq)).toEqual(entries.map((_, at) => at))
  })
})

describe('what was asked for', () => {
  it('--since and --until and --host choose entries, and the coverage is theirs', async () => {
    const text = ['01', '02', '03'].map(day => `Mar ${day} 10:00:00 web-${day} a[1]: x\n`).join('')
    const since = Date.UTC(2026, 2, 2) * 1000
    const later = await readText(text, { since })
    expect(later.entries.map(entry => entry.host)).toEqual(['web-02', 'web-03'])
    expect(later.reading.coverage().hosts.map(host => host.host)).toEqual(['web-02', 'web-03'])
    expect(later.reading.inputs[0]?.entries).toBe(3)
    expect((await readText(text, { until: since })).entries).toHaveLength(1)
    expect((await readText(text, { host: 'WEB-0[13]' })).entries).toHaveLength(0)
    expect((await readText(text, { host: 'WEB-?3' })).entries).toHaveLength(1)
  })

  it('an unknown form is a usage error that lists the known ones', async () => {
    await expect(readText('x', { inputFormat: 'shrot' })).rejects.toThrow(/no such form; one of .*short/)
  })

  it('reading stops where it is told to', async () => {
    const stop = new AbortController()
    stop.abort()
    await expect(readText('x\n', { signal: stop.signal })).rejects.toThrow(/abort/i)
  })

  it('tells how far it has come', async () => {
    const steps: [number, number | null][] = []
    const path = file('some', fixture('short'))
    await readAll([path, path], { progress: (bytes, total) => steps.push([bytes, total]) })
    expect(steps.at(-1)).toEqual([2 * fixture('short').length, 2 * fixture('short').length])
  })
})
