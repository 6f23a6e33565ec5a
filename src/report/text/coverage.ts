import type { Boot, Host, Input, Report } from '../report.ts'
import { safeLine } from '../safe.ts'
import { diskReadingOf, nothingFound, problemsOf, readingOf } from '../summary.ts'
import { spanOf } from '../times.ts'
import { bootName, ENDED, plural } from '../words.ts'
import { heading, type Page } from './page.ts'
import { hang, wrap } from './wrap.ts'

/** What was read, what was lost, and which hosts, boots and times it covers. */
export function coverage(
  { tool: { name, version, rules }, inputs, coverage: { hosts, images = [] } }: Report,
  page: Page,
): string[] {
  const made = hang('  ', `${name} ${safeLine(version)}, rules ${safeLine(rules)}, times in UTC`, page.width)
  return [
    ...heading(page, 'WHAT WAS READ'),
    ...inputs.flatMap(input => told(input, page)),
    ...images.flatMap(disk => hang('  ', `Disk ${safeLine(disk.path)}: ${diskReadingOf(disk)}`, page.width)),
    ...hosts.flatMap(host => hostLines(host, page)),
    ...made.map(line => page.paint('dim', line)),
  ]
}

function told(input: Input, page: Page): string[] {
  const name = input.path === '-' ? 'standard input' : safeLine(input.path)
  return [
    ...hang('  ', `${name}: ${readingOf(input)}`, page.width),
    ...problemsOf(input).flatMap(problem => hang('    ! ', problem, page.width)),
  ]
}

const hostLines = ({ host, machineId, boots }: Host, page: Page): string[] => [
  ...hang('  ', `Host ${safeLine(host)}${machineId ? `, machine ${safeLine(machineId)}` : ''}`, page.width),
  ...boots.flatMap(boot => hang('    ', bootLine(boot), page.width)),
]

function bootLine({ id, first, last, entries, systemd, ended }: Boot): string {
  const span = first && last ? spanOf(first, last) : 'without times'
  return `${bootName(id)}: ${span}, ${plural(entries, 'entry', 'entries')}${systemd ? `, systemd ${safeLine(systemd)}` : ''}; ${ENDED[ended]}`
}

export const nothing = (report: Report, page: Page): string[] => wrap(nothingFound(report), page.width)
