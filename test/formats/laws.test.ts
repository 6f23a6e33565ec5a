import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../../src/entries/entry.ts'
import { forms } from '../../src/formats/registry.ts'
import { essence, fixture, NOW, readText } from './fixture.ts'

const names = forms.map(form => form.name)

/** Journalctl's forms of one and the same excerpt; what each of them cannot say is left out of the comparison. */
const JOURNALCTL = [
  ...[
    'json-pretty',
    'json-seq',
    'json-sse',
    'json-array',
    'export',
    'verbose',
    'short',
    'short-precise',
    'short-iso',
    'short-iso-precise',
  ],
  ...['short-full', 'short-unix', 'short-monotonic', 'short-delta', 'with-unit', 'catalog', 'no-hostname', 'reverse', 'cat'],
]
const WHOLE_SECONDS = new Set(['short', 'short-iso', 'short-full', 'with-unit', 'catalog', 'no-hostname'])
const NO_TIME = new Set(['short-monotonic', 'short-delta', 'cat'])

describe('one excerpt of a real run in every form of journalctl', async () => {
  const json = await told('json')
  for (const name of JOURNALCTL) {
    it(`${name}: the same messages, speakers, times and boots as json`, async () => {
      const here = await told(name)
      expect(here.map(entry => entry.message)).toEqual(json.map(entry => entry.message))
      expect(here.map(entry => entry.boot)).toEqual(json.map(entry => entry.boot))
      if (name !== 'cat') expect(here.map(entry => entry.pid)).toEqual(json.map(entry => entry.pid))
      if (name !== 'cat' && name !== 'with-unit')
        expect(here.map(entry => entry.speaker)).toEqual(json.map(entry => entry.speaker))
      if (name !== 'cat' && name !== 'no-hostname') expect(here.map(entry => entry.host)).toEqual(json.map(entry => entry.host))
      if (!NO_TIME.has(name))
        expect(here.map(entry => entry.time)).toEqual(json.map(entry => blunt(entry.time, WHOLE_SECONDS.has(name))))
      expect(here.filter(isPid1).length).toBe(name === 'cat' ? 0 : json.filter(isPid1).length)
    })
  }
})

function isPid1(entry: Entry): boolean {
  return entry.speaker === 'pid1'
}

function blunt(time: number | null, seconds: boolean): number | null {
  return seconds && time !== null ? Math.floor(time / 1e6) * 1e6 : time
}

/** Entries with their boots numbered in order of appearance. */
async function told(name: string): Promise<Entry[]> {
  const { entries } = await readText(fixture(name))
  const boots: (string | null)[] = []
  return entries.map(entry => {
    if (!boots.includes(entry.boot)) boots.push(entry.boot)
    return { ...entry, boot: String(boots.indexOf(entry.boot)) }
  })
}

describe('laws that hold for every form', () => {
  for (const name of names) {
    it(`${name}: bytes may arrive in any pieces`, async () => {
      const bytes = fixture(name)
      const whole = essence(await readText(bytes))
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 60 }), async pieces => {
          expect(essence(await readText(bytes, {}, pieces))).toEqual(whole)
        }),
        { numRuns: 12 },
      )
    })

    it(`${name}: gzip changes nothing`, async () => {
      const bytes = fixture(name)
      expect(essence(await readText(gzipSync(bytes)))).toEqual(essence(await readText(bytes)))
    })

    it(`${name}: CRLF changes nothing`, async () => {
      const text = fixture(name).toString('latin1').replaceAll('\r\n', '\n')
      const crlf = Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')
      expect(essence(await readText(crlf))).toEqual(essence(await readText(Buffer.from(text, 'latin1'))))
    })

    it(`${name}: read as the form it is, by --input-format, it reads the same`, async () => {
      const sniffed = await readText(fixture(name))
      const forced = await readText(fixture(name), { inputFormat: name })
      expect(forced.entries.length).toBe(sniffed.entries.length)
    })
  }

  it.each(names)('%s: a log may be cut anywhere in its beginning', async name => {
    const bytes = fixture(name).subarray(0, 2000)
    const whole = essence(await readText(bytes))
    for (let at = 1; at < 60; at++) expect(essence(await readText(bytes, {}, [at])), `cut at ${at}`).toEqual(whole)
  })

  it('random bytes never throw, and never take long', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4000 }), async bytes => {
        const { reading } = await readText(Buffer.from(bytes), { now: NOW })
        expect(reading.inputs).toHaveLength(1)
      }),
      { numRuns: 300 },
    )
  })

  it('a real log with any bytes changed never throws, and loses at most what was hit', async () => {
    const spots = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), spots, async (name, changes) => {
        const bytes = Buffer.from(fixture(name))
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        const { reading, entries } = await readText(bytes)
        expect(reading.inputs[0]?.entries).toBe(entries.length)
      }),
      { numRuns: 300 },
    )
  })
})

describe('the accounting of damaged JSON', () => {
  const lines = fixture('json').toString().trim().split('\n')

  /** A lone brace may be anything; among records it is a record's beginning. */
  const first = lines[0]?.length ?? 0

  it('entries read and entries lost are the entries written, wherever a log is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async at => {
        const text = lines.join('\n')
        const cut = text.slice(0, 1 + first + (at % (text.length - first)))
        const { reading } = await readText(cut)
        const input = reading.inputs[0]
        expect((input?.entries ?? 0) + (input?.lost ?? 0)).toBe(cut.trimEnd().split('\n').length)
        const whole = lines.includes(cut.split('\n').at(-1) ?? '') || cut.endsWith('\n')
        expect(input?.complete).toBe(whole)
      }),
      { numRuns: 60 },
    )
  })

  it('lines that were broken are counted, the others are read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray([...lines.keys()], { minLength: 1 }), async broken => {
        const text = lines.map((line, index) => (broken.includes(index) ? line.slice(0, line.length / 2) : line)).join('\n')
        const { reading } = await readText(`${text}\n`)
        expect(reading.inputs[0]).toMatchObject({ entries: lines.length - broken.length, lost: broken.length, complete: false })
      }),
      { numRuns: 40 },
    )
  })

  it('of two lines torn into each other the whole one is kept', async () => {
    const { reading, entries } = await readText(`${lines[0]}\n${lines[1]?.slice(0, 200)}${lines[2]}\n${lines[3]}\n`)
    expect(entries).toHaveLength(3)
    expect(reading.inputs[0]).toMatchObject({ recovered: 1, lost: 1, complete: false })
  })
})
