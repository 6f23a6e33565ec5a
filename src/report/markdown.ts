import type { ReportForm } from './form.ts'
import { block, code, prose } from './markdown/inert.ts'
import { checksOf, type Places, placesIn } from './places.ts'
import type { Boot, Incident, Input, Report, Step } from './report.ts'
import { safeCommand } from './safe.ts'
import { diskReadingOf, lossOf, nothingFound, problemsOf, readingOf } from './summary.ts'
import { clockOf, dayOf, deltaOf, momentAndSpan, spanOf } from './times.ts'
import { CONFIDENCE, ENDED, plural } from './words.ts'

export const markdown: ReportForm = {
  name: 'markdown',
  about: 'for a ticket',
  *write(report, { explanation }) {
    const places = placesIn(report.inputs)
    if (report.incidents.length === 0) yield `${prose(nothingFound(report))}\n`
    const loss = lossOf(report, places.nameOf)
    if (loss && report.incidents.length > 0) yield `${prose(loss)}\n\n`
    for (const incident of report.incidents) yield `${written(incident, places).join('\n')}\n\n`
    yield `${read(report).join('\n')}\n`
    if (explanation.length > 0) yield `\n### Explanation\n\n${block(explanation.join('\n'), '')}\n`
  },
}

function written(incident: Incident, places: Places): string[] {
  const { severity, title, confidence, evidence } = incident
  const claims = (name: string, proofs: Incident['evidence']['for']) =>
    section(
      name,
      proofs.map(({ claim, refs }) => `- ${prose(claim)}${placed(places.of(refs))}`),
    )
  return [
    `## ${severity.toUpperCase()}: ${prose(title)} (${confidence})`,
    '',
    ...facts(incident),
    ...section('What to do', incident.advice.map(advised)),
    ...section(
      `What happened${incident.at ? ` (UTC, ${dayOf(incident.at)})` : ''}`,
      incident.timeline.map(step => happened(step, incident, places)),
    ),
    ...claims('Why it is believed', evidence.for),
    ...claims('What speaks against it', evidence.against),
    ...claims('Not known', evidence.unknown),
    ...section(
      'Suspects',
      incident.suspects.map(
        ({ unit, alias, reasons }) =>
          `1. ${code(unit)}${alias ? `, alias ${code(alias)}` : ''}: ${reasons.map(prose).join('; ')}`,
      ),
    ),
    ...section(
      'What would settle it',
      incident.collect.map(
        ({ what, settles, command }) => `- ${prose(what)}: would tell ${prose(settles)}${shell(command, '  ')}`,
      ),
    ),
    ...section(
      'How to check it',
      checksOf(incident).map(({ command, note }) => `- ${note ? `${note}:` : 'every line above:'}${shell(command, '  ')}`),
    ),
    '',
    `Rule ${code(incident.rule)}, outcome ${code(incident.outcome)}, incident ${code(incident.id)}`,
  ]
}

const section = (name: string, items: readonly string[]): string[] => (items.length > 0 ? ['', `### ${name}`, '', ...items] : [])

const placed = (place: string): string => (place ? ` (${code(place)})` : '')

const shell = (command: string | undefined, indent: string): string =>
  command ? `\n\n${block(safeCommand(command), indent, 'sh')}` : ''

function facts({ unit, alias, victim, host, boot, systemd, at, from, to, confidence }: Incident): string[] {
  return [
    ...(unit ? [`- Unit: ${code(unit)}${alias ? `, alias ${code(alias)}` : ''}`] : []),
    ...(victim ? [`- Victim: ${code(victim)}`] : []),
    `- Host: ${code(host)}, systemd ${systemd ? code(systemd) : 'of unknown version'}, boot ${code(boot)}`,
    `- When: ${momentAndSpan(at, from, to)}`,
    `- How sure: ${confidence}: ${CONFIDENCE[confidence]}`,
  ]
}

const advised = ({ do: what, why, command, danger }: Incident['advice'][number]): string =>
  `1. ${danger ? '**DANGER:** ' : ''}${prose(what)}, because ${prose(why)}${shell(command, '   ')}`

function happened({ at, delta, what, message, refs }: Step, incident: Incident, places: Places): string {
  const day = at && incident.at && dayOf(at) !== dayOf(incident.at) ? `${dayOf(at)} ` : ''
  const when = at ? `**${day}${clockOf(at)}**${delta === null ? '' : ` (${deltaOf(delta)})`} ` : ''
  return `- ${when}${prose(what)}${placed(places.of(refs))}${message ? `\n\n${block(message, '  ')}` : ''}`
}

const read = ({ inputs, coverage, tool }: Report): string[] => [
  '### What was read',
  '',
  ...inputs.flatMap(inputLines),
  ...(coverage.images ?? []).map(disk => `- Disk ${code(disk.path)}: ${prose(diskReadingOf(disk))}`),
  ...coverage.hosts.flatMap(({ host, boots }) => [`- Host ${code(host)}`, ...boots.map(bootLine)]),
  `- ${tool.name} ${code(tool.version)}, rules ${code(tool.rules)}, times in UTC`,
]

const inputLines = (input: Input): string[] => [
  `- ${input.path === '-' ? 'standard input' : code(input.path)}: ${prose(readingOf(input))}`,
  ...problemsOf(input).map(problem => `  - ${prose(problem)}`),
]

const bootLine = ({ id, first, last, entries, systemd, ended }: Boot): string =>
  `  - boot ${code(id)}: ${first && last ? spanOf(first, last) : 'without times'}, ${plural(entries, 'entry', 'entries')}${systemd ? `, systemd ${code(systemd)}` : ''}; ${ENDED[ended]}`
