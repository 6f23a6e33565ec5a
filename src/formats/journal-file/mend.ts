import type { Datum } from './datum.ts'
import type { EntryHead, JournalFile } from './file.ts'
import type { Hash64 } from './hash64.ts'
import { long } from './header.ts'
import { COMPACT_DATA_HEAD, DATA_HEAD, ENTRY, ENTRY_HEAD, MOST_ENTRY } from './object.ts'

/** Longer payloads are not tried: each of their bits costs one hash. */
const LONGEST = 2048

/**
 * A datum whose bytes do not fit its hash, or that is no datum any more: one flipped bit is looked for in its size and in its text. A
 * 64-bit hash that fits then is proof: by chance one of 2^50 wrong texts would do.
 */
export function mendDatum(file: JournalFile, offset: number): Datum | null {
  const { pages } = file
  const head = file.compact ? COMPACT_DATA_HEAD : DATA_HEAD
  if (offset % 8 !== 0 || offset < file.begin || !pages.at(offset, head)) return null
  const { bytes, pos } = pages
  const stated: Hash64 = { lo: bytes.readUInt32LE(pos + 16), hi: bytes.readUInt32LE(pos + 20) }
  const size = long(bytes, pos + 8)
  for (let bit = 0; bit < 15; bit++) {
    const other = ((size % 2 ** 31) ^ (1 << bit)) as number // below 2^31
    const payload = payloadOf(file, offset, head, other)
    if (payload && file.hashes(payload, stated)) return file.mend(offset, payload, stated)
  }
  const payload = payloadOf(file, offset, head, size)
  if (!payload) return null
  if (file.hashes(payload, stated)) return file.mend(offset, payload, stated)
  if (!file.spend(payload.length ** 2 * 8)) return null
  for (let bit = 0; bit < payload.length * 8; bit++) {
    const place = bit >> 3
    const byte = payload[place] ?? 0
    payload[place] = byte ^ (1 << (bit & 7))
    if (file.hashes(payload, stated)) return file.mend(offset, payload, stated)
    payload[place] = byte
  }
  return null
}

function payloadOf(file: JournalFile, offset: number, head: number, size: number): Buffer | null {
  if (size <= head || size - head > LONGEST || !file.pages.at(offset, size)) return null
  const { bytes, pos } = file.pages
  return Buffer.from(bytes.subarray(pos + head, pos + size))
}

/**
 * An entry that the list leads to and whose object head was hit: with the right size its xor_hash fits.
 *
 *     03 00 00 00 00 00 00 00 ¦ size (8)
 */
export function mendEntry(file: JournalFile, offset: number, into: EntryHead): boolean {
  if (!file.pages.at(offset, ENTRY_HEAD) || !file.spend(4096)) return false
  const { bytes, pos } = file.pages
  const size = bytes.readUInt32LE(pos + 8)
  const typeIsRight = bytes[pos] === ENTRY && bytes.readUIntLE(pos + 1, 6) === 0 && bytes[pos + 7] === 0
  const sizes = typeIsRight ? Array.from({ length: 20 }, (_, bit) => (size ^ (1 << bit)) >>> 0) : [size]
  return sizes.some(each => each <= MOST_ENTRY && file.entryOfSize(offset, each, into) && fitsItsHash(file, into))
}

function fitsItsHash(file: JournalFile, head: EntryHead): boolean {
  let [hi, lo] = [0, 0]
  for (let index = 0; index < head.items; index++) {
    const place = head.places[index] ?? 0
    const datum = place < head.offset ? file.datum(place) : null
    if (!datum) return false
    hi ^= datum.lookup.hi
    lo ^= datum.lookup.lo
  }
  return hi >>> 0 === head.xor.hi && lo >>> 0 === head.xor.lo
}

/** The datum that an entry's item meant before one bit of its offset was flipped: the one whose lookup3 hash is the wanted one. */
export function mendPlace(file: JournalFile, place: number, wanted: Hash64): Datum | null {
  for (let bit = 0; bit < 40; bit++) {
    const power = 2 ** bit
    const other = Math.floor(place / power) % 2 === 1 ? place - power : place + power
    const datum = other % 8 === 0 && other < file.size ? file.datum(other) : null
    if (datum && datum.lookup.hi === wanted.hi && datum.lookup.lo === wanted.lo) return datum
  }
  return null
}
