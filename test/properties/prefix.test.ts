/**
 * A log that is cut anywhere tells less, never something else: the state only moves on along its path, the unit is never another one than the
 * whole log's, and a cut log is surer only where the lines after the cut speak against it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Incident, Report } from '../../src/report/report.ts'
import { examine, isWeighty, lines, runs } from '../lab.ts'

const root = new URL('../../fixtures/rules/', import.meta.url).pathname
// In a twin of pid1-unreachable PID 1 may be heard again after the cut, and in one of mount-storm nothing may be a storm yet: no law holds there.
const twins = ['alias-state-overwrite', 'pid1-crash'].flatMap(rule =>
  readdirSync(`${root}${rule}`).map(name => `${rule}/${name}`),
)

const LEVELS = ['weak', 'moderate', 'strong', 'certain']

/** What may follow what; `froze` before `exited` is an assertion whose end is not in the log yet. */
const PATH: Record<string, string[]> = {
  nothing: ['exposed', 'latent', 'averted', 'double-start', 'froze', 'exited', 'crashed otherwise'],
  exposed: ['latent', 'averted', 'double-start', 'froze', 'exited', 'crashed otherwise'],
  latent: ['froze', 'exited'],
  // Of another unit: what was kept off this one is no bar to it.
  averted: ['froze'],
  'double-start': [],
  froze: ['exited'],
  exited: [],
}

/** Every line of a small log, some of a large one. */
function cuts(count: number): number[] {
  const step = Math.max(1, Math.floor(count / 150))
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step)
}

describe.each(['json', 'short'])('every prefix of the lab, %s', form => {
  test.each(runs)('%s', async run => {
    const wrong = await follow(lines(run, form))
    expect(wrong, wrong.join('\n')).toEqual([])
  })
})

describe('every prefix of the twins', () => {
  test.each(twins)('%s', async twin => {
    const wrong = await follow(readFileSync(`${root}${twin}/input.log`, 'utf8').trimEnd().split('\n'))
    expect(wrong, wrong.join('\n')).toEqual([])
  })
})

async function follow(log: string[]): Promise<string[]> {
  const whole = (await examine(`${log.join('\n')}\n`)).report
  const wrong = new Set<string>()
  const states = new Map<string, string>()
  const move = ({ incidents, coverage }: Report, where: string) => {
    for (const boot of coverage.hosts.flatMap(({ boots }) => boots.map(({ id }) => id))) {
      const from = states.get(boot) ?? 'nothing'
      const to = stateOf(incidents.filter(incident => incident.boot === boot))
      if (to !== from && !PATH[from]?.includes(to)) wrong.add(`${where}: ${from} → ${to}`)
      states.set(boot, to)
    }
  }
  for (const cut of cuts(log.length)) {
    const { report } = await examine(
      log
        .slice(0, cut)
        .map(line => `${line}\n`)
        .join(''),
    )
    move(report, `line ${cut}`)
    for (const incident of report.incidents.filter(isWeighty))
      for (const fault of contradictions(incident, whole, cut)) wrong.add(fault)
  }
  move(whole, 'the whole')
  return [...wrong]
}

/** The weightiest thing that is said of an alias in a boot. A crash of another kind ends the story: what was exposed is no matter any more. */
function stateOf(incidents: Incident[]): string {
  if (incidents.some(({ rule }) => rule === 'pid1-crash')) return 'crashed otherwise'
  return incidents.find(({ rule }) => rule === 'alias-state-overwrite')?.outcome ?? 'nothing'
}

function contradictions(incident: Incident, whole: Report, cut: number): string[] {
  const name = `line ${cut}: ${incident.rule}:${incident.outcome} ${incident.unit} ${incident.confidence}`
  const there = whole.incidents.filter(({ boot }) => boot === incident.boot)
  const same = there.filter(({ rule }) => rule === incident.rule)
  const twin = same.find(({ unit }) => unit === incident.unit) ?? (incident.unit === null ? same[0] : undefined)
  if (!twin)
    return absorbed(incident, there)
      ? []
      : [`${name}: the whole says ${same.map(({ unit }) => unit).join(', ') || 'nothing of it'}`]
  const surer = LEVELS.indexOf(incident.confidence) > LEVELS.indexOf(twin.confidence)
  const speaksAgainst = twin.evidence.against.some(({ refs }) => refs.some(({ line }) => (line ?? 0) > cut))
  return surer && !speaksAgainst
    ? [`${name}: the whole is ${twin.outcome} ${twin.confidence}, and nothing after the cut speaks against it`]
    : []
}

/** A storm before the overflow it causes; a client's complaint or a second exposed unit before the crash: joined to it, or settled by it, later. */
function absorbed({ rule, outcome }: Incident, there: Incident[]): boolean {
  if (rule === 'mount-storm') return there.some(incident => incident.rule === 'bus-overflow')
  return there.some(({ severity }) => severity === 'critical') && (rule === 'pid1-unreachable' || outcome === 'exposed')
}
