import type { JournalFile } from '../file.ts'
import { long } from '../header.ts'
import { inflate } from '../inflate.ts'
import { ARRAY_HEAD, COMPACT_DATA_HEAD, DATA, DATA_HEAD, ENTRY_ARRAY, LZ4, mayBeObject, XZ, ZSTD } from '../object.ts'
import { doubt } from './doubt.ts'
import type { Exact } from './exact.ts'

/** A DATA object of one field, with all that its index tells of it. */
export interface Listed {
  /** `NAME=value`, unpacked; only until the next object is read. */
  payload: Buffer
  entries: number
  firstEntry: number
  array: number
}

/** Most objects of this size or less are read at one go. */
const GUESS = 144
const PACKED = XZ | LZ4 | ZSTD

/** All DATA objects of a field, newest first, each proven by its hash. */
export function* dataOf(file: JournalFile, exact: Exact, head: number): Generator<Listed> {
  const least = file.compact ? COMPACT_DATA_HEAD : DATA_HEAD
  for (let at = head, before = Number.POSITIVE_INFINITY; at !== 0; ) {
    if (at >= before || at % 8 !== 0 || at < file.begin) doubt('a list of data that leads astray')
    before = at
    let bytes = exact.upTo(at, GUESS)
    if (bytes.length < least || bytes[0] !== DATA || !mayBeObject(bytes, 0, file.size - at))
      doubt('no datum where its list leads')
    const size = long(bytes, 8)
    if (size > bytes.length) {
      const start = Buffer.from(bytes)
      const rest = exact.at(at + start.length, size - start.length)
      if (!rest) doubt('a datum that is cut off')
      bytes = Buffer.concat([start, rest])
    }
    const flags = (bytes[1] ?? 0) & PACKED
    const inside = bytes.subarray(least, size)
    const payload = flags === 0 ? inside : unpacked(flags, inside)
    const stated = { lo: bytes.readUInt32LE(16), hi: bytes.readUInt32LE(20) }
    if (!file.hashes(payload, stated)) doubt('a datum that its hash does not fit')
    const next = long(bytes, 32)
    yield { payload, entries: long(bytes, 56), firstEntry: long(bytes, 40), array: long(bytes, 48) }
    at = next
  }
}

function unpacked(flags: number, inside: Buffer): Buffer {
  const text = inflate(flags, inside, 0, inside.length)
  if (!text) doubt('a datum that does not unpack')
  return Buffer.from(text.buffer, text.byteOffset, text.length)
}

/** Places of the entries that a datum is in, rising. */
export function* entriesOf(
  { compact, size }: JournalFile,
  exact: Exact,
  { entries, firstEntry, array }: Omit<Listed, 'payload'>,
): Generator<number> {
  if (entries < 1) doubt('a datum of no entry')
  yield firstEntry
  const item = compact ? 4 : 8
  let left = entries - 1
  for (let at = array, before = 0; left > 0; ) {
    if (at <= before || at % 8 !== 0) doubt('a list of entries that leads astray')
    before = at
    const head = exact.at(at, ARRAY_HEAD)
    if (!head || head[0] !== ENTRY_ARRAY || !mayBeObject(head, 0, size - at)) doubt('no list where a datum leads')
    const room = Math.floor((long(head, 8) - ARRAY_HEAD) / item)
    const next = long(head, 16)
    const taken = Math.min(room, left)
    const items = exact.at(at + ARRAY_HEAD, taken * item)
    if (!items) doubt('a list of entries that is cut off')
    const places = Array.from({ length: taken }, (_, index) =>
      compact ? items.readUInt32LE(index * item) : long(items, index * item),
    )
    yield* places
    left -= taken
    at = next
  }
}
