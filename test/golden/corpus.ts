/** The corpus in memory, and everything a report says of a case, in a form made for reading what changed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Incident, Proof, Report } from '../../src/report/report.ts'
import type { Expectation } from '../../src/rules/expectation.ts'

export interface Case {
  name: string
  paths: string[]
  /** For a log that is packed: it is read as if it came through a pipe. */
  bytes: Buffer | null
  options: { timezone: string; year?: number; now: Date }
}

/** No line of the corpus is later, whatever the clock of the machine says. */
export const NOW = new Date('2026-11-26T00:00:00Z')

const foldersIn = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()

/** Cases by the file in which their golden reports stand: one a rule, one for what was published, one for the lab. */
export function corpus(fixtures: string): Map<string, Case[]> {
  const groups = new Map<string, Case[]>()
  const rules = join(fixtures, 'rules')
  for (const rule of foldersIn(rules))
    groups.set(
      rule,
      foldersIn(join(rules, rule)).map(name => fileCase(join(rules, rule, name), name)),
    )
  for (const group of ['articles', 'incidents'])
    groups.set(
      group,
      foldersIn(join(fixtures, group)).map(name => fileCase(join(fixtures, group, name), name)),
    )
  const lab = join(fixtures, 'lab')
  groups.set(
    'lab',
    foldersIn(lab).map(name => labCase(join(lab, name), name)),
  )
  return groups
}

function fileCase(folder: string, name: string): Case {
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expectation
  const inputs = readdirSync(folder).filter(each => each.startsWith('input'))
  const paths = inputs.sort().map(each => join(folder, each))
  return { name, paths, bytes: null, options: { timezone: 'UTC', ...expected.options, now: NOW } }
}

/** One form a run: the others are judged by what really happened (test/fixtures.test.ts). */
function labCase(folder: string, name: string): Case {
  const form = ['json', 'short', 'messages', 'console'].find(each => existsSync(join(folder, `${each}.log.gz`))) ?? 'json'
  const bytes = gunzipSync(readFileSync(join(folder, `${form}.log.gz`)))
  return { name, paths: ['-'], bytes, options: { timezone: 'UTC', now: NOW } }
}

/** Everything that a rule says of a case; what the log says stands in the log. */
export function told({ incidents }: Report): string {
  return incidents.length === 0 ? '  nothing\n' : incidents.map(toldOf).join('')
}

function toldOf(incident: Incident): string {
  const { rule, outcome, severity, confidence, unit, alias, victim, at, evidence } = incident
  const about = Object.entries({ unit, alias, victim, at }).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${value}`],
  )
  const proofs = (kind: 'for' | 'against' | 'unknown') => evidence[kind].map(proof => `${kind}: ${claim(proof)}`)
  return [
    `  ${rule}:${outcome}, ${severity}, ${confidence}: ${incident.title}`,
    ...about,
    ...Object.entries(incident.figures).map(([name, value]) => `figure ${name} = ${value}`),
    ...incident.timeline.map(({ what, signal, refs }) => `step: ${what || signal}${places(refs)}`),
    ...(['for', 'against', 'unknown'] as const).flatMap(proofs),
    ...incident.suspects.map(each => `suspect ${each.unit}${each.alias ? ` as ${each.alias}` : ''}: ${each.reasons.join('; ')}`),
    ...incident.advice.map(
      each => `do${each.danger ? ' (danger)' : ''}: ${each.do} | ${each.why}${each.command ? ` | ${each.command}` : ''}`,
    ),
    ...incident.collect.map(({ what, settles, command }) => `collect: ${what} | ${settles}${command ? ` | ${command}` : ''}`),
  ]
    .join('\n    ')
    .concat('\n')
}

function claim({ claim, refs }: Proof): string {
  return claim + places(refs)
}

function places(refs: Proof['refs']): string {
  return refs.length === 0 ? '' : ` [${refs.map(({ line, offset }) => line ?? offset ?? '?').join(' ')}]`
}
