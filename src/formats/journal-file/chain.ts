import type { Problem } from '../../problems/problem.ts'
import type { JournalFile } from './file.ts'
import { long } from './header.ts'
import { ARRAY_HEAD, ENTRY_ARRAY } from './object.ts'

/** Places of entries, rising. */
export class Places {
  offsets = new Float64Array(1024)
  count = 0

  push(offset: number): void {
    if (this.count === this.offsets.length) {
      const more = new Float64Array(this.count * 2)
      more.set(this.offsets)
      this.offsets = more
    }
    this.offsets[this.count++] = offset
  }

  at(index: number): number {
    return this.offsets[index] ?? -1
  }
}

export interface Chain {
  places: Places
  /** What is wrong with it; null where it holds together from end to end. */
  fault: Problem | null
}

/**
 * Follows the list of entry arrays from the header's `entry_array_offset`. A file only ever grows at its end, so both the arrays and the
 * entries in them lie at rising places: what points back is damage, and nothing can turn in a circle.
 */
export function followChain(file: JournalFile): Chain {
  const places = new Places()
  const { header, pages, compact } = file
  if (!header) return { places, fault: { message: 'no header: the entries are looked for object by object', offset: 0 } }
  const item = compact ? 4 : 8
  let last = 0
  let before = 0
  const broken = (message: string, offset: number): Chain => ({ places, fault: { message, offset } })
  for (let array = header.entryArray; array !== 0; ) {
    if (array <= before) return broken('an entry array that points back', before)
    const size = file.sizeAt(array, ENTRY_ARRAY)
    if (size === 0) return broken(`the entry list leads to byte ${array}, where no entry array lies`, before)
    before = array
    pages.at(array, ARRAY_HEAD)
    const next = long(pages.bytes, pages.pos + 16)
    const room = Math.floor((size - ARRAY_HEAD) / item)
    let taken = 0
    for (; taken < room; taken++) {
      const at = array + ARRAY_HEAD + taken * item
      if (!pages.at(at, item)) return broken('an entry array that is cut off', at)
      const offset = compact ? pages.bytes.readUInt32LE(pages.pos) : long(pages.bytes, pages.pos)
      if (offset === 0) break
      if (offset <= last || offset % 8 !== 0 || offset >= file.size)
        return broken('an entry array with a place that cannot be', at)
      places.push(offset)
      last = offset
    }
    if (taken < room && next !== 0) return broken('an entry array with a hole', array)
    array = next
  }
  return { places, fault: countFault(header.entries, places.count) }
}

function countFault(stated: number, found: number): Problem | null {
  return found < stated ? { message: `the header counts ${stated} entries, its list holds ${found}`, offset: 152 } : null
}
