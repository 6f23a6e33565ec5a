import { createHash } from 'node:crypto'
import { element as el, elementWith, type Markup, rendered } from '../../report/html/element.ts'
import { safeCommand } from '../../report/safe.ts'
import { momentOf } from '../../report/times.ts'
import type { FleetForm, FleetReport, FleetView } from './contract.ts'
import { waveChart } from './html/chart.ts'
import { CLEAR, HEAD, hostRow, kindOf } from './html/hosts.ts'
import { SCRIPT } from './html/script.ts'
import { STYLE } from './html/style.ts'
import { amount, chance, interval, percent, points } from './numbers.ts'
import { type Block, bucketName, cohortNote, rulesOf, type Section, sectionsOf, shown } from './sections.ts'
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

/** What a browser's tab, a bookmark and a mail's preview show. */
function titleOf({ outcomes: [worst], counts }: FleetReport): string {
  const told = worst ? `${amount(worst.hosts)} of ${amount(counts.read)} hosts ${worst.outcome}` : `${amount(counts.read)} hosts`
  return `${told}: inquest fleet report`
}

const WAVES = 'The wave'
const HOSTS = 'Every host'
const anchorOf = (title: string): string => title.toLowerCase().replaceAll(' ', '-')
const heading = (title: string): Markup => elementWith('h2', { id: anchorOf(title) }, title)

function contents({ next, down, counts }: FleetReport, sections: readonly Section[]): Markup {
  const titles = sections.map(({ title }) => title).filter(title => title !== TILED && !title.startsWith(ONE_WAVE))
  const counted = new Map([
    ['Who is next', next.length],
    ['Who is down', down.length],
    [HOSTS, counts.read + counts.unreadable],
  ])
  const link = (title: string): Markup => {
    const count = counted.get(title)
    return elementWith('a', { href: `#${anchorOf(title)}` }, title, ...(count === undefined ? [] : [` (${amount(count)})`]))
  }
  const waves = sections.some(({ title }) => title.startsWith(ONE_WAVE)) ? [WAVES] : []
  return el('nav', ...[...waves, ...titles, HOSTS].map(link))
}

function tiles({ outcomes, counts }: FleetReport): Markup {
  const tile = (style: string, number: number, what: string, aside: string): Markup =>
    el(`div.${style}`, el('b', amount(number)), what, el('span', aside))
  return el(
    'div.tiles',
    ...outcomes.map(({ outcome, rule, hosts, share, low, high, standing }, index) => {
      const still = standing === null ? '' : `; ${standing === 0 ? 'none' : amount(standing)} still so when the logs end`
      return tile(`tile t${index % 6}`, hosts, outcome, `${percent(share)} of hosts (${interval(low, high)}) by ${rule}${still}`)
    }),
    tile(
      'tile',
      counts.read,
      'hosts read',
      counts.incomplete > 0 ? `${amount(counts.incomplete)} of them in part only` : 'all of them whole',
    ),
    ...(counts.unreadable > 0 ? [tile('tile', counts.unreadable, 'unreadable', 'nothing is known of them')] : []),
  )
}

/** The tiles say it. */
const TILED = 'What befell how many'
const ONE_WAVE = 'The wave: '

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

const COHORT_HEAD = [
  ...['value', 'affected of hosts with it', 'affected of the others'].map(name => el('th', name)),
  ...['points (95 % interval)', 'q'].map(name => el('th.n', name)),
  el('th', ''),
]

function cohortBars({ cohorts }: FleetReport): Markup {
  const rows = shown(cohorts)
  const several = rulesOf(rows).length > 1
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
      el('thead', el('tr', ...(several ? [el('th', 'rule')] : []), ...COHORT_HEAD)),
      el(
        'tbody',
        ...rows.map(row =>
          el(
            row.significant ? 'tr.firm' : 'tr',
            ...(several ? [el('td', row.rule)] : []),
            el('td', `${row.attribute} = ${row.value}`),
            bar(row.with, row.significant ? 't0' : 'quiet'),
            bar(row.without, 'quiet'),
            el('td.n', points(row.difference, row.low, row.high)),
            el('td.n', chance(row.q)),
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
  const options = [...new Set([...kinds.keys(), 'unreadable', 'read in part', CLEAR])]
  yield line(heading(HOSTS))
  yield line(el('p.quiet screen', 'A click on a host with a finding opens its timeline; a click on a heading sorts.'))
  yield line(el('p.quiet paper', 'On paper only hosts with a finding, and those that were not read whole.'))
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
  // Those that somebody looks for first; within both, by name.
  for (const found of [true, false]) {
    for await (const host of hosts()) {
      if ((kindOf(host) !== CLEAR) !== found || (!found && ++clear > MOST_CLEAR)) continue
      yield line(hostRow(host, columns, kinds.get(host.outcome ?? '') ?? 5))
    }
  }
  yield '</tbody></table></div>\n'
  if (clear > MOST_CLEAR) {
    yield line(el('p', `${amount(clear - MOST_CLEAR)} hosts without a finding are left out here; --format csv lists them.`))
  }
}
