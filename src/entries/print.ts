import { setImmediate } from 'node:timers/promises'
import { Boots, bootNamed } from '../formats/journal-file/boots.ts'
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
/** Entries read between two moments in which something else may happen, timers and signals among it. */
const BREATH = 256

/** The entries asked for, in their form; pieces of text or bytes. */
export async function* printed(
  journals: Journals,
  form: PrintForm,
  look: PrintLook,
  order: PrintOrder,
): AsyncGenerator<string | Buffer> {
  const boot = order.boot === null || order.boot === 'all' ? null : await bootOf(journals, order.boot)
  const wanted = selectionTest(order)
  const chosen = taken(breathing(journals.entries()), entry => (boot === null || entry.boot === boot) && wanted(entry), order)
  let before: string | null = null
  let text = ''
  for (const entry of chosen) {
    if (!entry) {
      await setImmediate()
      continue
    }
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

async function bootOf(journals: Journals, wanted: string): Promise<string> {
  const boots = new Boots()
  for (const entry of breathing(journals.entries())) {
    if (entry) boots.tell(entry)
    else await setImmediate()
  }
  return bootNamed(boots.all(), wanted)
}

/** Null where a breath is due. */
function* breathing(entries: Iterable<JournalEntry>): Generator<JournalEntry | null> {
  let count = 0
  for (const entry of entries) {
    yield entry
    if (++count % BREATH === 0) yield null
  }
}

function* taken(
  entries: Iterable<JournalEntry | null>,
  wanted: (entry: JournalEntry) => boolean,
  order: PrintOrder,
): Generator<JournalEntry | null> {
  const { lines, reverse } = order
  const kept: JournalEntry[] = []
  for (const entry of entries) {
    if (entry && !wanted(entry)) continue
    if (!entry || (lines === null && !reverse)) {
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
