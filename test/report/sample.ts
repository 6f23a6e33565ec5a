/** Real reports as a user would have them, and invented ones full of what a log must not do to a reader. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { analyze } from '../../src/index.ts'
import type { Look } from '../../src/report/form.ts'
import { reportNamed } from '../../src/report/registry.ts'
import { type Confidence, type Ended, type Incident, type Report, SCHEMA, type Severity } from '../../src/report/report.ts'
import { bytes, examine, NOW } from '../lab.ts'

const fixtures = new URL('../../fixtures/', import.meta.url).pathname

/** Where it was read is the machine's business and which rules were in force the rules': neither belongs into an expected text. */
const settled = (report: Report, path: string, name: string): Report => {
  const text = JSON.stringify({ ...report, tool: { ...report.tool, rules: '0123456789abcdef' } })
  return JSON.parse(text.replaceAll(JSON.stringify(path), JSON.stringify(name))) as Report
}

export const labReport = async (run: string, form: string, path: string): Promise<Report> =>
  settled((await examine(bytes(run, form))).report, '-', path)

export async function fixtureReport(folder: string, path: string): Promise<Report> {
  const input = `${fixtures}${folder}/input.log`
  return settled((await analyze([input], { timezone: 'UTC', now: NOW })).report, input, path)
}

export function written(form: string, report: Report, look: Partial<Look> = {}): string {
  const found = reportNamed(form)
  if (!found) throw new Error(`no form ${form}`)
  return [...found.write(report, { color: false, width: 80, explanation: [], ...look })].join('')
}

export const schemaFile = JSON.parse(
  readFileSync(new URL('../../src/report/inquest-report-1.schema.json', import.meta.url), 'utf8'),
) as object

const HOSTILE = [
  '</script><img src=x onerror=alert(1)>',
  '[x](javascript:alert(1)) ![y](https://evil.example/z.png) <https://evil.example>',
  '``` \n# not a heading\n```',
  '`a` ``b`` |c|d| **e** _f_ ~~g~~ <b>h</b> &lt; \\',
  '\x1b]0;title\x07\x1b[2J\x9b31m\x7f\r',
  'a\u202egnp.exe\u2066\u200b\u3164\ud800',
  'getty@tty1.service www.evil.example @root root@evil.example https://evil.example/x',
  'dev-disk-by\\x2dpartuuid-12345678\\x2d1234\\x2d1234\\x2d1234\\x2d123456789012-and-a-name-that-no-column-holds.service',
  '漢字の長い長い長い長い長い長い長い長い長い長い長い長い長い長い長い長いメッセージ 💥',
  '1. one\n- two\n> three\n\n    four\n\tfive',
]
const words = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 120 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 200 }) },
)
const text = fc.tuple(fc.constantFrom('', 'PID 1 froze: ', 'unit '), words).map(parts => parts.join('') || 'x')
const nothing = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 4 })
const time = fc
  .integer({ min: 1_700_000_000_000, max: 1_800_000_000_000 })
  .map(each => new Date(each).toISOString().replace('Z', '000Z'))
const PATHS = ['-', '/var/log/messages', '/srv/other/messages', "/tmp/it's here.log.gz", '/tmp/\x1b]0;evil\x07.log']
const count = fc.nat({ max: 100_000 })
const ref = fc.tuple(fc.constantFrom(...PATHS), fc.integer({ min: 1, max: 99_999 })).map(([input, line]) => ({ input, line }))
const refs = fc.array(ref, { maxLength: 5 })
const proofs = fc.array(fc.record({ claim: text, refs }), { maxLength: 3 })
const step = fc.record({
  at: nothing(time),
  delta: nothing(fc.double({ min: -1e6, max: 1e6, noNaN: true })),
  what: text,
  message: text,
  refs,
  signal: text,
})
const incident: fc.Arbitrary<Incident> = fc.record({
  id: fc.constant('0123456789abcdef'),
  rule: fc.constant('pid1-crash'),
  outcome: fc.constant('froze'),
  severity: fc.constantFrom<Severity>('critical', 'high', 'medium', 'low', 'info'),
  title: text,
  host: text,
  boot: text,
  systemd: nothing(text),
  unit: nothing(text),
  alias: nothing(text),
  victim: nothing(text),
  at: nothing(time),
  from: nothing(time),
  to: nothing(time),
  confidence: fc.constantFrom<Confidence>('certain', 'strong', 'moderate', 'weak'),
  timeline: fc.array(step, { minLength: 1, maxLength: 4 }),
  evidence: fc.record({ for: proofs, against: proofs, unknown: proofs }),
  suspects: fc.array(
    fc.record({
      unit: text,
      alias: nothing(text),
      rank: fc.integer({ min: 1, max: 9 }),
      reasons: fc.array(text, { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
  figures: fc.dictionary(fc.constantFrom('clientsLost', 'sender'), nothing(fc.oneof(text, count))),
  advice: fc.array(fc.record({ do: text, why: text, command: text, danger: fc.boolean() }), { maxLength: 2 }),
  collect: fc.array(fc.record({ what: text, settles: text, command: text }), { maxLength: 2 }),
})

export const anyReport: fc.Arbitrary<Report> = fc.record({
  schema: fc.constant(SCHEMA),
  tool: fc.record({ name: fc.constant('inquest' as const), version: text, rules: text }),
  inputs: fc.tuple(
    ...PATHS.map(path =>
      fc.record({
        path: fc.constant(path),
        format: text,
        entries: count,
        bytes: count,
        recovered: count,
        lost: nothing(count),
        complete: fc.boolean(),
        problems: fc.array(fc.record({ message: text, line: count }), { maxLength: 2 }),
      }),
    ),
  ),
  coverage: fc.record({
    hosts: fc.array(
      fc.record({
        host: text,
        boots: fc.array(
          fc.record({
            id: text,
            first: nothing(time),
            last: nothing(time),
            entries: count,
            systemd: nothing(text),
            kernel: nothing(text),
            os: nothing(text),
            ended: fc.constantFrom<Ended>('clean', 'cut', 'frozen', 'crashed', 'running', 'unknown'),
          }),
          { maxLength: 2 },
        ),
      }),
      { maxLength: 2 },
    ),
  }),
  incidents: fc.array(incident, { maxLength: 3 }),
})
