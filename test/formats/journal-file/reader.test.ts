/** What is read of a file equals what journalctl prints of it: entry for entry, field for field. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { packed } from './packed.ts'
import { exportOf, type Fields, usual, writeJournal } from './remote.ts'
import { expected, folder, journalctl, printedAs, sample } from './samples.ts'

const made = folder()
afterAll(() => rmSync(made, { recursive: true }))

describe("machines' journals", () => {
  test.each(['healthy-247', 'healthy-262', 'mounts-storm-257'])('%s', name => {
    const bytes = sample(name)
    const { entries, accounts } = printedAs({ [name]: bytes })
    expect(entries).toEqual(expected(name))
    expect(accounts.get(name)).toEqual({ byChain: entries.length, recovered: 0, lost: 0, complete: true, problems: [] })
    const path = join(made, `${name}.journal`)
    writeFileSync(path, bytes)
    expect(entries).toEqual(journalctl(path))
  })

  test('an archived file and the one after it, each entry once whatever holds it', () => {
    const archived = 'system@edbe9794a6ab443988d2de8836858520-0000000000000004-000660fbde365b2a'
    const [older, newer] = [sample(`rsyslog-reboot-255/${archived}`), sample('rsyslog-reboot-255/system')]
    const want = expected('rsyslog-reboot-255')
    expect(printedAs({ newer, older }).entries).toEqual(want)
    expect(printedAs({ older, copy: older, newer, again: newer }).entries).toEqual(want)
  })
})

/** Every shape that a field can have. */
function shapes(index: number): Fields {
  return {
    MESSAGE:
      [
        'plain',
        '',
        'two\nlines',
        'tab\tand "quotes" \\',
        'ümläut 💥',
        '\u0001control',
        'escape \u001b[31m',
        'c1 \u0085',
        'no character \ufdd0',
        Buffer.from([0xff, 0xfe, 0]),
        'x'.repeat(700),
        `${'long '.repeat(13_000)}${index}`,
        'del \u007f',
        Buffer.from([0xed, 0xa0, 0x80]),
      ][index % 14] ?? '',
    PRIORITY: String(index % 8),
    REPEATED: ['one', 'two', `three ${index % 5}`],
    TWICE: index % 3 === 0 ? ['same', 'same'] : ['same'],
    _HOSTNAME: 'vm-web-07',
    UNIQUE: `${'payload '.repeat(index % 90)}${index}`,
    BYTES: Buffer.from(Array.from({ length: index % 40 }, (_, at) => (at * 37 + index) & 0xff)),
  }
}

describe('systemd-journal-remote’s journals', () => {
  const flavours = [true, false].flatMap(keyed =>
    [true, false].flatMap(compact => [true, false].map(compress => ({ keyed, compact, compress }))),
  )
  test.each(flavours)('every shape of field: %o', flavour => {
    const path = writeJournal(join(made, `${Object.values(flavour).join('-')}.journal`), exportOf(400, shapes), flavour)
    const { entries, accounts } = printedAs({ path: readFileSync(path) })
    expect(entries).toEqual(journalctl(path))
    expect(entries.length).toBe(400)
    expect(accounts.get('path')?.complete).toBe(true)
  })

  test.each(['xz', 'lz4'] as const)('data packed with %s, as older systemds do', method => {
    const plain = writeJournal(join(made, 'plain.journal'), exportOf(200, shapes), { compact: false, compress: false })
    const path = join(made, `${method}.journal`)
    const { bytes, count } = packed(readFileSync(plain), method)
    expect(count).toBeGreaterThan(50)
    writeFileSync(path, bytes)
    const { entries, accounts } = printedAs({ path: bytes })
    expect(entries).toEqual(journalctl(path))
    expect(entries).toEqual(journalctl(plain))
    expect(accounts.get('path')?.complete).toBe(true)
  })

  test('200,000 entries', () => {
    const many = exportOf(200_000, index => ({ MESSAGE: `line ${index}`, A: String(index % 9) }))
    writeJournal(join(made, 'many', 'many.journal'), many)
    // It begins another file when the hash table of one is three quarters full.
    const paths = readdirSync(join(made, 'many')).map(name => join(made, 'many', name))
    expect(paths.length).toBeGreaterThan(1)
    const { entries } = printedAs(Object.fromEntries(paths.map(path => [path, readFileSync(path)])))
    expect(entries.length).toBe(200_000)
    expect(entries).toEqual(journalctl(...paths))
  })

  test('two machines’ journals interleave as journalctl has them', () => {
    const one = writeJournal(join(made, 'one.journal'), exportOf(300, usual(300)))
    const two = writeJournal(
      join(made, 'two.journal'),
      exportOf(200, index => ({ MESSAGE: `other ${index}`, _HOSTNAME: 'vm-db-01' })),
    )
    expect(printedAs({ one: readFileSync(one), two: readFileSync(two) }).entries).toEqual(journalctl(one, two))
  })
})
