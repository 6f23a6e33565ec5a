import { code, block as fenced, prose } from '../../report/markdown/inert.ts'
import { safeCommand } from '../../report/safe.ts'
import type { FleetForm } from './contract.ts'
import type { Block } from './sections/block.ts'
import { sectionsOf } from './sections.ts'

/** For a ticket. */
export const markdown: FleetForm = {
  name: 'markdown',
  async *write({ report }) {
    yield `# ${prose(report.verdict)}\n`
    for (const { title, blocks } of sectionsOf(report)) {
      yield `\n## ${prose(title)}\n`
      for (const block of blocks) yield `\n${written(block)}\n`
    }
    yield `\n${report.tool.name} ${code(report.tool.version)}, rules ${code(report.tool.rules)}\n`
  },
}

function written(block: Block): string {
  switch (block.kind) {
    case 'prose':
      return prose(block.text)
    case 'command':
      return fenced(safeCommand(block.text), '', 'sh')
    case 'bars':
      return (
        row(['from', 'hosts'], []) +
        ['--- | ---:'].map(line => `\n| ${line} |`) +
        block.rows.map(({ label, count }) => `\n${row([label, String(count)], [])}`).join('')
      )
    case 'table':
      return [
        row(block.head, []),
        `| ${block.head.map((_, column) => (block.right.includes(column) ? '---:' : '---')).join(' | ')} |`,
        ...block.rows.map(cells => row(cells, block.right)),
      ].join('\n')
  }
}

/** A bar in a cell would end it, in code too. */
const row = (cells: readonly string[], _: readonly number[]): string =>
  `| ${cells.map(cell => prose(cell).replaceAll('|', '\\|')).join(' | ')} |`
