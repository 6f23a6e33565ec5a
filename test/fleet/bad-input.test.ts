/** What fleets' logs are like when nobody cleaned them up: each a clear line in the report and the right exit status, never a wrong count. */
import { spawnSync } from 'node:child_process'
import { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { FleetReport, HostLine } from '../../src/fleet/report/contract.ts'
import { storeFault } from '../../src/fleet/store/database.ts'
import { folder, inquest, program, type Ran } from '../cli/command.ts'
import { bytes } from '../lab.ts'
import { HOSTS, logOf, nameOf, truth, writeFleet } from './fleet.ts'

const at = (name: string): string => join(folder, name)
const logText = (index: number): string =>
  `${logOf(index)
    .map(([, line]) => line)
    .join('\n')}\n`

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(at(path)), { recursive: true })
  writeFileSync(at(path), content)
}

const args = (logs: string, ...more: string[]): string[] => [
  'fleet',
  'run',
  logs,
  '--store',
  `${logs}.db`,
  '--timezone',
  'UTC',
  ...more,
]
const run = (logs: string, ...more: string[]): Ran => inquest(args(logs, '--jobs', '2', ...more))
const words = (logs: string): string => inquest(['fleet', 'report', '--store', `${logs}.db`]).out.replace(/\s+/g, ' ')
const report = (logs: string) =>
  JSON.parse(inquest(['fleet', 'report', '--store', `${logs}.db`, '--format', 'json']).out) as FleetReport & { hosts: HostLine[] } // its schema

/** By host, in the report's order: what befell it, or why that is not known. */
const told = (logs: string): [host: string, what: string | null][] =>
  report(logs).hosts.map(({ host, fault, outcome, complete }) => [host, fault ?? (complete ? outcome : `${outcome}, incomplete`)])

