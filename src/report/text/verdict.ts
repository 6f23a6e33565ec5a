import type { Incident, Report } from '../report.ts'
import { safeLine } from '../safe.ts'
import { lossOf } from '../summary.ts'
import { momentAndSpan, momentOf } from '../times.ts'
import { CONFIDENCE, shortBoot } from '../words.ts'
import { field, type Page } from './page.ts'
import { SEVERITY_STYLE } from './paint.ts'
import { hang, wrap } from './wrap.ts'

/** `CRITICAL  PID 1 froze: … (strong)` */
export function verdict({ severity, title, confidence }: Incident, page: Page): string[] {
  const lines = hang(severity.toUpperCase().padEnd(10), `${safeLine(title)} (${confidence})`, page.width)
  return lines.map(line => page.paint(SEVERITY_STYLE[severity], line))
}

/** Several incidents: the verdicts alone first, each with where and when. */
export function summary({ incidents }: Report, page: Page): string[] {
  return incidents.flatMap(incident => [
    ...verdict(incident, page),
    ...hang(' '.repeat(10), where(incident), page.width).map(line => page.paint('dim', line)),
  ])
}

export const where = ({ host, at }: Incident): string => `${safeLine(host)}${at ? `, ${momentOf(at)} UTC` : ''}`

/** Host, boot, systemd, times, unit: what one says first on the phone. */
export function facts(incident: Incident, page: Page): string[] {
  const { host, boot, systemd, unit, alias, victim, at, from, to, confidence } = incident
  return [
    ...(unit ? field(page, 'Unit', `${safeLine(unit)}${alias ? `, alias ${safeLine(alias)}` : ''}`) : []),
    ...(victim ? field(page, 'Victim', safeLine(victim)) : []),
    ...field(
      page,
      'Host',
      `${safeLine(host)}, systemd ${systemd ? safeLine(systemd) : 'of unknown version'}, ${shortBoot(boot)}`,
    ),
    ...field(page, 'When', momentAndSpan(at, from, to)),
    ...field(page, 'How sure', `${confidence}: ${CONFIDENCE[confidence]}${doubts(incident)}`),
  ]
}

/** Where the doubts stand, if there are any. */
function doubts({ evidence: { against, unknown } }: Incident): string {
  const names = [...(against.length > 0 ? ['WHAT SPEAKS AGAINST IT'] : []), ...(unknown.length > 0 ? ['NOT KNOWN'] : [])]
  return names.length > 0 ? ` (see ${names.join(' and ')})` : ''
}

export function losses(report: Report, page: Page): string[] {
  const loss = lossOf(report, page.places.nameOf)
  return loss ? ['', ...wrap(loss, page.width).map(line => page.paint('yellow', line))] : []
}
