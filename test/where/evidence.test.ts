import { cpSync, lutimesSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/index.ts'
import type { Incident } from '../../src/report/report.ts'
import { bytes, NOW } from '../lab.ts'
import { archive, plant, run, workshop } from './trees.ts'

const RUN = 'rsyslog-nolink-255'
const fixture = new URL(`../../fixtures/roots/${RUN}/`, import.meta.url).pathname
const JOURNAL = run('zstd', ['-dcq', `${fixture}system.journal.zst`])
const MACHINE = 'var/log/journal/268ae3548b56a99c6a24e2f5c955e9e6/system.journal'
const LINK = 'etc/systemd/system/syslog.service'

const dir = workshop()
let made = 0

/** The run's root as a crash leaves it, its alias link made at that time. */
function rootWith(linked: string | null, more: Record<string, string | Buffer> = {}): string {
  const root = join(dir, `root${++made}`)
  cpSync(fixture, root, { recursive: true })
  rmSync(join(root, 'system.journal.zst'))
  plant(root, { [MACHINE]: JOURNAL, 'var/log/messages': bytes(RUN, 'messages'), ...more })
  if (linked === null) return root
  plant(root, { [LINK]: '→ /usr/lib/systemd/system/rsyslog.service' })
  const seconds = Date.parse(linked) / 1000
  lutimesSync(join(root, LINK), seconds, seconds)
  return root
}

async function incidentsOf(...paths: string[]): Promise<Incident[]> {
  const { report } = await analyze(paths, { timezone: 'UTC', now: NOW })
  return report.incidents
}

const claims = (incident: Incident | undefined) => incident?.evidence.for.map(({ claim }) => claim).join('\n') ?? ''

/** rsyslog.service is up at 01:51:19.627, the reload comes at 01:51:21.638. */
const BETWEEN = '2026-11-24T01:51:20.8Z'

describe("the alias link on a machine's disk settles what its log leaves open", () => {
  const root = rootWith(BETWEEN)

  it('names unit and alias, says where and when the link was made, and is surer than by the log alone', async () => {
    const [alone] = await incidentsOf(join(root, MACHINE))
    const [incident] = await incidentsOf(root)
    expect(alone).toMatchObject({ unit: 'rsyslog.service', alias: 'syslog.service', confidence: 'moderate' })
    expect(incident).toMatchObject({ id: alone?.id, unit: 'rsyslog.service', alias: 'syslog.service', confidence: 'strong' })
    expect(claims(incident)).toMatch(
      /\/etc\/systemd\/system\/syslog\.service leads to .*rsyslog\.service.*1\.2 s after.*838 ms before/,
    )
    expect(incident?.evidence.for.flatMap(({ refs }) => refs)).toContainEqual({ input: `${root}:${LINK}` })
    const declared = { input: `${root}:usr/lib/systemd/system/rsyslog.service`, line: 11 }
    expect(incident?.evidence.for.flatMap(({ refs }) => refs)).toContainEqual(declared)
    expect(incident?.evidence.unknown.map(({ claim }) => claim).join()).not.toContain('how syslog.service became its alias')
  })

  it('--root is the same', async () => {
    const { report } = await analyze([], { root, timezone: 'UTC', now: NOW })
    expect(report.incidents).toEqual(await incidentsOf(root))
  })

  it.each([
    ['older than the boot', '2026-11-20T00:00:00Z'],
    ['made before the unit came up', '2026-11-24T01:51:19.0Z'],
    ['made after the reload', '2026-11-24T01:51:22.5Z'],
    ['made after all that was logged', '2026-11-25T12:00:00Z'],
    ['not there', null],
  ])('a link %s is no such proof', async (_, linked) => {
    const [incident] = await incidentsOf(rootWith(linked))
    expect(incident?.confidence).toBe('moderate')
    expect(claims(incident)).not.toContain('on the disk')
    const unknown = incident?.evidence.unknown.map(({ claim }) => claim).join() ?? ''
    expect(unknown.includes('was there from the start')).toBe(linked?.startsWith('2026-11-20') ?? false)
  })

  it('is proof about a log that was saved elsewhere, by the name of the host', async () => {
    const saved = join(dir, 'saved.json')
    writeFileSync(saved, bytes(RUN, 'json'))
    const root = rootWith(BETWEEN)
    rmSync(join(root, 'var'), { recursive: true })
    const { report, complaints } = await analyze([saved], { root, timezone: 'UTC', now: NOW })
    expect(report.incidents[0]).toMatchObject({ host: 'host-a32e', confidence: 'strong' })
    expect(complaints.join()).toContain('holds no log')
  })

  it("is no proof about another machine's log that is read beside it", async () => {
    const other = join(dir, 'other.json')
    writeFileSync(other, bytes(RUN, 'json').toString().replaceAll('host-a32e', 'another'))
    const root = rootWith(BETWEEN)
    rmSync(join(root, 'var'), { recursive: true })
    plant(root, { 'var/log/messages': 'Nov 24 01:51:19 host-a32e rsyslogd: start\n' })
    const [incident] = await incidentsOf(root, other)
    expect(incident).toMatchObject({ host: 'another', confidence: 'moderate' })
  })
})

it('a time in whole seconds proves an order only where a second does not matter', async () => {
  const confidence = async (linked: string) => (await incidentsOf(archive(rootWith(linked), 'tar')))[0]?.confidence
  expect(await confidence('2026-11-24T01:51:20.9Z')).toBe('strong')
  // In the second of the reload, and in the second of the start.
  expect(await confidence('2026-11-24T01:51:21.1Z')).toBe('moderate')
  expect(await confidence('2026-11-24T01:51:19.9Z')).toBe('moderate')
})

it('a left-over process is surer too where the disk tells when the alias was made', async () => {
  const lab = 'rsyslog-doublestart-257'
  const root = join(dir, 'double-start')
  cpSync(fixture, root, { recursive: true })
  const silent = bytes(lab, 'json')
    .toString()
    .split('\n')
    .filter(line => !line.includes('Created symlink'))
  plant(root, { 'var/log/syslog': silent.join('\n'), [LINK]: '→ /usr/lib/systemd/system/rsyslog.service' })
  writeFileSync(join(root, 'etc/hostname'), 'host-2c76\n')
  const made = Date.parse('2026-11-24T01:45:44.02Z') / 1000
  lutimesSync(join(root, LINK), made, made)
  const expected = { rule: 'alias-state-overwrite', outcome: 'double-start', unit: 'rsyslog.service', alias: 'syslog.service' }
  expect((await incidentsOf(join(root, 'var/log/syslog')))[0]).toMatchObject({ ...expected, confidence: 'moderate' })
  expect((await incidentsOf(root))[0]).toMatchObject({ ...expected, confidence: 'strong' })
})

describe('the same evidence, whatever it comes in', () => {
  const root = rootWith(BETWEEN)
  const journals = join(dir, 'journals')
  plant(journals, { 'system.journal': JOURNAL })
  const file = (name: string, content: Buffer): string => {
    writeFileSync(join(dir, name), content)
    return join(dir, name)
  }
  const written = (form: string) => run('journalctl', ['-D', journals, '-o', form, '--no-pager', '-q'])
  const FORMS: readonly (readonly [string, () => string])[] = [
    ['a directory of journals', () => journals],
    ['NDJSON', () => file('a.json', written('json'))],
    ['an export', () => file('a.export', written('export'))],
    ['an export in zstd', () => file('a.zst', run('zstd', ['-cq'], { input: written('export') }))],
    ['a root', () => root],
    ['a tar of the root', () => archive(root, 'tar')],
    ['a tar.xz of the root', () => archive(root, 'tar.xz')],
    ['a zip of the root', () => archive(root, 'zip')],
  ]

  it.each(FORMS)('%s', async (_, path) => {
    const [reference, found] = [await incidentsOf(journals), await incidentsOf(path())]
    expect(found.map(({ id, rule, outcome, unit, at }) => ({ id, rule, outcome, unit, at }))).toEqual(
      reference.map(({ id, rule, outcome, unit, at }) => ({ id, rule, outcome, unit, at })),
    )
  })
})

/** What is told once with the stamps of the finer log, however many logs tell it. */
describe.each([
  'indexer-startup-257',
  'mounts-storm-257',
  'pid1-segv-257',
  'render-benign-257',
  'rsyslog-reboot-255',
  'rsyslog-doublestart-257',
])("%s: the journal and rsyslog's file", lab => {
  it('give what the journal alone gives, with both as origins', async () => {
    const root = join(dir, lab)
    plant(root, { 'var/log/syslog': bytes(lab, 'json'), 'var/log/messages': bytes(lab, 'messages') })
    const told = (incidents: Incident[]) =>
      incidents.map(({ timeline, id, confidence, at, boot }) => [
        id,
        confidence,
        at,
        boot,
        timeline.map(step => [step.at, step.what]),
      ])
    const alone = await incidentsOf(join(root, 'var/log/syslog'))
    const both = await incidentsOf(root)
    expect(told(both)).toEqual(told(alone))
    const inputs = new Set(both.flatMap(({ timeline }) => timeline.flatMap(({ refs }) => refs.map(({ input }) => input))))
    expect([...inputs].some(input => input.endsWith('messages'))).toBe(lab !== 'rsyslog-reboot-255')
  })
})

const CONSOLE = "[   10.500000] systemd[1]: Assertion 'm' failed at src/core/job.c:100, function job_run(). Aborting.\n"

it('lines that name no host are of the machine on which they were found', async () => {
  const root = join(dir, 'console')
  plant(root, { 'etc/hostname': 'node7\n', 'var/log/console.log': CONSOLE })
  const { report } = await analyze([root], { timezone: 'UTC', now: NOW })
  expect(report.coverage.hosts.map(({ host }) => host)).toEqual(['node7'])
  expect(report.incidents[0]?.host).toBe('node7')
})

it('is not changed by a root that holds no unit files', async () => {
  const root = join(dir, 'bare')
  plant(root, { 'var/log/syslog': bytes(RUN, 'json') })
  const text = JSON.stringify(await incidentsOf(root)).replaceAll(`${root}:var/log/syslog`, '-')
  const file = join(dir, 'bare.json')
  writeFileSync(file, readFileSync(join(root, 'var/log/syslog')))
  expect(text).toBe(JSON.stringify(await incidentsOf(file)).replaceAll(file, '-'))
})
