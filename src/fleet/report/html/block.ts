import { element as el, type Markup } from '../../../report/html/element.ts'
import { safeCommand } from '../../../report/safe.ts'
import type { Block } from '../sections/block.ts'

/** What needs no picture, as in the other forms. */
export function blockMarkup(block: Block): Markup {
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