describe('names and clocks', () => {
  test('a host that is renamed while it runs is one', () => {
    const late = Math.floor((logOf(3).length * 2) / 3)
    const lines = logOf(3).map(([, line], n) => (n < late ? line : line.replace('"node-03"', '"new-03"')))
    write('renamed/a.ndjson', `${lines.join('\n')}\n`)
    expect(run('renamed').status).toBe(1)
    expect(told('renamed')).toEqual([['node-03', 'froze']])
  })

  test('a machine under two names is counted by name, and told', () => {
    write('two-names/a.ndjson', logText(3))
    write(
      'two-names/b.ndjson',
      logText(3)
        .replaceAll('node-03', 'node-93')
        .replaceAll(/("_BOOT_ID":")./g, '$1f'),
    )
    expect(run('two-names').status).toBe(1)
    expect(told('two-names')).toEqual([
      ['node-03', 'froze'],
      ['node-93', 'froze'],
    ])
    expect(words('two-names')).toContain(
      '1 machine ids that several names have (cloned images, or renamed hosts), counted by name: node-03 = node-93',
    )
  })

  test('a host whose journal and whose text log are hours apart froze once', () => {
    write('zones/a/journal.ndjson', bytes('rsyslog-kill-257', 'json'))
    write('zones/a/messages', bytes('rsyslog-kill-257', 'short'))
    expect(run('zones', '--timezone', '+05:00').status).toBe(1)
    expect(told('zones').map(([, outcome]) => outcome)).toEqual(['froze'])
    expect(words('zones')).toMatch(
      /1 host whose logs tell one event at two times, counted once: clocks or zones differ \(--timezone\): \S+ \(5 h\)/,
    )
    write('zone/a/journal.ndjson', bytes('rsyslog-kill-257', 'json'))
    write('zone/a/messages', bytes('rsyslog-kill-257', 'short'))
    run('zone')
    expect(told('zone').map(([, outcome]) => outcome)).toEqual(['froze'])
    expect(words('zone')).not.toContain('two times')
  })

  test('a host whose clock is hours ahead is a host like others, at its own time', () => {
    const ahead = logOf(5).map(([, line]) =>
      line.replaceAll(/(TIMESTAMP":")(\d+)/g, (_, key: string, time: string) => key + (BigInt(time) + 7n * 3600_000_000n)),
    )
    write('ahead/node-05.ndjson', `${ahead.join('\n')}\n`)
    for (const index of [0, 3]) write(`ahead/${nameOf(index)}.ndjson`, logText(index))
    expect(run('ahead').status).toBe(1)
    expect(told('ahead')).toEqual([
      ['node-00', null],
      ['node-03', 'froze'],
      ['node-05', 'latent'],
    ])
  })
})

describe('files', () => {
  test('an empty folder of a host is a host of which nothing is known; one inside it, or of a program, is nothing', () => {
    write('empty/node-00/messages.ndjson', logText(0))
    for (const name of ['node-98', 'host=node-99', 'node-00/2026', 'date=2026-05-03', '.snapshot', 'lost+found', 'journal'])
      mkdirSync(at(`empty/${name}`), { recursive: true })
    expect(run('empty').status).toBe(3)
    expect(told('empty')).toEqual([
      ['node-00', null],
      ['node-98', 'its folder is empty'],
      ['node-99', 'its folder is empty'],
    ])
    expect(words('empty')).toContain('2 hosts could not be read: node-98 (its folder is empty), node-99 (its folder is empty)')
  })

  test('a file that changes between plan and work is told, and done again', () => {
    for (const index of [0, 3, 5]) write(`changing/${nameOf(index)}.ndjson`, logText(index))
    const items = inquest(['fleet', 'plan', 'changing', '--timezone', 'UTC']).out
    appendFileSync(at('changing/node-00.ndjson'), `${logOf(0)[0]?.[1]}\n`)
    truncateSync(at('changing/node-03.ndjson'), 5000)
    rmSync(at('changing/node-05.ndjson'))
    write('changing.jsonl', inquest(['fleet', 'work'], items).out)
    const { hosts } = JSON.parse(inquest(['fleet', 'report', '--store', 'changing.jsonl', '--format', 'json']).out) as {
      hosts: HostLine[]
    }
    expect(hosts.map(({ host, fault, complete }) => [host, fault, complete])).toEqual([
      ['node-00', null, false],
      ['node-03', null, false],
      ['node-05', 'there is no such file', false],
    ])
    expect(run('changing').status).toBe(3) // node-03 ends in the middle of a line
    expect(told('changing')).toEqual([
      ['node-00', null],
      ['node-03', 'null, incomplete'],
    ])
  })

  test('a bomb costs its own host, and no more than its limit', () => {
    write('bombs/node-03.ndjson', logText(3))
    write('bombs/node-04.ndjson.gz', gzipSync(logText(4) + ' '.repeat(30_000_000)))
    mkdirSync(at('bomb/var/log'), { recursive: true })
    writeFileSync(at('bomb/var/log/messages'), logText(5) + ' '.repeat(30_000_000))
    spawnSync('tar', ['czf', at('bombs/node-05.tar.gz'), 'var'], { cwd: at('bomb') })
    spawnSync('zip', ['-qr', at('bombs/node-06.zip'), 'var'], { cwd: at('bomb') })
    expect(run('bombs', '--max-expanded', '4M').status).toBe(1)
    const [frozen, packed, ...archives] = told('bombs')
    expect([frozen, packed]).toEqual([
      ['node-03', 'froze'],
      ['node-04', 'null, incomplete'],
    ])
    // What stands before the limit is read; that nothing befell a host is not said of any.
    expect(archives.map(([, what]) => what)).not.toContain(null)
    expect(words('bombs')).toContain('so silence proves nothing: node-04')
  })

  test('a host with half of all bytes is done beside the others', () => {
    writeFleet(at('skewed'), 'files')
    const boring = logOf(0)[0]?.[1] ?? ''
    const filler = `${boring.replace(/"_BOOT_ID":"[^"]*"/, `"_BOOT_ID":"${'e'.repeat(32)}"`)}\n`
    appendFileSync(at('skewed/node-00.ndjson'), filler.repeat(Math.ceil(5e6 / filler.length)))
    expect(run('skewed').status).toBe(1)
    expect(new Map(told('skewed').map(([host, outcome]) => [host, outcome ? `alias-state-overwrite ${outcome}` : '']))).toEqual(
      truth,
    )
  })

  test('permission denied in the middle is a row, and the others are read', () => {
    for (const index of [0, 3, 5]) write(`denied/${nameOf(index)}/messages.json`, logText(index))
    write('denied/node-07.ndjson', logText(7))
    chmodSync(at('denied/node-03'), 0)
    chmodSync(at('denied/node-07.ndjson'), 0)
    const ran = bare(args('denied'))
    expect(ran.status, ran.err).toBe(1)
    expect(told('denied')).toEqual([
      ['node-00', null],
      ['node-03', 'permission denied'],
      ['node-05', 'latent'],
      ['node-07', 'permission denied'],
    ])
    chmodSync(at('denied/node-03'), 0o755)
    chmodSync(at('denied/node-07.ndjson'), 0o644)
    expect(run('denied').out).toContain('2 of 4 work items done now')
    expect(told('denied').map(([, what]) => what)).toEqual([null, 'froze', 'latent', null])
  })
})

/** As somebody whom permissions bind: root is freed of its right to pass them by. */
function bare(given: readonly string[], limit = 'unlimited'): Ran {
  const drop = process.getuid?.() === 0 ? 'setpriv --bounding-set=-dac_override,-dac_read_search' : ''
  const script = `ulimit -f ${limit}; exec ${drop} "$@"`
  const ran = spawnSync('bash', ['--norc', '-c', script, 'bash', process.execPath, program, ...given], {
    cwd: folder,
    env: { PATH: process.env.PATH, TZ: 'UTC' },
  })
  return { status: ran.status, out: ran.stdout.toString(), err: ran.stderr.toString() }
}

describe('the store', () => {
  test('on a full disk the run ends with a sentence, and goes on where it was when there is room', () => {
    writeFleet(at('full'), 'files')
    const full = bare(args('full', '--jobs', '2'), '60') // KiB a file
    expect(full.status).toBe(2)
    expect(full.err).toMatch(/^inquest: --store full\.db: no space is left .*; what was done is kept: run it again to go on\n$/)
    expect(run('full').status).toBe(1)
    expect(told('full')).toHaveLength(HOSTS)
    expect(new Map(told('full').map(([host, outcome]) => [host, outcome ? `alias-state-overwrite ${outcome}` : '']))).toEqual(
      truth,
    )
  })

  test('that is damaged is told, and left as it is', () => {
    write('old/node-00.ndjson', logText(0))
    run('old')
    const store = readFileSync(at('old.db'))
    store.writeUInt8(store.readUInt8(5000) ^ 1, 5000)
    writeFileSync(at('old.db'), store)
    const ran = run('old')
    expect(ran).toMatchObject({ status: 2, out: '' })
    expect(ran.err).toContain('--store old.db: is damaged; name another file')
    expect(readFileSync(at('old.db')).equals(store)).toBe(true)
  })

  test.each([
    [
      'Trying to read a database file with version number 39, but we can only read versions between 64 and 67.',
      'was written by another version of DuckDB; name another file',
    ],
    [
      'Could not set lock on file "a.db": Conflicting lock is held in node (PID 1).',
      'another inquest is writing it (or a program has it open): wait for its end',
    ],
    ['Could not write file "a.db": No space left on device', 'no space is left on the device'],
    ['Something new\nstack', 'Something new'],
  ])('%s', (message, told) => {
    expect(storeFault(new Error(`IO Error: ${message}`))).toBe(told)
  })
})
