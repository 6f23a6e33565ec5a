import { describe, expect, it } from 'vitest'
import { paint } from '../../src/problems/frame.ts'
import type { Diagnostic } from '../../src/problems/problem.ts'
import { suggest } from '../../src/problems/suggest.ts'

const at = (line: number, column: number, endColumn: number, rest: Partial<Diagnostic> = {}): Diagnostic => ({
  file: 'a.rule',
  line,
  column,
  endColumn,
  message: 'this is wrong',
  ...rest,
})

describe('a frame', () => {
  it('shows place, line, caret, what was expected and the likely fix', () => {
    expect(
      paint([at(2, 3, 8, { expected: 'a name', help: "did you mean 'text'?" })], { 'a.rule': 'rule x\n  texxt y\n' }),
    ).toMatchInlineSnapshot(`
      "error: this is wrong
       --> a.rule:2:3
        |
      2 |   texxt y
        |   ^^^^^
        = expected: a name
        = help: did you mean 'text'?"
    `)
  })
  it('stands apart from the next', () => {
    expect(paint([at(1, 1, 2), at(12, 1, 1)], { 'a.rule': `x\n${'\n'.repeat(10)}last` })).toMatchInlineSnapshot(`
      "error: this is wrong
       --> a.rule:1:1
        |
      1 | x
        | ^

      error: this is wrong
        --> a.rule:12:1
         |
      12 | last
         | ^"
    `)
  })
  it('counts in columns of what is shown: tabs are two wide, control characters have pictures', () => {
    expect(paint([at(1, 4, 7)], { 'a.rule': '\t\x1b[bad\x07\u202e' })).toMatchInlineSnapshot(`
      "error: this is wrong
       --> a.rule:1:4
        |
      1 |   ␛[bad␇·
        |     ^^^"
    `)
  })
  it('cuts a long line around the fault', () => {
    expect(paint([at(1, 201, 206)], { 'a.rule': `${'x'.repeat(200)}wrong${'y'.repeat(200)}` })).toMatchInlineSnapshot(`
      "error: this is wrong
       --> a.rule:1:201
        |
      1 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxwrongyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
        |                                      ^^^^^"
    `)
  })
  it('goes without the line where there is none', () => {
    expect(paint([at(9, 1, 2)], { 'a.rule': 'x' })).toMatchInlineSnapshot(`
      "error: this is wrong
       --> a.rule:9:1"
    `)
    expect(paint([at(1, 1, 2, { file: 'b\n.rule', message: 'a\x1b[2Jb' })], {})).toMatchInlineSnapshot(`
      "error: a␛[2Jb
       --> b␊.rule:1:1"
    `)
  })
  it('never lets a terminal be moved', () => {
    const painted = paint([at(1, 1, 9, { message: '\x1b]0;x\x07', help: '\x9b2J' })], { 'a.rule': '\x1b\x9b\x7f\r' })
    expect(painted).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
  })
})

describe('the word that was meant', () => {
  it.each([
    ['histroy', ['trigger', 'history', 'coverage'], 'history'],
    ['pid', ['pid1', 'kernel'], 'pid1'],
    ['txt', ['text', 'set'], 'text'],
    ['unit', ['unit'], 'unit'],
    ['zebra', ['text', 'word'], null],
    ['x', ['y'], null],
    ['', ['text'], null],
  ])('for %s', (word, known, expected) => {
    expect(suggest(word, known)).toBe(expected)
  })
})
