/** The law of the books: entries read and entries reported lost are the entries written; what was planted is read or stands among the lost. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { examine, lines, runs, truth } from '../lab.ts'

const RUN = 'rsyslog-kill-257'
const records = lines(RUN, 'json')

interface Fields {
  [name: string]: string
}
const fieldsOf = (line: string): Fields => JSON.parse(line) as Fields

/** The same record in journalctl's export form: text fields as lines, what holds a line end counted. */
function exported(line: string): Buffer {
  const { __CURSOR: cursor = '', ...others } = fieldsOf(line)
  const fields = Object.entries({ __CURSOR: cursor, ...others }).map(([name, value]) => {
    const text = Buffer.from(String(value))
    if (!text.includes(10)) return Buffer.from(`${name}=${value}\n`)
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(text.length))
    return Buffer.concat([Buffer.from(`${name}\n`), length, text, Buffer.from('\n')])
  })
  return Buffer.concat([...fields, Buffer.from('\n')])
}

async function books(input: string | Buffer): Promise<{ entries: number; lost: number | null; complete: boolean }> {
  const [read] = (await examine(input)).report.inputs
  if (!read) throw new Error('no input was read')
  return read
}

/** Which records are hurt, and where in each. */
const hurts = fc.uniqueArray(fc.tuple(fc.nat(records.length - 1), fc.nat(1 << 16)), {
  minLength: 1,
  maxLength: 40,
  selector: ([index]) => index,
})

describe('journalctl -o json', () => {
  test('records cut off in mid-line, wherever', async () => {
    await fc.assert(
      fc.asyncProperty(hurts, async where => {
        const cut = new Map(where)
        const log = records.map((line, index) => {
          const at = cut.get(index)
          // Behind the first field's first letter: a brace alone may be anybody's.
          return at === undefined ? line : line.slice(0, 3 + (at % (line.length - 4)))
        })
        const { entries, lost, complete } = await books(`${log.join('\n')}\n`)
        expect({ entries, lost, complete }).toEqual({ entries: records.length - cut.size, lost: cut.size, complete: false })
      }),
      { numRuns: 40 },
    )
  })

  test('any byte but a line end changed into any other', async () => {
    const change = fc.tuple(
      hurts,
      // A brace in the middle may begin a record of its own: then a lost one and a read one stand for the one that was written.
      fc.integer({ min: 1, max: 255 }).filter(byte => byte !== 10 && byte !== 0x7b),
    )
    await fc.assert(
      fc.asyncProperty(change, async ([where, byte]) => {
        const hit = new Map(where)
        const log = records.map((line, index) => {
          const bytes = Buffer.from(`${line}\n`)
          const at = hit.get(index)
          if (at !== undefined) bytes[at % (bytes.length - 1)] = byte
          return bytes
        })
        const { entries, lost } = await books(Buffer.concat(log))
        expect(entries + (lost ?? Number.NaN)).toBe(records.length)
        expect(entries).toBeGreaterThanOrEqual(records.length - hit.size)
      }),
      { numRuns: 60 },
    )
  })

  test('records torn into each other by two writers', async () => {
    await fc.assert(
      fc.asyncProperty(hurts, async where => {
        const torn = new Map(where)
        const log = records.map((line, index) => {
          const at = torn.get(index)
          return at === undefined ? `${line}\n` : line.slice(0, 3 + (at % (line.length - 4)))
        })
        const { entries, lost } = await books(log.join(''))
        expect(entries + (lost ?? Number.NaN)).toBe(records.length)
      }),
      { numRuns: 40 },
    )
  })
})

