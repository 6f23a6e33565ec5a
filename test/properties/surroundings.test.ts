/** What does not belong to an incident does not change it: other hosts' lines, noise, compression, line ends, and the form of the log. */
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Incident } from '../../src/report/report.ts'
import { differences } from '../../src/rules/expectation.ts'
import { bytes, examine, formsOf, lines, substance, truth } from '../lab.ts'
import { inForm } from '../truth.ts'

const RUNS = [
  'rsyslog-stoprace-255',
  'rsyslog-kill-257',
  'rsyslog-doublestart-255',
  'rsyslog-latent-257',
  'rsyslog-nolink-255',
  'pid1-segv-257',
  'render-benign-257',
  'healthy-252',
]

/** Puts the others' lines between these; both keep their own order. */
function shuffled(these: string[], others: string[], places: number[]): string[] {
  const result: string[] = []
  let taken = 0
  these.forEach((line, index) => {
    const take = (places[index % places.length] ?? 0) % 4
    result.push(...others.slice(taken, taken + take), line)
    taken += take
  })
  return [...result, ...others.slice(taken)]
}

const places = fc.array(fc.nat(3), { minLength: 5, maxLength: 40 })
const about = (incidents: Incident[], host: string) => incidents.filter(incident => incident.host === host).map(substance)

describe.each(RUNS)('%s', run => {
  const json = lines(run, 'json')
  const host = (JSON.parse(json[0] ?? '{}') as { _HOSTNAME: string })._HOSTNAME

  test('other hosts in the same stream', async () => {
    const alone = (await examine(json.join('\n'))).report
    const healthy = lines('healthy-257', 'json')
    await fc.assert(
      fc.asyncProperty(places, async where => {
        const { report } = await examine(shuffled(json, healthy, where).join('\n'))
        expect(about(report.incidents, host)).toEqual(about(alone.incidents, host))
        expect(report.coverage.hosts.find(each => each.host === host)).toEqual(
          alone.coverage.hosts.find(each => each.host === host),
        )
      }),
      { numRuns: 8 },
    )
  })

  test.each(['json', 'short'])('noise, %s', async form => {
    const log = lines(run, form)
    const before = (await examine(log.join('\n'))).report
    await fc.assert(
      fc.asyncProperty(
        places,
        fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { minLength: 3, maxLength: 20 }),
        async (where, words) => {
          const noisy = log.flatMap((line, index) =>
            (where[index % where.length] ?? 0) > 1 ? [line, noise(line, words[index % words.length] ?? '')] : [line],
          )
          const { report } = await examine(noisy.join('\n'))
          expect(report.incidents.map(substance)).toEqual(before.incidents.map(substance))
        },
      ),
      { numRuns: 8 },
    )
  })

  test.each(['json', 'short'])('gzip, many members, CRLF, a BOM, any pieces: %s', async form => {
    const log = bytes(run, form)
    const plain = (await examine(log)).report.incidents.map(substance)
    const half = log.indexOf(10, log.length / 2) + 1
    const disguises = {
      gzip: gzipSync(log),
      members: Buffer.concat([gzipSync(log.subarray(0, half)), gzipSync(log.subarray(half))]),
      crlf: Buffer.from(log.toString().replaceAll('\n', '\r\n')),
      bom: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), log]),
    }
    for (const [name, disguise] of Object.entries(disguises)) {
      const { report } = await examine(disguise)
      expect([name, report.incidents.map(substance)]).toEqual([name, plain])
    }
    const pieces = Array.from({ length: Math.ceil(log.length / 77) }, (_, index) => log.subarray(index * 77, index * 77 + 77))
    expect((await examine(pieces)).report.incidents.map(substance)).toEqual(plain)
  })
})

/** A line of the same host and second, by a program that has nothing to do with it. */
function noise(line: string, words: string): string {
  const text = `noise ${words.replaceAll(/[\p{C}\p{Z}]/gu, '')} end`
  if (!line.startsWith('{')) return `${line.split(' ').slice(0, 4).join(' ')} app[9999]: ${text}`
  const { __REALTIME_TIMESTAMP, __MONOTONIC_TIMESTAMP, _BOOT_ID, _HOSTNAME, _MACHINE_ID } = JSON.parse(line) as Record<
    string,
    string
  >
  const own = {
    _PID: '9999',
    _COMM: 'app',
    _SYSTEMD_UNIT: 'app.service',
    _TRANSPORT: 'stdout',
    SYSLOG_IDENTIFIER: 'app',
    MESSAGE: text,
  }
  return JSON.stringify({ __REALTIME_TIMESTAMP, __MONOTONIC_TIMESTAMP, _BOOT_ID, _HOSTNAME, _MACHINE_ID, ...own })
}

describe('one incident in every form', () => {
  const run = 'rsyslog-stoprace-255'
  // No wall clock, no host: these carry less evidence, and so another id.
  const POORER = ['cat', 'short-monotonic', 'short-delta', 'no-hostname']
  const forms = formsOf(run).filter(form => inForm(truth(run), form) !== null)

  test.each(forms)('%s', async form => {
    const best = (await examine(bytes(run, 'json'))).report.incidents[0]
    const { report, exitStatus } = await examine(bytes(run, form))
    const wrong = differences(inForm(truth(run), form) ?? { incidents: [] }, report, exitStatus)
    expect(wrong, wrong.join('\n')).toEqual([])
    const [incident] = report.incidents
    if (!best || !incident) throw new Error('nothing found')
    if (!POORER.includes(form)) expect(incident.id).toBe(best.id)
    const { rule, outcome, unit, alias, severity } = incident
    expect({ rule, outcome, unit, alias, severity }).toEqual({
      rule: best.rule,
      outcome: best.outcome,
      unit: best.unit,
      alias: best.alias,
      severity: best.severity,
    })
    for (const field of ['host', 'systemd'] as const) expect([best[field], null, 'unknown host']).toContain(incident[field])
    expect([best.at?.slice(0, 19), undefined]).toContain(incident.at?.slice(0, 19))
  })
})
