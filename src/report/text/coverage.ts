import type { Boot, Host, Input, Report } from '../report.ts'
import { safeLine } from '../safe.ts'
import { momentOf, spanOf } from '../times.ts'
import { bootsOf, ENDED, plural, size } from '../words.ts'
import { heading, type Page } from './page.ts'
import { hang } from './wrap.ts'

/** What was read, what was lost, and which hosts, boots and times it covers. */
export function coverage(report: Report, page: Page): string[] {
  const { name, version, rules } = report.tool
  return [
    ...heading(page, 'WHAT WAS READ'),
    ...report.inputs.flatMap(input => told(input, page)),
    ...report.coverage.hosts.flatMap(host => hostLines(host, page)),
    ...hang('  ', `${name} ${safeLine(version)}, rules ${safeLine(rules)}, times in UTC`, page.width).map(line =>
      page.paint('dim', line),
    ),
  ]
}

const MOST_PROBLEMS = 5

function told(input: Input, page: Page): string[] {
  const { path, format, entries, bytes, recovered, lost, complete, problems } = input
  const name = path === '-' ? 'standard input' : safeLine(path)
  const parts = [plural(entries, 'entry', 'entries'), size(bytes), `form ${safeLine(format)}`]
  if (recovered > 0) parts.push(`${recovered} salvaged from damaged places`)
  if (lost === null) parts.push('some lost, how many is unknown')
  else if (lost > 0) parts.push(`${lost} lost`)
  parts.push(complete ? 'read whole' : 'NOT read whole')
  const shown = problems.slice(0, MOST_PROBLEMS).map(({ message, line, offset }) => {
    const place = line !== undefined ? `line ${line}: ` : offset !== undefined ? `byte ${offset}: ` : ''
    return place + safeLine(message)
  })
  const more = problems.length - shown.length
  if (more > 0) shown.push(`${more} more problems; --format json lists them`)
  return [...hang('  ', `${name}: ${parts.join(', ')}`, page.width), ...shown.flatMap(line => hang('    ! ', line, page.width))]
}

const hostLines = ({ host, machineId, boots }: Host, page: Page): string[] => [
  ...hang('  ', `Host ${safeLine(host)}${machineId ? `, machine ${safeLine(machineId)}` : ''}`, page.width),
  ...boots.flatMap(boot => hang('    ', bootLine(boot), page.width)),
]

function bootLine({ id, first, last, entries, systemd, ended }: Boot): string {
  const span = first && last ? spanOf(first, last) : 'without times'
  return `Boot ${safeLine(id)}: ${span}, ${plural(entries, 'entry', 'entries')}${systemd ? `, systemd ${safeLine(systemd)}` : ''}; ${ENDED[ended]}`
}

/** One sentence: nothing found, and in what. */
export function nothing({ inputs, coverage: { hosts } }: Report, page: Page): string[] {
  const entries = inputs.reduce((sum, input) => sum + input.entries, 0)
  const boots = hosts.flatMap(host => host.boots)
  const first = boots.flatMap(boot => boot.first ?? []).sort()[0]
  const last = boots
    .flatMap(boot => boot.last ?? [])
    .sort()
    .at(-1)
  const names = hosts.length === 1 && hosts[0] ? safeLine(hosts[0].host) : plural(hosts.length, 'host')
  const span = first && last ? `, ${first === last ? momentOf(first) : spanOf(first, last)} UTC` : ''
  const whole = inputs.every(({ complete }) => complete)
  const verdict = whole
    ? 'Nothing found'
    : 'Nothing found in what could be read, but part of the log is lost, so nothing is proven'
  return hang(
    '',
    `${verdict}: ${plural(entries, 'entry', 'entries')} of ${names}, ${plural(bootsOf(hosts), 'boot')}${span}.`,
    page.width,
  )
}