describe('journalctl -o export', () => {
  const entries = records.slice(0, 120).map(exported)

  test('whole, every record is read', async () => {
    expect(await books(Buffer.concat(entries))).toMatchObject({ entries: entries.length, lost: 0, complete: true })
  })

  test('a line that is no field, a counted value of the wrong length, an end that is missing', async () => {
    const strange = Buffer.from('not a field at all\n')
    const counted = Buffer.concat([Buffer.from('MESSAGE\n'), Buffer.from([200, 255, 0, 0, 0, 0, 0, 0]), Buffer.from('short\n')])
    await fc.assert(
      fc.asyncProperty(hurts, fc.constantFrom('strange', 'counted', 'unended'), async (where, how) => {
        const hit = new Set(where.map(([index]) => index % entries.length))
        const log = entries.map((entry, index) => {
          if (!hit.has(index)) return entry
          if (how === 'unended') return entry.subarray(0, entry.length - 1)
          const end = entry.indexOf(10) + 1
          return Buffer.concat([entry.subarray(0, end), how === 'strange' ? strange : counted, entry.subarray(end)])
        })
        const { entries: read, lost, complete } = await books(Buffer.concat(log))
        expect(read + (lost ?? Number.NaN)).toBe(entries.length)
        expect(complete).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  test('cut off anywhere', async () => {
    const whole = Buffer.concat(entries)
    let end = 0
    const ends = entries.map(entry => {
      end += entry.length
      return end
    })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: entries[0]?.length ?? 0, max: whole.length - 1 }), async at => {
        const begun = ends.filter(end => end < at).length + 1
        const { entries: read, lost } = await books(whole.subarray(0, at))
        // A cut within the first letters of the next record shows nothing of it.
        const shown = at - (ends.filter(end => end <= at).at(-1) ?? 0)
        if (shown === 0 || shown > '__CURSOR='.length) expect(read + (lost ?? Number.NaN)).toBe(begun)
      }),
      { numRuns: 100 },
    )
  })
})

describe.each(['short', 'messages', 'rfc5424'])('lines of %s', form => {
  const log = runs.includes('rsyslog-stoprace-255') ? lines('rsyslog-stoprace-255', form) : []

  test('a line that is cut or overwritten is still a line, and none is lost silently', async () => {
    const whole = await books(`${log.join('\n')}\n`)
    await fc.assert(
      fc.asyncProperty(hurts, async where => {
        const hit = new Map(where.map(([index, at]) => [index % log.length, at]))
        const text = log.map((line, index) => {
          const at = hit.get(index)
          return at === undefined || line.length < 3 || /^\s/.test(line) ? line : line.slice(0, 1 + (at % (line.length - 1)))
        })
        const { entries, lost } = await books(`${text.join('\n')}\n`)
        expect(lost).toBe(0)
        // A line that lost its stamp stands alone; one whose continuation lines follow takes them along all the same.
        expect(entries).toBeGreaterThanOrEqual(whole.entries)
      }),
      { numRuns: 30 },
    )
  })

  test('a run of NULs: what it hit cannot be counted, and that is said', async () => {
    const bytes = Buffer.from(`${log.join('\n')}\n`)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 2), fc.integer({ min: 1, max: 5000 }), async (at, length) => {
        const hurt = Buffer.from(bytes)
        const from = bytes.indexOf(10, at) + 1
        hurt.fill(0, from, Math.min(hurt.length, from + length))
        const { lost, complete } = await books(hurt)
        expect({ lost, complete }).toEqual(from < bytes.length ? { lost: null, complete: false } : { lost: 0, complete: true })
      }),
      { numRuns: 40 },
    )
  })
})

describe('what was planted is found, or its line is among the lost', () => {
  const planted = runs.filter(run => truth(run).incidents.some(({ outcome }) => outcome === 'froze'))

  test.each(planted)('%s', async run => {
    const log = lines(run, 'json')
    const freezes = log.flatMap((line, index) => (line.includes('Freezing execution') ? [index] : []))
    const spots = fc.uniqueArray(fc.nat(log.length - 1), { minLength: 1, maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(spots, fc.boolean(), async (somewhere, alsoThere) => {
        const hit = new Set(alsoThere ? [...somewhere, ...freezes] : somewhere.filter(index => !freezes.includes(index)))
        const { report } = await examine(
          `${log.map((line, at) => (hit.has(at) ? line.slice(0, line.length / 2) : line)).join('\n')}\n`,
        )
        const found = report.incidents.some(({ severity }) => severity === 'critical')
        const [input] = report.inputs
        expect(input).toMatchObject({ entries: log.length - hit.size, lost: hit.size })
        expect(found || freezes.every(index => hit.has(index))).toBe(true)
      }),
      { numRuns: 12 },
    )
  })
})
