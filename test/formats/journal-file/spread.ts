/** Moves a journal's objects apart, so that something else can lie between them: every place that is told in the file is told anew. */

const DATA = 1
const FIELD = 2
const ENTRY = 3
const DATA_TABLE = 4
const FIELD_TABLE = 5
const ENTRY_ARRAY = 6
const HEADER_SIZE = 88
/** arena_size; then the places of both tables, of the tail, and of the list of entries. */
const ARENA = 96
const HEADER_PLACES = [104, 120, 136, 176]
/** tail_entry_array_offset and _n_entries (v252), tail_entry_offset (v254): hints for writers. */
const HINTS = [256, 264]

/** A file of the regular layout; at `at`, where an object begins, `room` bytes (a multiple of 8) are added, which are not part of what is returned. */
export function spread(bytes: Buffer, at: number, room: number): { before: Buffer; behind: Buffer } {
  const moved = Buffer.from(bytes)
  const move = (place: number) => {
    const target = Number(moved.readBigUInt64LE(place))
    if (target >= at) moved.writeBigUInt64LE(BigInt(target + room), place)
  }
  for (const { type, place, size } of objectsOf(bytes)) {
    if (type === DATA) for (const field of [24, 32, 40, 48]) move(place + field)
    if (type === FIELD) for (const field of [24, 32]) move(place + field)
    if (type === ENTRY) for (let item = 64; item < size; item += 16) move(place + item)
    if (type === DATA_TABLE || type === FIELD_TABLE) for (let item = 16; item < size; item += 8) move(place + item)
    if (type === ENTRY_ARRAY) for (let item = 16; item < size; item += 8) move(place + item)
  }
  const headerSize = Number(bytes.readBigUInt64LE(HEADER_SIZE))
  for (const place of HEADER_PLACES) move(place)
  for (const place of HINTS) if (place < headerSize) moved.fill(0, place, Math.min(place + 8, headerSize))
  moved.writeBigUInt64LE(bytes.readBigUInt64LE(ARENA) + BigInt(room), ARENA)
  return { before: moved.subarray(0, at), behind: moved.subarray(at) }
}

export function objectsOf(bytes: Buffer): { type: number; place: number; size: number }[] {
  const found: { type: number; place: number; size: number }[] = []
  const tail = Number(bytes.readBigUInt64LE(136))
  for (let place = Number(bytes.readBigUInt64LE(HEADER_SIZE)); place <= tail; ) {
    const size = Number(bytes.readBigUInt64LE(place + 8))
    found.push({ type: bytes[place] ?? 0, place, size })
    place += Math.ceil(size / 8) * 8
  }
  return found
}

/** An object of this type and size; what is in it is nought, or as given. */
export function objectHead(type: number, size: number): Buffer {
  const head = Buffer.alloc(16)
  head[0] = type
  head.writeBigUInt64LE(BigInt(size), 8)
  return head
}
