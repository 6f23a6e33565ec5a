import type { Hash64 } from './hash64.ts'

/**
 * Bob Jenkins' lookup3, hashlittle2 (2006, public domain), both starting values zero, the primary half on top: the data hash of files
 * without KEYED-HASH, and in every file the hash that an entry's xor_hash is made of (JOURNAL_FILE_FORMAT, "Hashing"; systemd v252
 * src/libsystemd/sd-journal/journal-file.c, journal_file_append_entry: "take special precautions if the keyed-hash flag is on").
 */
export function lookup3(bytes: Uint8Array, from: number, to: number, into: Hash64): void {
  let left = to - from
  let a = (0xdeadbeef + left) | 0
  let b = a
  let c = a
  let at = from
  while (left > 12) {
    a = (a + word(bytes, at)) | 0
    b = (b + word(bytes, at + 4)) | 0
    c = (c + word(bytes, at + 8)) | 0
    a = ((a - c) | 0) ^ ((c << 4) | (c >>> 28))
    c = (c + b) | 0
    b = ((b - a) | 0) ^ ((a << 6) | (a >>> 26))
    a = (a + c) | 0
    c = ((c - b) | 0) ^ ((b << 8) | (b >>> 24))
    b = (b + a) | 0
    a = ((a - c) | 0) ^ ((c << 16) | (c >>> 16))
    c = (c + b) | 0
    b = ((b - a) | 0) ^ ((a << 19) | (a >>> 13))
    a = (a + c) | 0
    c = ((c - b) | 0) ^ ((b << 4) | (b >>> 28))
    b = (b + a) | 0
    at += 12
    left -= 12
  }
  if (left > 0) {
    a = (a + tail(bytes, at, to)) | 0
    b = (b + tail(bytes, at + 4, to)) | 0
    c = (c + tail(bytes, at + 8, to)) | 0
    c = ((c ^ b) - ((b << 14) | (b >>> 18))) | 0
    a = ((a ^ c) - ((c << 11) | (c >>> 21))) | 0
    b = ((b ^ a) - ((a << 25) | (a >>> 7))) | 0
    c = ((c ^ b) - ((b << 16) | (b >>> 16))) | 0
    a = ((a ^ c) - ((c << 4) | (c >>> 28))) | 0
    b = ((b ^ a) - ((a << 14) | (a >>> 18))) | 0
    c = ((c ^ b) - ((b << 24) | (b >>> 8))) | 0
  }
  into.hi = c >>> 0
  into.lo = b >>> 0
}

function word(bytes: Uint8Array, at: number): number {
  // Callers stay within bounds; see siphash24.ts.
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  )
}

/** The word at this place, as far as there are bytes. */
function tail(bytes: Uint8Array, at: number, to: number): number {
  let value = 0
  for (let shift = 0; shift < 32 && at + shift / 8 < to; shift += 8) value |= (bytes[at + shift / 8] as number) << shift // within bounds
  return value
}
