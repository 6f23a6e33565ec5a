import type { Look, ReportForm } from './form.ts'
import type { Incident, Report } from './report.ts'
import { safe, safeLine } from './safe.ts'
import { advice, collect } from './text/advice.ts'
import { check, figures } from './text/check.ts'
import { coverage, nothing } from './text/coverage.ts'
import { claim, evidence } from './text/evidence.ts'
import { heading, type Page, pageFor } from './text/page.ts'
import { suspects } from './text/suspects.ts'
import { timeline } from './text/timeline.ts'
import { facts, losses, summary, verdict, where } from './text/verdict.ts'
import { hang, wrap } from './text/wrap.ts'
import { isBrief } from './words.ts'

/** For a terminal: the verdict first, then what to do, then the proof for who doubts it, then what was read. */
export const text: ReportForm = {
  name: 'text',
  about: 'for people, on a terminal',
  *write(report, look) {
    const page = pageFor(report, look)
    for (const lines of pieces(report, look, page)) if (lines.length > 0) yield `${lines.join('\n')}\n`
  },
}

function* pieces(report: Report, look: Look, page: Page): Generator<string[]> {
  const { incidents } = report
  if (incidents.length === 0) yield nothing(report, page)
  else if (incidents.length > 1) yield [...summary(report, page), ...losses(report, page)]
  for (const [index, incident] of incidents.entries()) {
    if (incidents.length > 1)
      yield ['', page.paint('dim', `${`── ${index + 1} of ${incidents.length} `.padEnd(page.width, '─')}`)]
    yield verdict(incident, page)
    if (incidents.length === 1) yield losses(report, page)
    yield isBrief(incident) ? brief(incident, page) : whole(incident, incidents.slice(0, index), page)
  }
  yield coverage(report, page)
  yield explanation(look, page)
}

const whole = (incident: Incident, earlier: readonly Incident[], page: Page): string[] => [
  '',
  ...facts(incident, page),
  ...advice(incident, earlier, page),
  ...timeline(incident, page),
  ...evidence(incident, page),
  ...suspects(incident, page),
  ...collect(incident, page),
  ...figures(incident, page),
  ...check(incident, page),
]

/** Harmless: where, why, and the first advice; the rest is in the other forms. */
function brief(incident: Incident, page: Page): string[] {
  const { rule, outcome, id } = incident
  const [first] = incident.advice
  const source = `Rule ${safeLine(rule)}, outcome ${safeLine(outcome)}, incident ${safeLine(id)}; --format json has the whole of it`
  return [
    ...hang(' '.repeat(10), where(incident), page.width),
    ...incident.evidence.for.flatMap(proof => claim('+', proof, page)),
    ...incident.evidence.against.flatMap(proof => claim('-', proof, page)),
    ...(first ? wrap(`${safeLine(first.do)}: ${safeLine(first.why)}`, page.width - 2).map(line => `  ${line}`) : []),
    ...hang('  ', source, page.width).map(line => page.paint('dim', line)),
  ]
}

function explanation({ explanation: said }: Look, page: Page): string[] {
  if (said.length === 0) return []
  return [
    ...heading(page, 'EXPLANATION', 'which rule looked at which event'),
    ...said.flatMap(line => wrap(safe(line), page.width)),
  ]
}
