/** What the report says of a fleet: nothing that its figures do not. */
import { describe, expect, test } from 'vitest'
import type { FleetReport, Next, OutcomeShare, Wave } from '../../../src/fleet/report/contract.ts'
import { points } from '../../../src/fleet/report/numbers.ts'
import type { Block } from '../../../src/fleet/report/sections/block.ts'
import { sectionsOf } from '../../../src/fleet/report/sections.ts'
import { verdictOf, waveSentence } from '../../../src/fleet/report/verdict.ts'
import { cohortsOf } from '../../../src/fleet/statistics/cohorts.ts'

const share = (outcome: string, hosts: number, standing: number | null): OutcomeShare => ({
  ...{ rule: 'alias-state-overwrite', outcome, severity: 'critical', hosts, standing },
  ...{ share: hosts / 100, low: 0, high: 1 },
})
const counts = { read: 100, affected: 9, unreadable: 0, incomplete: 0 }

describe('the verdict', () => {
  test.each([
    [share('latent', 9, 9), '9 are latent by alias-state-overwrite (9.0 %, 95 % interval 0.0 to 100.0 %).'],
    [
      share('latent', 9, 0),
      '9 were latent by alias-state-overwrite (9.0 %, 95 % interval 0.0 to 100.0 %) until that boot ended.',
    ],
    [
      share('latent', 9, 5),
      '9 are latent by alias-state-overwrite (9.0 %, 95 % interval 0.0 to 100.0 %), 4 of them until that boot ended.',
    ],
    [share('exposed', 1, 1), '1 is exposed by alias-state-overwrite (1.0 %, 95 % interval 0.0 to 100.0 %).'],
    [
      share('exposed', 1, 0),
      '1 was exposed by alias-state-overwrite (1.0 %, 95 % interval 0.0 to 100.0 %) until that boot ended.',
    ],
    [share('froze', 9, null), '9 froze by alias-state-overwrite (9.0 %, 95 % interval 0.0 to 100.0 %).'],
  ])('%#: a state that lasts is not said to last longer than the logs tell', (outcome, said) => {
    expect(verdictOf(counts, [outcome], [], 0)).toBe(`Of 100 hosts read, ${said}`)
  })

  test('nothing found is not nothing there: hosts without logs are told in the same line', () => {
    expect(verdictOf(counts, [], [], 0)).toBe('Nothing found on 100 hosts.')
    expect(verdictOf(counts, [], [], 1)).toBe(
      'Nothing found on 100 hosts; 1 host of the inventory has no logs: of these nothing is proven.',
    )
  })
})

const at = (second: number): string => `2026-05-03T02:00:0${second}.000000Z`
const wave = (more: Partial<Wave>): Wave => ({
  ...{
    rule: 'alias-state-overwrite',
    outcome: 'froze',
    hosts: 2,
    undated: 0,
    bucket: 60,
    buckets: [],
    rings: null,
    ongoing: false,
  },
  ...{ first: { host: 'a', at: at(3) }, last: { host: 'b', at: at(9) } },
  ...{ overwritten: { first: { host: 'a', at: at(1) }, last: { host: 'b', at: at(7) } } },
  ...more,
})

describe('a wave', () => {
  test('of one host is no wave', () => {
    const only = { host: 'a', at: at(3) }
    const told = waveSentence(
      wave({ hosts: 1, first: only, last: only, overwritten: { first: only, last: only }, ongoing: true }),
    )
    expect(told).toBe(
      "It was a at 2026-05-03 02:00:03 UTC. The reload that overwrote the unit's state came at 2026-05-03 02:00:03. The logs end soon after: it may still be going on.",
    )
  })

  test('before an exposed state a reload may have overwritten something; no more is known', () => {
    expect(waveSentence(wave({ outcome: 'exposed' }))).toContain('The reloads that may have overwritten')
    expect(waveSentence(wave({ outcome: 'froze' }))).toContain('The reloads that overwrote')
  })
})

const next = (host: string, ended: Next['ended'], version: string): Next => ({
  ...{ host, machineId: null, rule: 'alias-state-overwrite', outcome: 'latent', confidence: 'strong' },
  ...{ unit: 'rsyslog.service', alias: 'syslog.service', since: at(1), ended },
  advice: [
    { do: 'Reboot it', why: 'that is safe', command: 'systemctl reboot', danger: true },
    { do: 'Update systemd', why: `${version} does not guard` },
  ],
})

const report = (more: Partial<FleetReport>): FleetReport => ({
  schema: 'inquest-fleet-report/1',
  tool: { name: 'inquest', version: '1', rules: 'x' },
  verdict: '',
  counts,
  ...{ outcomes: [], waves: [], cohorts: cohortsOf([]), shared: [], next: [], down: [] },
  unknown: {
    ...{ unreadable: [], incomplete: [], endsEarly: [], inventory: false, withoutLogs: [], notInInventory: [] },
    ...{ contradictory: [], sameName: [], sameMachine: [], toldTwice: [], covered: { first: at(0), last: at(9) } },
  },
  ...more,
})

