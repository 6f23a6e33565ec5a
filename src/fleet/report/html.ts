import { createHash } from 'node:crypto'
import { element as el, elementWith, type Markup, rendered } from '../../report/html/element.ts'
import { safeCommand } from '../../report/safe.ts'
import { momentOf } from '../../report/times.ts'
import type { FleetForm, FleetReport, FleetView } from './contract.ts'
import { waveChart } from './html/chart.ts'
import { HEAD, hostRow, kindOf } from './html/hosts.ts'
import { SCRIPT } from './html/script.ts'
import { STYLE } from './html/style.ts'
import { amount, interval, percent } from './numbers.ts'
import { type Block, cohortNote, type Section, sectionsOf, shown } from './sections.ts'
import { waveSentence } from './verdict.ts'

/** Only this very script may run: markup that slipped through could do nothing. */
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`
const HEADER = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>inquest fleet report</title><style>${STYLE}</style></head><body>
`

/** One page that stands alone, to forward to the whole team. */
export const html: FleetForm = {
  name: 'html',
  async *write(view) {
    const { report } = view
    yield HEADER
    yield line(el('h1', report.verdict))
    if (report.unknown.covered) {
      const { first, last } = report.unknown.covered
      yield line(
        el('p.quiet', `Logs from ${momentOf(first).slice(0, 19)} to ${momentOf(last).slice(0, 19)} UTC. All times in UTC.`),
      )
    }
    yield line(tiles(report))
    for (const section of sectionsOf(report)) yield* sectionMarkup(section, report)
    yield* hostList(view)
    yield line(el('footer', `${report.tool.name} ${report.tool.version}, rules ${report.tool.rules}`))
    yield `<script>${SCRIPT}</script></body></html>\n`
  },
}

const line = (markup: Markup): string => `${rendered(markup)}\n`

function tiles({ outcomes, counts }: FleetReport): Markup {
  const tile = (style: string, number: number, what: string, aside: string): Markup =>
    el(`div.${style}`, el('b', amount(number)), what, el('span', aside))
  return el(
    'div.tiles',
    ...outcomes.map(({ outcome, rule, hosts, share, low, high }, index) =>
      tile(`tile t${index % 6}`, hosts, outcome, `${rule}: ${percent(share)}, 95 % interval ${interval(low, high)}`),
    ),
    tile(
      'tile',
      counts.read,
      'hosts read',
      counts.incomplete > 0 ? `${amount(counts.incomplete)} of them in part only` : 'all of them whole',
    ),
    ...(counts.unreadable > 0 ? [tile('tile', counts.unreadable, 'unreadable', 'nothing is known of them')] : []),
  )
}

/** The wave is drawn and cohorts are bars; the rest is as in the other forms. */
function* sectionMarkup(section: Section, report: FleetReport): Generator<string> {
  const { title, blocks } = section
  const [firstWave] = report.waves
  // The tiles say it.
  if (title === 'What befell how many') return
  if (title.startsWith('The wave: ')) {
    if (firstWave && title === `The wave: ${firstWave.outcome} by ${firstWave.rule}`) yield* waveMarkup(report)
    return
  }
  yield line(el('h2', title))
  for (const block of blocks) {
    const cohorts = title === 'What the affected share' && block.kind === 'table' && block.head[1] === 'with it'
    yield line(cohorts ? cohortBars(report) : blockMarkup(block))
  }
}

function* waveMarkup({ waves }: FleetReport): Generator<string> {
  yield line(el('h2', 'The wave'))
  const chart = waveChart(waves)
  if (chart) {
    yield line(
      el('p.legend', ...waves.map(({ outcome, rule }, index) => el(`span.t${index % 6}`, el('i'), `${outcome} by ${rule}`))),
    )
    yield line(chart)
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

function cohortBars({ cohorts }: FleetReport): Markup {
  const rows = shown(cohorts)
  const most = Math.max(
    0.001,
    ...rows.flatMap(row => [row.with.affected / row.with.hosts, row.without.affected / row.without.hosts]),
  )
  const bar = ({ affected, hosts }: { affected: number; hosts: number }, style: string): Markup =>
    el(
      'td',
      `${percent(affected / hosts)} (${amount(affected)} of ${amount(hosts)})`,
      el(`span.bar ${style}`, elementWith('i', { style: `width:${((affected / hosts / most) * 100).toFixed(1)}%` })),
    )
  return el(
    'div.scroll',
    el(
      'table',
      el('thead', el('tr', ...['value', 'hosts with it', 'hosts without', 'difference', 'q', ''].map(name => el('th', name)))),
      el(
        'tbody',
        ...rows.map(row =>
          el(
            row.significant ? 'tr.firm' : 'tr',
            el('td', `${row.attribute} = ${row.value}`),
            bar(row.with, row.significant ? 't0' : 'quiet'),
            bar(row.without, 'quiet'),
            el('td.n', `${percent(row.difference)} (${interval(row.low, row.high)})`),
            el('td.n', row.q >= 0.001 ? row.q.toFixed(3) : row.q.toExponential(0)),
            el('td', cohortNote(row)),
          ),
        ),
      ),
    ),
  )
}

function blockMarkup(block: Block): Markup {
  switch (block.kind) {
    case 'prose':
      return el(block.text.includes('DANGER: ') ? 'p.danger' : 'p', block.text)
    case 'command':
      return el('pre', el('code', safeCommand(block.text)))
    case 'bars':
      return el('p', block.rows.map(({ label, count }) => `${label}: ${count}`).join('; '))
    case 'table': {
      const cell = (tag: string, text: string, column: number): Markup =>
        el(block.right.includes(column) ? `${tag}.n` : tag, text)
      const row = (tag: string, cells: readonly string[]): Markup =>
        el('tr', ...cells.map((text, column) => cell(tag, text, column)))
      const body = el('tbody', ...block.rows.map(cells => row('td', cells)))
      return el('div.scroll', el('table', el('thead', row('th', block.head)), body))
    }
  }
}

/** More hosts without a finding than these would make the page too large to forward; --format csv has them all. */
const MOST_CLEAR = 5000

async function* hostList({ hosts, columns, report }: FleetView): AsyncGenerator<string> {
  const kinds = new Map(report.outcomes.map(({ outcome }, index) => [outcome, index % 6]))
  const options = [...new Set([...kinds.keys(), 'unreadable', 'read in part', 'nothing found'])]
  yield line(el('h2', 'Every host'))
  yield line(el('p.quiet', 'A click on a host with a finding opens its timeline; a click on a heading sorts.'))
  yield line(
    el(
      'div.tools',
      elementWith('input', { id: 'words', type: 'search', placeholder: 'filter by any words', 'aria-label': 'filter' }),
      elementWith(
        'select',
        { id: 'kind', 'aria-label': 'finding' },
        elementWith('option', { value: '' }, 'every finding'),
        ...options.map(option => elementWith('option', { value: option }, option)),
      ),
      elementWith('span.quiet', { id: 'count' }),
    ),
  )
  const head = el('thead', el('tr', ...[...HEAD, ...columns].map(name => el('th', name))))
  yield `<div class="scroll"><table id="hosts">${rendered(head)}<tbody>\n`
  let clear = 0
  for await (const host of hosts()) {
    if (kindOf(host) === 'nothing found' && ++clear > MOST_CLEAR) continue
    yield line(hostRow(host, columns, kinds.get(host.outcome ?? '') ?? 5))
  }
  yield '</tbody></table></div>\n'
  if (clear > MOST_CLEAR) {
    yield line(el('p', `${amount(clear - MOST_CLEAR)} hosts without a finding are left out here; --format csv lists them.`))
  }
}
