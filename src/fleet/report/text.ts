import { safeCommand, safeLine } from '../../report/safe.ts'
import { painter } from '../../report/text/paint.ts'
import { wrap } from '../../report/text/wrap.ts'
import type { FleetForm } from './contract.ts'
import type { Block } from './sections/block.ts'
import { sectionsOf } from './sections.ts'

/** For a terminal: the verdict first. */
export const text: FleetForm = {
  name: 'text',
  async *write({ report }, look) {
    const width = Math.min(120, Math.max(60, look.width))
    const paint = painter(look.color)
    yield `${wrap(safeLine(report.verdict), width)
      .map(line => paint('bold', line))
      .join('\n')}\n`
    for (const { title, blocks } of sectionsOf(report)) {
      yield `\n${paint('bold', safeLine(title).toUpperCase())}\n`
      for (const block of blocks) yield `${written(block, width).join('\n')}\n`
    }
    yield `\n${report.tool.name} ${report.tool.version}, rules ${report.tool.rules}; every host: --format csv, json or html\n`
  },
}

const INDENT = '  '
const BAR = 50

function written(block: Block, width: number): string[] {
  switch (block.kind) {
    case 'prose':
      return wrap(safeLine(block.text), width - INDENT.length).map(line => INDENT + line)
    case 'command':
      return [`${INDENT}   $ ${safeCommand(block.text)}`]
    case 'bars':
      return bars(block.rows)
    case 'table':
      return table([block.head, ...block.rows], block.right)
  }
}

function bars(rows: readonly { label: string; count: number }[]): string[] {
  const most = Math.max(1, ...rows.map(({ count }) => count))
  const digits = String(most).length
  const wide = Math.max(0, ...rows.map(({ label }) => label.length))
  return rows.map(({ label, count }) =>
    `${INDENT}${label.padEnd(wide)}  ${String(count).padStart(digits)} ${'█'.repeat(Math.ceil((count / most) * Math.min(BAR, most)))}`.trimEnd(),
  )
}

/** Names are never cut: a line may be longer than the screen. */
function table(rows: readonly (readonly string[])[], right: readonly number[]): string[] {
  const safe = rows.map(row => row.map(safeLine))
  const widths = (safe[0] ?? []).map((_, column) => Math.max(...safe.map(row => (row[column] ?? '').length)))
  const pad = (cell: string, column: number): string =>
    right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)
  return safe.map(row => `${INDENT}${row.map(pad).join('  ')}`.trimEnd())
}
