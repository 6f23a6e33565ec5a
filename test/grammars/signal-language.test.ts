import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileSignals } from '../../grammars/compile.ts'
import { paint } from '../../src/problems/frame.ts'
import { definitions, files } from '../signals/shipped.ts'

const folder = 'fixtures/bad-signals'

describe('a signal file with faults', () => {
  it.each(readdirSync(folder))('%s: every fault is shown with place, line, caret and help', async name => {
    const text = readFileSync(`${folder}/${name}/x.signals`, 'utf8')
    const { diagnostics } = compileSignals([{ file: 'x.signals', text }])
    expect(diagnostics.length).toBeGreaterThan(0)
    await expect(`${paint(diagnostics, { 'x.signals': text })}\n`).toMatchFileSnapshot(`../../${folder}/${name}/expected.txt`)
  })

  it('never throws, and places every fault inside the file', () => {
    const source = files[0]?.text ?? ''
    const damage = fc.tuple(
      fc.nat(source.length),
      fc.nat(200),
      fc.constantFrom('', '"', '{', '[', '\n', 'text', 'like "', '\0', '= |', '\\', '💥'),
    )
    fc.assert(
      fc.property(damage, ([at, length, put]) => {
        const text = source.slice(0, at) + put + source.slice(at + length)
        const lines = text.split('\n')
        for (const { line, column, endColumn } of compileSignals([{ file: 'x', text }]).diagnostics) {
          expect(line).toBeGreaterThanOrEqual(1)
          expect(line).toBeLessThanOrEqual(lines.length)
          expect(column).toBeGreaterThanOrEqual(1)
          expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1)
          expect(endColumn).toBeGreaterThan(column)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('a signal file', () => {
  it('is lowered to plain data', () => {
    const text = `
group leftover source "systemd v255 src/core/unit.c"
enum end = "Ignoring" | "Refusing"
signal leftover.found
  about   "A process is left."  # as it says
          "It was there before."
  from    pid1 | client
  kind    trigger
  over    leftover.any
  fold by unit, comm
  text    "{unit:unit}: Found {pid:int} ({comm})[ {[}again{]}]. {how:end}." since 236 until "dbus 1.14" source "a" "b" set kind="x" by kernel
  like    "a.service: Found 1 (b). Ignoring." gives unit="a.service"
  unlike  "Found" "a.service: \\"Found\\""`
    const [found] = compileSignals([{ file: 'x', text }]).definitions
    expect(found).toMatchObject({
      name: 'leftover.found',
      group: 'leftover',
      about: 'A process is left. It was there before.',
      from: ['pid1', 'client'],
      kind: 'trigger',
      over: ['leftover.any'],
      fold: ['unit', 'comm'],
      wordings: [
        {
          parts: [
            { hole: 'unit', type: 'unit' },
            ': Found ',
            { hole: 'pid', type: 'int' },
            ' (',
            { hole: 'comm', type: 'text' },
            ')',
            { optional: [' [again]'] },
            '. ',
            { hole: 'how', type: 'enum', values: ['Ignoring', 'Refusing'] },
            '.',
          ],
          from: ['kernel'],
          set: { kind: 'x' },
          since: '236',
          until: 'dbus 1.14',
          source: 'a b',
        },
      ],
      likes: [{ message: 'a.service: Found 1 (b). Ignoring.', gives: { unit: 'a.service' } }],
      unlikes: [{ message: 'Found' }, { message: 'a.service: "Found"' }],
      at: { line: 4 },
    })
  })

  it('of a user is checked against the signals in force', () => {
    const own = `group mine source "mine"\nsignal mine.start about "x" from any kind history text "Started my {what}." source "mine" like "Started my app." gives what="app" unlike "Started"\n`
    expect(compileSignals([{ file: 'x', text: own }]).diagnostics).toEqual([])
    expect(compileSignals([{ file: 'x', text: own }], definitions).diagnostics).toMatchObject([
      { message: 'this like is unit.started as well' },
    ])
    expect(
      compileSignals([{ file: 'x', text: own.replace(' kind', ' over unit.started kind') }], definitions).diagnostics,
    ).toEqual([])
    expect(compileSignals([{ file: 'x', text: own.replace('mine.start', 'unit.started') }], definitions).diagnostics).toEqual([])
  })
})

describe('each line of the shipped files', () => {
  it.each(files)('$file: has its effect', ({ file, text }) => {
    const others = definitions.filter(definition => definition.file !== file)
    const lines = text.split('\n')
    const spare = lines.flatMap((line, index) => {
      // What storms is folded is pinned by the snapshot beside; comments and empty lines are for the reader.
      if (/^\s*(?:#|fold by|$)/.test(line)) return []
      const without = lines.filter((_, other) => other !== index).join('\n')
      return compileSignals([{ file, text: without }], others).diagnostics.length > 0 ? [] : [`${index + 1}: ${line}`]
    })
    expect(spare).toEqual([])
  })
})
