import { createHash } from 'node:crypto'
import { element as el, type Markup, rendered } from '../../report/html/element.ts'
import { momentOf } from '../../report/times.ts'
import type { FleetForm, FleetReport } from './contract.ts'
import { blockMarkup } from './html/block.ts'
import { waveChart } from './html/chart.ts'
import { cohortBars } from './html/cohorts.ts'
import { heading, ONE_WAVE, TILED, WAVES } from './html/heading.ts'
import { hostList } from './html/list.ts'
import { SCRIPT } from './html/script.ts'
import { STYLE } from './html/style.ts'
import { contents, tiles, titleOf } from './html/top.ts'
import { amount, percent } from './numbers.ts'
import type { Section } from './sections/block.ts'
import { bucketName } from './sections/wave.ts'
import { sectionsOf } from './sections.ts'
import { waveSentence } from './verdict.ts'

/** Only this very script may run: markup that slipped through could do nothing. */
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`
const header = (title: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${rendered(title)}</title><style>${STYLE}</style></head><body>
`

/** One page that stands alone, to forward to the whole team. */
export const html: FleetForm = {
  name: 'html',
  async *write(view) {
    const { report } = view
    yield header(titleOf(report))
    yield line(el('h1', report.verdict))
    if (report.unknown.covered) {
      const { first, last } = report.unknown.covered
      yield line(
        el('p.quiet', `Logs from ${momentOf(first).slice(0, 19)} to ${momentOf(last).slice(0, 19)} UTC. All times in UTC.`),
      )
    }
    yield line(tiles(report))
    const sections = sectionsOf(report)
    yield line(contents(report, sections))
    for (const section of sections) yield* sectionMarkup(section, report)
    yield* hostList(view)
    yield line(el('footer', `${report.tool.name} ${report.tool.version}, rules ${report.tool.rules}`))
    yield `<script>${SCRIPT}</script></body></html>\n`
  },
}

const line = (markup: Markup): string => `${rendered(markup)}\n`

/** The wave is drawn and cohorts are bars; the rest is as in the other forms. */
function* sectionMarkup(section: Section, report: FleetReport): Generator<string> {
  const { title, blocks } = section
  const [firstWave] = report.waves
  if (title === TILED) return
  if (title.startsWith(ONE_WAVE)) {
    if (firstWave && title === `${ONE_WAVE}${firstWave.outcome} by ${firstWave.rule}`) yield* waveMarkup(report)
    return
  }
  yield line(heading(title))
  for (const block of blocks) {
    const cohorts = title === 'What the affected share' && block.kind === 'table' && block.head.includes('with it')
    yield line(cohorts ? cohortBars(report) : blockMarkup(block))
  }
}

function* waveMarkup({ waves }: FleetReport): Generator<string> {
  yield line(heading(WAVES))
  const chart = waveChart(waves)
  if (chart) {
    yield line(
      el('p.legend', ...waves.map(({ outcome, rule }, index) => el(`span.t${index % 6}`, el('i'), `${outcome} by ${rule}`))),
    )
    const named = `Hosts per ${bucketName(waves[0]?.bucket ?? 0)} in which it befell them, UTC.`
    yield line(el('figure', chart, el('figcaption', named)))
  }
  for (const wave of waves) {
    yield line(el('p', el('b', `${wave.outcome}: `), waveSentence(wave)))
  }
  const rings = waves.flatMap(({ rings }) => rings ?? [])[0]
  if (!rings) return
  const head = [rings.column, 'hosts', ...waves.map(({ outcome }) => outcome)]
  const rows = rings.rows.map(({ ring, hosts }, at) => [
    ring,
    amount(hosts),
    ...waves.map(wave => {
      const row = wave.rings?.rows[at]
      return row
        ? `${amount(row.affected)} (${percent(row.affected / row.hosts)})${row.first ? `, from ${momentOf(row.first).slice(0, 16)}` : ''}`
        : ''
    }),
  ])
  yield line(blockMarkup({ kind: 'table', head, rows, right: [1] }))
}
