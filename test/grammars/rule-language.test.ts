import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compileRules } from '../../grammars/compile-rules.ts'
import { paint } from '../../src/problems/frame.ts'
import { shipped } from '../../src/rules/shipped.ts'

const folder = 'fixtures/bad-rules'

describe('a rule file with faults', () => {
  it.each(readdirSync(folder))('%s: every fault is shown with place, line, caret and help', async name => {
    const file = `${folder}/${name}/x.rule`
    const text = readFileSync(file, 'utf8')
    const { diagnostics } = compileRules([{ file: 'x.rule', text }], shipped.signals)
    expect(diagnostics.length).toBeGreaterThan(0)
    await expect(paint(diagnostics, { 'x.rule': text })).toMatchFileSnapshot(`../../${folder}/${name}/expected.txt`)
  })
})

const RULE = `
rule web-died
  about "The web server died."
  variables unit
  event end = unit.exited where .kind == "main" and not .code ~ /^dump/ decisive with unit
  event reload = reload last before end within 10 s says "{reload.kind|reload} of PID 1"
  unless not reload because "no reload came before"
  outcome died medium when seconds(reload, end) < 5 or true title "{unit} died[ {span(reload, end)} after]"
  confidence moderate
`

describe('a rule', () => {
  it('is lowered to plain data that JSON keeps', () => {
    const { rules, diagnostics } = compileRules([{ file: 'x.rule', text: RULE }], shipped.signals)
    expect(diagnostics).toEqual([])
    expect(JSON.parse(JSON.stringify(rules))).toEqual(rules)
    expect(rules[0]?.events[0]).toMatchObject({
      decisive: true,
      with: ['unit'],
      alternatives: [
        {
          signal: 'unit.exited',
          where: { kind: 'and', of: [{ kind: 'compare' }, { kind: 'not', of: { kind: 'matches', pattern: '^dump' } }] },
        },
      ],
    })
    expect(rules[0]?.events[1]).toMatchObject({
      pick: 'last',
      before: 'end',
      within: 10,
      says: [{ hole: { kind: 'field' }, or: 'reload' }, ' of PID 1'],
    })
    expect(rules[0]?.outcomes[0]?.title).toMatchObject([
      { hole: { kind: 'name', name: 'unit' } },
      ' died',
      { group: [' ', { hole: { kind: 'call' } }, ' after'] },
    ])
  })

  it('of every shipped file compiles without a fault, and each has at least one outcome, figure and advice', () => {
    for (const rule of shipped.rules) {
      expect(rule.outcomes.length, rule.name).toBeGreaterThan(0)
      expect(rule.sources.length, rule.name).toBeGreaterThan(0)
      expect(rule.advice.length, rule.name).toBeGreaterThan(0)
    }
  })
})
