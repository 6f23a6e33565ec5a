import { bootNamed, bootsOf } from '../formats/journal-file/boots.ts'
import type { JournalEntry } from '../formats/journal-file/entry.ts'
import type { PrintForm, PrintLook } from '../formats/journal-file/print/form.ts'
import { type Selection, selectionTest } from '../formats/journal-file/select.ts'
import type { Journals } from './journals.ts'

export interface PrintOrder extends Selection {
  /** As `-b` has it. */
  boot: string | null
  /** The last so many; null: all. */
  lines: number | null
  reverse: boolean
  /** `-- Boot … --` between two boots. */
  separators: boolean
}

/** Bytes written at a time. */
const BLOCK = 64 * 1024

/** The entries asked for, in their form; pieces of text or bytes. */
export function* printed(journals: Journals, form: PrintForm, look: PrintLook, order: PrintOrder): Generator<string | Buffer> {
  const boot = order.boot === null || order.boot === 'all' ? null : bootNamed(bootsOf(journals.entries()), order.boot)
  const wanted = selectionTest(order)
  const chosen = taken(journals.entries(), entry => (boot === null || entry.boot === boot) && wanted(entry), order)
  let before: string | null = null
  let text = ''
  for (const entry of chosen) {
    if (order.separators && before !== null && before !== entry.boot) text += `-- Boot ${entry.boot} --\n`
    before = entry.boot
    const piece = form.write(entry, look)
    if (typeof piece === 'string') text += piece
    else yield piece
    if (text.length < BLOCK) continue
    yield text
    text = ''
  }
  if (text !== '') yield text
}

function* taken(
  entries: Iterable<JournalEntry>,
  wanted: (entry: JournalEntry) => boolean,
  order: PrintOrder,
): Generator<JournalEntry> {
  const { lines, reverse } = order
  const kept: JournalEntry[] = []
  for (const entry of entries) {
    if (!wanted(entry)) continue
    if (lines === null && !reverse) {
      yield entry
      continue
    }
    kept.push(entry)
    // Thrown away in bulk: an array that is shifted at each entry costs more than the entry.
    if (lines !== null && kept.length >= 2 * lines + 1024) kept.splice(0, kept.length - lines)
  }
  const last = lines === null ? kept : lines === 0 ? [] : kept.slice(-lines)
  yield* reverse ? last.reverse() : last
}
