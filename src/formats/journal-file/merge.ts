import type { JournalEntry } from './entry.ts'
import type { Lane } from './lane.ts'
import { compareEntries, isSame } from './order.ts'

/**
 * Interleaves lanes as journalctl does, each entry once. Its order is not one that a heap could keep (of three entries each may come before
 * the next in a circle), so the front that goes first is found by comparing all; but it is kept while it stays before the second.
 */
export function* merged(lanes: Lane[]): Generator<JournalEntry> {
  const open = lanes.filter(lane => lane.advance() !== null)
  while (open.length > 0) {
    const { first, second } = firstTwo(open)
    if (!first) return
    for (;;) {
      const entry = first.front
      if (!entry) break
      if (second?.front && second.front !== entry && compareEntries(entry, second.front) > 0) break
      for (const other of open) if (other !== first && other.front && isSame(entry, other.front)) other.advance()
      yield entry
      first.advance()
      if (second && !second.front) break
    }
    for (let index = open.length - 1; index >= 0; index--) if (!open[index]?.front) open.splice(index, 1)
  }
}

function firstTwo(open: readonly Lane[]): { first: Lane | null; second: Lane | null } {
  let first: Lane | null = null
  let second: Lane | null = null
  for (const lane of open) {
    if (!lane.front) continue
    if (!first?.front || compareEntries(lane.front, first.front) < 0) {
      second = first
      first = lane
    } else if (!second?.front || compareEntries(lane.front, second.front) < 0) second = lane
  }
  return { first, second }
}
