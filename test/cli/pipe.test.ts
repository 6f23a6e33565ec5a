/** Long pipes: read by a thread of its own, kept for the second look in memory and in a file. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { crash, folder, inquest, shell } from './command.ts'

const LINES = 100_000
const FIRST = JSON.parse(crash.toString('utf8', 0, crash.indexOf('\n'))) as Record<string, string>

/** So much of nothing before a crash that it passes what is kept in memory, packed though it is. */
function filler(): Buffer {
  const lines = Array.from({ length: LINES }, (_, n) => {
    const own = {
      MESSAGE: `served ${[1, 2, 3].map(part => createHash('sha512').update(`${part} ${n}`).digest('base64'))}`,
      _PID: '2000',
      _COMM: 'app',
      SYSLOG_IDENTIFIER: 'app',
      _SYSTEMD_UNIT: 'app.service',
    }
    return JSON.stringify({ ...FIRST, ...own })
  })
  return Buffer.from(`${lines.join('\n')}\n`)
}

const log = Buffer.concat([filler(), crash])
writeFileSync(join(folder, 'long.json'), log)
const { out: ofFile, status } = inquest(['--format', 'json', 'long.json'])
const expected = ofFile.replaceAll('long.json', '-')

test('the log is long, and tells of a crash', () => {
  expect(log.length).toBeGreaterThan(40e6)
  expect(status).toBe(1)
})

test.each([
  ['as it comes', 'cat long.json | inquest --format json'],
  ['where nothing can be kept', 'cat long.json | TMPDIR=/nowhere inquest --format json'],
  [
    'in pieces, with pauses',
    '{ head -c 3000001; sleep 0.3; head -c 35000003; sleep 0.3; cat; } < long.json | inquest --format json',
  ],
  ['line by line', 'cat long.json | inquest --plain --format json'],
])('a long pipe %s tells what the file tells', (_, line) => {
  expect(shell(line)).toEqual({ status: 1, out: expected, err: '' })
})
