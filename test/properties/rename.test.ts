/** Names mean nothing: a log whose host, units, programs and paths are renamed gives the same report with the same names renamed. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Report } from '../../src/report/report.ts'
import { examine, lines } from '../lab.ts'

/** Whole words of the run's own story; `_TRANSPORT` and field names are journald's and stay. */
type Names = [from: string, to: string][]

const FIELDS = [
  'MESSAGE',
  'UNIT',
  '_SYSTEMD_UNIT',
  '_COMM',
  '_EXE',
  '_CMDLINE',
  '_SYSTEMD_CGROUP',
  'SYSLOG_IDENTIFIER',
  '_HOSTNAME',
]

function renamed(text: string, names: Names): string {
  let result = text
  names.forEach(([from], index) => {
    result = result.replace(new RegExp(`(?<![A-Za-z0-9])${from}(?![A-Za-z0-9])`, 'g'), `\u0001${index}\u0001`)
  })
  return result.replace(/\u0001(\d+)\u0001/g, (_, index: string) => names[Number(index)]?.[1] ?? '')
}

function renamedJson(line: string, names: Names): string {
  const entry = JSON.parse(line) as Record<string, unknown>
  for (const field of FIELDS) if (typeof entry[field] === 'string') entry[field] = renamed(entry[field], names)
  return JSON.stringify(entry)
}

/** The report without what must differ: ids are made of names, offsets and byte counts of lengths. */
function comparable(report: Report, names: Names = []): unknown {
  const text = JSON.stringify({ incidents: report.incidents, hosts: report.coverage.hosts }, (key, value: unknown) =>
    key === 'id' || key === 'offset' || key === 'bytes' ? undefined : value,
  )
  return JSON.parse(renamed(text, names))
}

/** That a pair is well known, and which program is whose in a log without units, is known of well-known names only. */
const FAME = /is known to declare|wrote its last line/

function withoutFame(report: unknown): unknown {
  const isFame = (value: unknown) =>
    FAME.test(typeof value === 'string' ? value : ((value as { claim?: string } | null)?.claim ?? ''))
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.filter(each => !isFame(each)).map(strip)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [
        key,
        key === 'suspects' ? strip((each as unknown[]).slice(0, 1)) : strip(each),
      ]),
    )
  }
  return strip(report)
}

const letters = [...'abcdefghijkmnopqrstuvwxyz']
const name = (start: string) =>
  fc
    .tuple(
      fc.constantFrom(...letters),
      fc.array(fc.constantFrom(...letters, '0', '7', '-', '_'), { maxLength: 24 }),
      fc.constantFrom(...letters),
    )
    .map(([head, rest, tail]) => start + head + rest.join('') + tail)
const title = fc.array(name('Q'), { minLength: 1, maxLength: 4 }).map(words => words.join(' '))

describe('names that nobody knows', () => {
  const run = 'indexer-startup-257'
  test.each(['json', 'short'])('%s', async form => {
    const log = lines(run, form)
    const before = (await examine(log.join('\n'))).report
    await fc.assert(
      fc.asyncProperty(name('x'), name('u'), name('a'), title, name('h'), async (program, unit, alias, description, host) => {
        const names: Names = [
          ['indexer\\.sh', program.slice(0, 15)],
          ['indexer', unit],
          ['search', alias],
          ['Search indexer', description],
          ['host-c0c6', host],
        ]
        names.sort(([a], [b]) => b.length - a.length)
        const rename = (line: string) => (form === 'json' ? renamedJson(line, names) : renamed(line, names))
        const after = (await examine(log.map(rename).join('\n'))).report
        expect(comparable(after)).toEqual(comparable(before, names))
      }),
      { numRuns: 40 },
    )
  })
})

describe('well-known names: all but their fame stays, where a link line names them', () => {
  const NAMES: Names = [
    ['rsyslogd', 'ingestd'],
    ['rsyslog', 'a-much-longer-name-for-the-daemon'],
    ['syslog', 'inlet'],
    ['System Logging Service', 'Ingests'],
    ['Syslog Socket', 'An Inlet For What Is Ingested'],
  ]
  const HOSTS: Record<string, string> = {
    'rsyslog-kill-257': 'host-a161',
    'rsyslog-doublestart-257': 'host-2c76',
    'rsyslog-disarmed-257': 'host-b751',
    'rsyslog-latent-257': 'host-edd8',
    'rsyslog-container-257': 'host-d94a',
    'rsyslog-kill-262': 'host-39ad',
    'rsyslog-stoprace-255': 'host-9762',
    'rsyslog-kill-252': 'host-f241',
  }
  test.each(Object.keys(HOSTS))('%s json', async run => {
    const names: Names = [...NAMES, [HOSTS[run] ?? '', 'db.example.net']]
    const log = lines(run, 'json')
    const before = (await examine(log.join('\n'))).report
    const after = (await examine(log.map(line => renamedJson(line, names)).join('\n'))).report
    expect(before.incidents.length).toBeGreaterThan(0)
    expect(withoutFame(comparable(after))).toEqual(withoutFame(comparable(before, names)))
  })

  // Where lines carry descriptions only (255), a renamed description is nobody's: the text forms of 257 carry names.
  test.each(Object.keys(HOSTS).filter(run => /25[27]|262/.test(run)))('%s short', async run => {
    const names: Names = [...NAMES, [HOSTS[run] ?? '', 'db.example.net']]
    const log = lines(run, 'short')
    const before = (await examine(log.join('\n'))).report
    const after = (await examine(log.map(line => renamed(line, names)).join('\n'))).report
    expect(withoutFame(comparable(after))).toEqual(withoutFame(comparable(before, names)))
  })
})