const blocks = (told: FleetReport, title: string): Block[] =>
  sectionsOf(told).find(section => section.title.startsWith(title))?.blocks ?? []
const words = (told: FleetReport, title: string): string =>
  blocks(told, title)
    .map(block => (block.kind === 'prose' || block.kind === 'command' ? block.text : ''))
    .join('\n')

describe('who is next', () => {
  const all = [next('a', 'unknown', '255'), next('b', 'running', '252'), next('c', 'clean', '252')]
  test('those that may be up stand apart from those that were shut down', () => {
    const told = words(report({ next: all }), 'Who is next')
    expect(told).toContain('2 hosts were latent when their logs end: nothing in them tells that it is over. What to do:')
    expect(told).toContain(
      '1 host was latent and has been shut down in order since: its next boot may bring it again. What to do:',
    )
    expect(told.indexOf('2 hosts were')).toBeLessThan(told.indexOf('1 host was'))
    expect(told).toContain('1. DANGER: Reboot it, because that is safe')
  })

  test('a reason that is not that of all is not given for all', () => {
    const told = words(report({ next: all }), 'Who is next').split('\n')
    expect(told.filter(line => line.startsWith('2. '))).toEqual([
      '2. Update systemd',
      '2. Update systemd, because 252 does not guard',
    ])
  })

  test('a hundred rows are read, more are counted', () => {
    const many = Array.from({ length: 1234 }, (_, index) => next(`h${index}`, 'unknown', '255'))
    const told = blocks(report({ next: many }), 'Who is next')
    expect(told.flatMap(block => (block.kind === 'table' ? block.rows : []))).toHaveLength(100)
    expect(words(report({ next: many }), 'Who is next')).toContain('And 1,134 hosts more; --format json has them all.')
  })
})

describe('what the affected share', () => {
  const levels = (rule: string) => [
    { rule, attribute: 'image', value: 'new', hosts: 50, affected: 20 },
    { rule, attribute: 'image', value: 'old', hosts: 50, affected: 0 },
  ]
  const heads = (...rules: string[]) =>
    blocks(report({ cohorts: cohortsOf(rules.flatMap(levels)) }), 'What the affected share').flatMap(block =>
      block.kind === 'table' ? [block.head[0]] : [],
    )
  test('says for which rule, where there are several', () => {
    expect(heads('one')).toEqual(['value'])
    expect(heads('one', 'two')).toEqual(['rule'])
  })

  test('says once what could not be compared', () => {
    const untold = (rule: string, attribute: string) => ({ rule, attribute, reason: 'no log tells it' })
    const notCompared = [
      untold('one', 'kernel'),
      untold('one', 'OS release'),
      untold('two', 'kernel'),
      untold('two', 'OS release'),
    ]
    const told = words(report({ cohorts: { ...cohortsOf([]), notCompared } }), 'What the affected share')
    expect(told.match(/could not be compared/g)).toHaveLength(1)
    expect(told).toContain('kernel, OS release could not be compared: no log tells it.')
  })

  test('differences are points, with their sign', () => {
    expect([
      points(0.07, 0.054, 0.088),
      points(-0.005, -0.025, 0.021),
      points(0, -0.01, 0.01),
      points(-0.0001, -0.01, 0.01),
    ]).toEqual(['+7.0 (5.4 to 8.8)', '-0.5 (-2.5 to 2.1)', '0.0 (-1.0 to 1.0)', '0.0 (-1.0 to 1.0)'])
  })
})

test('hours in which nothing happened are one line', () => {
  const hours = [3, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0]
  const buckets = hours.map((hosts, hour) => ({ from: `2026-05-03T${String(hour).padStart(2, '0')}:00:00Z`, hosts }))
  const bars = blocks(report({ waves: [wave({ bucket: 3600, buckets })] }), 'The wave').flatMap(block =>
    block.kind === 'bars' ? block.rows.map(({ label, count }) => `${label} ${count}`) : [],
  )
  expect(bars).toEqual(['00:00 3', '01:00 to 04:00 0', '05:00 1', '06:00 0', '07:00 0', '08:00 2', '09:00 to 11:00 0'])
})

test('without an inventory nobody knows which hosts have no logs; with one it is said', () => {
  expect(words(report({}), 'What is not known')).toContain('only an inventory could tell')
  const known = report({ unknown: { ...report({}).unknown, inventory: true } })
  expect(words(known, 'What is not known')).toContain('Every host of the inventory has logs.')
})
