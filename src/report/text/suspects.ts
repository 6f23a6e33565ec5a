import type { Incident } from '../report.ts'
import { safeLine } from '../safe.ts'
import { heading, type Page } from './page.ts'
import { hang } from './wrap.ts'

/** Units that fit, the likeliest first, and why each does. */
export function suspects({ suspects: ranked }: Incident, page: Page): string[] {
  if (ranked.length === 0) return []
  return [
    ...heading(page, 'SUSPECTS', ranked.length > 1 ? 'the likeliest first' : ''),
    ...ranked.flatMap(({ unit, alias, rank, reasons }) => [
      ...hang(`  ${rank}. `, safeLine(unit) + (alias ? `, alias ${safeLine(alias)}` : ''), page.width),
      ...hang('     ', reasons.map(safeLine).join('; '), page.width),
    ]),
  ]
}
