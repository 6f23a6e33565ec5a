import type { Datum } from './datum.ts'
import type { JournalFile } from './file.ts'
import type { Hash64 } from './hash64.ts'
import { long } from './header.ts'
import { COMPACT_DATA_HEAD, DATA_HEAD } from './object.ts'

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
