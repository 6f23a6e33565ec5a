import type { Incident, Report } from '../report/report.ts'

export interface Wanted {
  rule: string
  outcome?: string
  outcomes?: string[]
  /** Absent: anything; null: must be null. */
  unit?: string | null
  alias?: string | null
  victim?: string | null
  host?: string
  severity?: string
  at?: null
  from?: null
  to?: null
  confidenceAtLeast?: string
  confidenceAtMost?: string
  /** A string is a pattern. */
  figures?: Record<string, string | number | null>
}

/** What a case says of its report. */
export interface Expectation {
  incidents: Wanted[]
  /** Rules that must not be reported in any severity. */
  never?: string[]
  /** Rules that may be reported beside. */
  tolerated?: string[]
  /** Hosts that no incident may be about. */
  hostNot?: string[]
  exit?: number | number[]
  /** Whether every input was whole. */
  complete?: boolean
  options?: { year?: number; timezone?: string }
}

const LEVELS = ['weak', 'moderate', 'strong', 'certain']
const EXACT = ['unit', 'alias', 'victim', 'host', 'at', 'from', 'to'] as const

/** Where the report differs; empty when it fits. No other incident of medium severity or above may be in it. */
export function differences(expected: Expectation, report: Report, exitStatus: number): string[] {
  const wrong: string[] = []
  const weighty = (incident: Incident) => incident.severity !== 'info' && incident.severity !== 'low'
  const left = report.incidents.filter(weighty)
  for (const want of expected.incidents) {
    const got = [...left, ...report.incidents.filter(incident => !weighty(incident))].find(incident => fits(want, incident))
    if (!got) {
      wrong.push(`wanted ${name(want)}, got ${report.incidents.map(described).join('; ') || 'nothing'}`)
      continue
    }
    if (left.includes(got)) left.splice(left.indexOf(got), 1)
    wrong.push(...level(want, got), ...figures(want, got))
    if (got.timeline.length === 0) wrong.push('an incident without a timeline')
    if (got.evidence.for.some(proof => proof.refs.length === 0)) wrong.push('evidence without a reference')
  }
  for (const extra of left) if (!expected.tolerated?.includes(extra.rule)) wrong.push(`false alarm: ${described(extra)}`)
  for (const got of report.incidents) {
    if (expected.never?.includes(got.rule)) wrong.push(`never here: ${described(got)}`)
    if (expected.hostNot?.includes(got.host)) wrong.push(`not about host ${got.host}: ${described(got)}`)
  }
  const whole = report.inputs.every(input => input.complete)
  if (expected.complete !== undefined && whole !== expected.complete)
    wrong.push(`the inputs say ${whole ? 'complete' : 'incomplete'}`)
  if (expected.exit !== undefined && ![expected.exit].flat().includes(exitStatus))
    wrong.push(`exit ${exitStatus}, wanted ${expected.exit}`)
  return wrong
}

function described({ rule, outcome, unit, alias, victim, confidence, host }: Incident): string {
  return `${rule}:${outcome} unit=${unit} alias=${alias}${victim ? ` victim=${victim}` : ''} ${confidence} on ${host}`
}

function fits(want: Wanted, got: Incident): boolean {
  const outcomes = want.outcomes ?? [want.outcome ?? got.outcome]
  return (
    got.rule === want.rule &&
    outcomes.includes(got.outcome) &&
    EXACT.every(field => want[field] === undefined || want[field] === got[field])
  )
}

function name(want: Wanted): string {
  const fields = EXACT.filter(field => want[field] !== undefined).map(field => `${field}=${want[field]}`)
  return [`${want.rule}:${(want.outcomes ?? [want.outcome ?? 'any']).join('|')}`, ...fields].join(' ')
}

function level(want: Wanted, got: Incident): string[] {
  const rank = LEVELS.indexOf(got.confidence)
  const wrong: string[] = []
  if (want.confidenceAtMost && rank > LEVELS.indexOf(want.confidenceAtMost))
    wrong.push(`confidence ${got.confidence}, provable is ${want.confidenceAtMost}`)
  if (want.confidenceAtLeast && rank < LEVELS.indexOf(want.confidenceAtLeast))
    wrong.push(`confidence ${got.confidence}, provable is ${want.confidenceAtLeast}`)
  return wrong
}

function figures(want: Wanted, got: Incident): string[] {
  return Object.entries(want.figures ?? {}).flatMap(([figure, value]) => {
    const is = got.figures[figure] ?? null
    const right = typeof value === 'string' ? new RegExp(value).test(String(is)) : is === value
    return right ? [] : [`figure ${figure} is ${is}, wanted ${value}`]
  })
}
