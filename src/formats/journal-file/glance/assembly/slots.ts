// AssemblyScript. What is known of the data that entries lead to, by their places in the file.
//
//     slot: u64 place and file ¦ u64 lookup3 ¦ u64 what it is (8 bits) and its value (56)
//
// What one entry alone has lies right before it: a ring of the last 128 KB is enough. What several share stays, in a table of its own; where
// that is full, JavaScript is asked anew each time.

const SLOT: usize = 24
const RING_SLOTS: u32 = 2048
const RING: usize = memory.data(24 * 2048, 16)
const RING_REACH: u64 = 64 * 2048
/** Hash and value of what JavaScript was asked for. */
export const ANSWER: usize = memory.data(16, 16)

let table: usize = 0
let slots: u32 = 0
let free: u32 = 0
/** In the upper 16 bits of each place, so that nothing has to be wiped between files. */
let mark: u64 = 0

/** Room for the data of one file, in a power of two of slots. */
export function forget(size: u32): void {
  if (table == 0) table = <usize>memory.grow(0) << 16
  const bytes = table + SLOT * size
  const there = <usize>memory.size() << 16
  if (bytes > there) memory.grow(<i32>((bytes - there + 0xffff) >>> 16))
  slots = size
  free = (size >> 2) * 3
  mark += 1 << 48
  if (mark != 0) return
  memory.fill(RING, 0, SLOT * RING_SLOTS)
  memory.fill(table, 0, (<usize>memory.size() << 16) - table)
  mark = 1 << 48
}

// @ts-ignore: decorator
@inline
function placeIn(offset: u64): u32 {
  return (<u32>(offset >> 3) * <u32>0x9e3779b1) >>> 8
}

export function keep(offset: u64, entries: u64, hash: u64, what: u64): void {
  let slot: usize
  if (entries == 1) slot = RING + SLOT * (<u32>(offset >> 6) & (RING_SLOTS - 1))
  else {
    if (free == 0) return
    free--
    let at = placeIn(offset) & (slots - 1)
    slot = table + SLOT * at
    while (load<u64>(slot) >> 48 == mark >> 48) {
      if (load<u64>(slot) == (mark | offset)) break
      at = (at + 1) & (slots - 1)
      slot = table + SLOT * at
    }
  }
  store<u64>(slot, mark | offset)
  store<u64>(slot, hash, 8)
  store<u64>(slot, what, 16)
}

/** Where hash and value of the datum at this place stand; 0 where it is not known. */
// @ts-ignore: decorator
@inline
export function find(offset: u64, entry: u64): usize {
  const key = mark | offset
  if (entry - offset < RING_REACH) {
    const slot = RING + SLOT * (<u32>(offset >> 6) & (RING_SLOTS - 1))
    if (load<u64>(slot) == key) return slot + 8
  }
  let at = placeIn(offset) & (slots - 1)
  let slot = table + SLOT * at
  while (load<u64>(slot) != key) {
    if (load<u64>(slot) >> 48 != mark >> 48) return 0
    at = (at + 1) & (slots - 1)
    slot = table + SLOT * at
  }
  return slot + 8
}
