import { width } from './wrap.ts'

/** Spaces after each column. */
export const GAP = 2

/** Rows in columns of the given widths, apart by space only: borders would be the loudest thing on the page. A cell is its lines, wrapped. */
export function table(rows: readonly (readonly (readonly string[])[])[], widths: readonly number[]): string[] {
  return rows.flatMap(cells => {
    const height = Math.max(0, ...cells.map(lines => lines.length))
    return Array.from({ length: height }, (_, line) =>
      widths
        .map((columns, column) => padded(cells[column]?.[line] ?? '', columns + GAP))
        .join('')
        .trimEnd(),
    )
  })
}

function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)))
}
