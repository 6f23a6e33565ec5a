import type { ReportForm } from './form.ts'
import { element as el, type Markup, rendered } from './html/element.ts'
import { incidentMarkup } from './html/incident.ts'
import { STYLE } from './html/style.ts'
import { placesIn } from './places.ts'
import type { Boot, Report } from './report.ts'
import { diskReadingOf, lossOf, nothingFound, problemsOf, readingOf } from './summary.ts'
import { spanOf } from './times.ts'
import { ENDED, plural } from './words.ts'

// No script, nothing fetched: even markup that slipped through could do nothing.
const HEAD = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>inquest report</title><style>${STYLE}</style></head><body>
`

export const html: ReportForm = {
  name: 'html',
  about: 'one page that stands alone, to send or print',
  *write(report, { explanation }) {
    const places = placesIn(report.inputs)
    yield HEAD
    yield `${rendered(el('h1', opening(report)))}\n`
    const loss = lossOf(report, places.nameOf)
    if (loss) yield `${rendered(el('p.danger', loss))}\n`
    for (const incident of report.incidents) yield `${rendered(incidentMarkup(incident, places))}\n`
    yield `${rendered(read(report))}\n`
    if (explanation.length > 0) yield `${rendered(el('section', el('h2', 'Explanation'), el('pre', explanation.join('\n'))))}\n`
    yield '</body></html>\n'
  },
}

const opening = (report: Report): string =>
  report.incidents.length === 0 ? nothingFound(report) : `inquest found ${plural(report.incidents.length, 'incident')}`

function read({ inputs, coverage, tool }: Report): Markup {
  const told = inputs.map(input =>
    el('li', el('code', input.path === '-' ? 'standard input' : input.path), `: ${readingOf(input)}`, list(problemsOf(input))),
  )
  const disks = (coverage.images ?? []).map(disk => el('li', 'Disk ', el('code', disk.path), `: ${diskReadingOf(disk)}`))
  const hosts = coverage.hosts.map(({ host, boots }) => el('li', `Host ${host}`, list(boots.map(bootLine))))
  return el(
    'section',
    el('h2', 'What was read'),
    el('ul', ...told, ...disks, ...hosts),
    el('footer', `${tool.name} ${tool.version}, rules ${tool.rules}, times in UTC`),
  )
}

const list = (items: readonly string[]): Markup | string =>
  items.length > 0 ? el('ul', ...items.map(item => el('li', item))) : ''

const bootLine = ({ id, first, last, entries, systemd, ended }: Boot): string =>
  `boot ${id}: ${first && last ? spanOf(first, last) : 'without times'}, ${plural(entries, 'entry', 'entries')}${systemd ? `, systemd ${systemd}` : ''}; ${ENDED[ended]}`
