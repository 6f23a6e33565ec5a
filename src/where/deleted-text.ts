import { plain } from '../problems/frame.ts'
import { DELETED, type Deleted, nameOf } from './deleted.ts'
import { amount, secondOf } from './image-text.ts'
import type { Remnant } from './unallocated.ts'

/** What was deleted from a volume and is there all the same, a line for each piece; and what was searched for it. */
export function deletedText({ label, remnants, search }: Deleted): string {
  const { searched, empty, neverUsed, left, more } = search
  const looked = [
    `${amount(searched)} searched`,
    ...(empty > 0 ? [`${amount(empty)} empty`] : []),
    ...(neverUsed > 0 ? [`${amount(neverUsed)} never used`] : []),
    ...(left > 0 ? [`${amount(left)} NOT searched`] : []),
  ]
  const rows = remnants.map(one => [`${label}:${DELETED}/${nameOf(one)}`, amount(one.size), about(one)])
  const widths = [0, 1].map(column => Math.max(0, ...rows.map(row => (row[column] ?? '').length)))
  const lines = rows.map(row => row.map((cell, column) => plain(cell).padEnd(widths[column] ?? 0)).join('  '))
  const none = remnants.length === 0 ? ['no journal and no log'] : []
  const rest = more > 0 ? [`and ${more} more`] : []
  const head = `\nDeleted, in unallocated space of ${plain(label)} (${looked.join(', ')}):`
  return [head, ...none, ...lines, ...rest].map(line => `${line}\n`).join('')
}

const LONGEST_LINE = 100

function about({ kind, size, whole, entries, last, line }: Remnant): string {
  if (kind === 'log') return `text: ${(line ?? '').slice(0, LONGEST_LINE)}`
  const written = `${entries} entries${last === null ? '' : ` until ${secondOf(last)} UTC`}`
  if (whole !== null && whole === size) return `journal, in one piece, ${written}`
  return `journal, the first ${amount(size)} of ${amount(whole ?? 0)}; the rest lies elsewhere or is gone; had ${written}`
}
