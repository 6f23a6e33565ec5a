import type { Report } from '../report/report.ts'

/** What a case says of its report. Fields that are absent may be anything; `null` must be null. */
export interface Expectation {
  incidents: {
    rule: string
    outcome?: string
    outcomes?: string[]
    unit?: string | null
    alias?: string | null
    victim?: string | null
    host?: string
    severity?: string
    confidenceAtLeast?: string
    confidenceAtMost?: string
  }[]
  /** Rules that must not be reported in any severity. */
  never?: string[]
  exit?: number
}

const LEVELS = ['weak', 'moderate', 'strong', 'certain']

/** Where the report differs from the expectation; empty when it fits. Nothing of medium severity or above may be reported beside it. */
export function differences(expected: Expectation, report: Report, exitStatus: number): string[] {
  const wrong: string[] = []
  const left = [...report.incidents]
  for (const want of expected.incidents) {
    const index = left.findIndex(
      got =>
        got.rule === want.rule &&
        (want.outcomes ?? [want.outcome ?? got.outcome]).includes(got.outcome) &&
        (['unit', 'alias', 'victim', 'host', 'severity'] as const).every(
          field => want[field] === undefined || want[field] === got[field],
        ),
    )
    const [got] = index < 0 ? [] : left.splice(index, 1)
    if (!got) {
      wrong.push(
        `wanted ${want.rule}:${(want.outcomes ?? [want.outcome]).join('|')} unit=${want.unit} alias=${want.alias}, got ${listed(report)}`,
      )
      continue
    }
    if (want.confidenceAtLeast && LEVELS.indexOf(got.confidence) < LEVELS.indexOf(want.confidenceAtLeast))
      wrong.push(`confidence ${got.confidence} is too low`)
    if (want.confidenceAtMost && LEVELS.indexOf(got.confidence) > LEVELS.indexOf(want.confidenceAtMost))
      wrong.push(`confidence ${got.confidence} is too high`)
    if (got.timeline.length === 0) wrong.push('an incident without a timeline')
    if (got.evidence.for.some(proof => proof.refs.length === 0)) wrong.push('evidence without a reference')
  }
  for (const extra of left)
    if (!['info', 'low'].includes(extra.severity)) wrong.push(`false alarm ${extra.rule}:${extra.outcome} unit=${extra.unit}`)
  for (const got of report.incidents) if (expected.never?.includes(got.rule)) wrong.push(`${got.rule} must not be reported here`)
  if (expected.exit !== undefined && expected.exit !== exitStatus)
    wrong.push(`exit status ${exitStatus}, wanted ${expected.exit}`)
  return wrong
}

function listed(report: Report): string {
  return report.incidents.map(got => `${got.rule}:${got.outcome} unit=${got.unit} alias=${got.alias}`).join('; ') || 'nothing'
}
