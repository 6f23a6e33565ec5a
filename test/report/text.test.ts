/** The report that people read: what it says of real logs, and that no log can make it lie, overflow or lose something. */
import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import type { Report } from '../../src/report/report.ts'
import { safe } from '../../src/report/safe.ts'
import { anyReport, fixtureReport, labReport, written } from './sample.ts'

describe('real logs', () => {
  const reports: [string, () => Promise<Report>][] = [
    ['froze', () => labReport('rsyslog-stoprace-255', 'short', '/var/log/messages')],
    ['overflow', () => labReport('mounts-fullqueue-252', 'short', '/var/log/messages')],
    ['journal', () => labReport('rsyslog-kill-257', 'json', '/tmp/evidence/journal.json')],
    ['averted', () => labReport('rsyslog-kill-262', 'short', '-')],
    ['nothing', () => labReport('run-full-252', 'short', '/var/log/messages')],
    ['several', () => fixtureReport('incidents/D3-reload', '/var/log/messages')],
    ['unreachable', () => fixtureReport('articles/bootstrap-alone', '-')],
  ]
  test.each(reports)('%s', async (name, report) => {
    await expect(written('text', await report())).toMatchFileSnapshot(`expected/${name}.txt`)
  })

  test('part of the log is lost: nothing found proves nothing', async () => {
    const report = await labReport('run-full-252', 'short', '-')
    const cut = { ...report, inputs: report.inputs.map(input => ({ ...input, complete: false, lost: null })) }
    expect(written('text', cut)).toMatch(/^Nothing found in what could be read, but part of the log is lost/)
  })

  test('the explanation comes last', async () => {
    const said = written('text', await labReport('run-full-252', 'short', '-'), { explanation: ['rule x looked at y'] })
    expect(said.trimEnd().split('\n').at(-1)).toBe('rule x looked at y')
  })
})

const COLOR = /\x1b\[[0-9;]+m/g
const isBrief = (severity: string) => severity === 'low' || severity === 'info'
const squeezed = (said: string) => said.replace(/\s/g, '')

describe('whatever the log holds', () => {
  test('no line is wider than the page, but for commands', () => {
    fc.assert(
      fc.property(anyReport, fc.integer({ min: 40, max: 120 }), fc.boolean(), (report, width, color) => {
        const lines = written('text', report, { width, color }).replace(COLOR, '').split('\n')
        const wide = lines.filter(line => stringWidth(line) > width && !line.trimStart().startsWith('$ '))
        expect(wide).toEqual([])
      }),
      { numRuns: 120 },
    )
  })

  test('no control character gets out but line ends and the asked-for colours', () => {
    fc.assert(
      fc.property(anyReport, fc.boolean(), fc.string({ unit: 'binary' }), (report, color, said) => {
        const whole = written('text', report, { color, explanation: [said] })
        const out = color ? whole.replace(COLOR, '') : whole
        expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      }),
      { numRuns: 120 },
    )
  })

  test('nothing is lost: every message, claim, name, advice and place of what matters', () => {
    fc.assert(
      fc.property(anyReport, fc.integer({ min: 40, max: 120 }), (report, width) => {
        const out = written('text', report, { width })
        const found = squeezed(out)
        for (const each of report.incidents) expect(found).toContain(squeezed(safe(each.title)))
        for (const each of report.incidents.filter(({ severity }) => !isBrief(severity))) {
          const { timeline, evidence, unit, suspects, advice } = each
          const claims = [...evidence.for, ...evidence.against, ...evidence.unknown]
          const repeated = report.incidents.filter(other => JSON.stringify(other.advice) === JSON.stringify(advice)).length > 1
          const texts = [
            ...timeline.flatMap(({ what, message }) => [what, message]),
            ...claims.map(({ claim }) => claim),
            ...suspects.map(suspect => suspect.unit),
            ...(unit ? [unit] : []),
            ...(repeated ? [] : advice.flatMap(step => [step.do, step.why])),
          ]
          for (const said of texts) expect(found).toContain(squeezed(safe(said)))
          const checked = new Set([...out.matchAll(/sed -n '([^']*)'/g)].flatMap(([, script = '']) => linesOf(script)))
          for (const { line } of [...timeline, ...claims].flatMap(({ refs }) => refs)) expect(checked).toContain(line)
        }
      }),
      { numRuns: 120 },
    )
  })
})

/** `3p;7,9p` → 3, 7, 8, 9 */
const linesOf = (script: string): number[] =>
  script.split(';').flatMap(part => {
    const [first = 0, last = first] = part.replace('p', '').split(',').map(Number)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
