import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checksOf, placesIn } from '../../src/report/places.ts'
import type { Incident, Input } from '../../src/report/report.ts'
import { labReport } from './sample.ts'

const input = (path: string): Input => ({
  path,
  format: 'short',
  entries: 1,
  bytes: 1,
  recovered: 0,
  lost: 0,
  complete: true,
  problems: [],
})
const folder = mkdtempSync(join(tmpdir(), 'inquest-places-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a file goes by its last name, by more of it where two share that, and lines by ranges', () => {
  const [a, b, c] = ['/srv/a/messages', '/srv/b/messages', '/var/log/syslog']
  const places = placesIn([a, b, c, '-'].map(input))
  const refs = [3, 1, 2, 9].map(line => ({ input: c, line }))
  expect(places.of(refs)).toBe('syslog:1-3,9')
  expect(
    places.of([
      { input: a, line: 1 },
      { input: b, line: 2 },
    ]),
  ).toBe('a/messages:1; b/messages:2')
  expect(places.of([{ input: '-', line: 4 }])).toBe('line 4 of standard input')
  expect(places.of([{ input: c, offset: 512, cursor: 's=1' }])).toBe('syslog at byte 512')
})

const incidentAt = async (path: string): Promise<Incident> => {
  const [found] = (await labReport('rsyslog-stoprace-255', 'short', '-')).incidents
  if (!found) throw new Error('no incident')
  return {
    ...found,
    timeline: [],
    evidence: { for: [{ claim: 'x', refs: [2, 3, 5].map(line => ({ input: path, line })) }], against: [], unknown: [] },
  }
}

test.each(['plain.log', "it's; echo owned $(id) `id`.log", 'esc\x1b]0;evil\x07\n.log', '-n.log'])(
  'the command prints the lines, whatever the file is called: %j',
  async name => {
    writeFileSync(join(folder, name), 'one\ntwo\nthree\nfour\nfive\n')
    const [check] = checksOf(await incidentAt(name))
    expect(check?.command).toMatch(/^[\x20-\x7e]+$/)
    expect(execFileSync('bash', ['-c', check?.command ?? ''], { cwd: folder, encoding: 'utf8' })).toBe('two\nthree\nfive\n')
  },
)
