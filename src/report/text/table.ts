import Table from 'cli-table3'

// Columns apart by space only; borders would be the loudest thing on the page.
const NO_BORDERS = Object.fromEntries(
  ['top', 'bottom', 'mid', 'left', 'right']
    .flatMap(side => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat('top-mid', 'bottom-mid', 'mid-mid', 'middle')
    .map(name => [name, '']),
)
/** Spaces after each column. */
export const GAP = 2

// cli-table3 0.6.5 takes cubic time for the lines of a cell (17 lines 0.4 s, 67 lines 20 s) and quadratic time for rows (200 rows 10 ms,
// 10,000 rows 3.4 s): it gets a row for each line, and not many at once.
const AT_ONCE = 100

/** Rows in columns of the given widths; a cell is its lines. They come wrapped: cli-table3 would cut a long word off. */
export function table(rows: readonly (readonly (readonly string[])[])[], widths: readonly number[]): string[] {
  const flat = rows.flatMap(cells => {
    const height = Math.max(0, ...cells.map(lines => lines.length))
    return Array.from({ length: height }, (_, line) => widths.map((_width, column) => cells[column]?.[line] ?? ''))
  })
  const lines: string[] = []
  for (let start = 0; start < flat.length; start += AT_ONCE) lines.push(...drawn(flat.slice(start, start + AT_ONCE), widths))
  return lines.map(line => line.trimEnd())
}

function drawn(rows: string[][], widths: readonly number[]): string[] {
  const table = new Table({
    chars: NO_BORDERS,
    // cli-table3 counts the padding in.
    colWidths: widths.map(each => each + GAP),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': GAP },
  })
  table.push(...rows)
  return table.toString().split('\n')
}
