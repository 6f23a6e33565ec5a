import type { JournalFile } from '../file.ts'
import { long } from '../header.ts'
import { inflate } from '../inflate.ts'
import { ARRAY_HEAD, COMPACT_DATA_HEAD, DATA_HEAD, ENTRY_ARRAY, LZ4, mayBeObject, XZ, ZSTD } from '../object.ts'
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

/** What is read of a datum at first; the rest follows once its size is known. */
const GUESS = 88
/** Type, flags and six bytes of nought are passed over: the hash proves the object. */
const FROM = 8
const PACKED = XZ | LZ4 | ZSTD

/** All DATA objects of a field, newest first, each proven by its hash. */
export function* dataOf(file: JournalFile, exact: Exact, head: number, name: string): Generator<Listed> {
  const begin = Buffer.from(`${name}=`, 'latin1')
  for (let at = head, before = Number.POSITIVE_INFINITY; at !== 0; ) {
    if (at >= before || at % 8 !== 0 || at < file.begin) doubt('a list of data that leads astray')
    before = at
    const bytes = wholeAt(file, exact, at)
    const inside = bytes.subarray(headOf(file) - FROM)
    const hash = { lo: bytes.readUInt32LE(16 - FROM), hi: bytes.readUInt32LE(20 - FROM) }
    const [next, firstEntry, array, entries] = [32, 40, 48, 56].map(place => long(bytes, place - FROM)) as [
      number,
      number,
      number,
      number,
    ] // four places, four numbers
    // What does not begin with its name is packed, or no datum of this field.
    const payload = isAt(inside, begin) ? inside : unpacked(exact, at, Buffer.from(inside))
    if (!isAt(payload, begin) || !file.hashes(payload, hash)) doubt('a datum that its hash does not fit')
    yield { payload, entries, firstEntry, array }
    at = next
  }
}

function headOf({ compact }: JournalFile): number {
  return compact ? COMPACT_DATA_HEAD : DATA_HEAD
}

function isAt(bytes: Buffer, begin: Buffer): boolean {
  return bytes.length >= begin.length && bytes.compare(begin, 0, begin.length, 0, begin.length) === 0
}

/** A datum from its size on. */
function wholeAt(file: JournalFile, exact: Exact, at: number): Buffer {
  const bytes = exact.upTo(at + FROM, GUESS)
  const size = bytes.length < GUESS ? 0 : long(bytes, 0)
  if (size <= headOf(file) || size > file.size - at) doubt('no datum where its list leads')
  const whole = exact.more(at + FROM, GUESS, size - FROM)
  return whole ?? doubt('a datum that is cut off')
}

function unpacked(exact: Exact, at: number, packed: Buffer): Buffer {
  const flags = (exact.at(at, 2)?.[1] ?? 0) & PACKED
  const text = inflate(flags, packed, 0, packed.length)
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
