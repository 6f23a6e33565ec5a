import type { Hash64 } from './hash64.ts'

/** 16 bytes of key as four little-endian words. */
export type SipKey = readonly [number, number, number, number]

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): the data hash of files with the KEYED-HASH flag, keyed by the file's own id
 * (JOURNAL_FILE_FORMAT, "Incompatible flags"; systemd v246 src/journal/journal-file.c, journal_file_hash_data).
 *
 * One long function on purpose: the state of four 64-bit words lives in eight local halves (a b c d on top, e f g h below), for calls
 * and arrays in the inner loop cost more than the hash.
 */
export function siphash24(bytes: Uint8Array, from: number, to: number, key: SipKey, into: Hash64): void {
  let a = key[1] ^ 0x736f6d65
  let e = key[0] ^ 0x70736575
  let b = key[3] ^ 0x646f7261
  let f = key[2] ^ 0x6e646f6d
  let c = key[1] ^ 0x6c796765
  let g = key[0] ^ 0x6e657261
  let d = key[3] ^ 0x74656462
  let h = key[2] ^ 0x79746573
  const length = to - from
  /** Rounds that take in words; the last word holds what is left and the length. Four more end it. */
  const taking = 2 * ((length >>> 3) + 1)
  let high = 0
  let low = 0
  let at = from
  for (let round = 0; round < taking + 4; round++) {
    const starts = (round & 1) === 0
    if (round < taking) {
      if (starts) {
        if (round < taking - 2) {
          low = word(bytes, at)
          high = word(bytes, at + 4)
          at += 8
        } else {
          low = tail(bytes, at, to)
          high = tail(bytes, at + 4, to) | (length << 24)
        }
        d ^= high
        h ^= low
      }
    } else if (round === taking) g ^= 0xff
    // v0 += v1; v1 = rotl(v1, 13) ^ v0; v0 = rotl(v0, 32)
    let sum = (e + f) | 0
    a = (a + b + ((((e & f) | ((e | f) & ~sum)) >>> 31) | 0)) | 0
    e = sum
    let turned = (b << 13) | (f >>> 19)
    f = ((f << 13) | (b >>> 19)) ^ e
    b = turned ^ a
    let swap = a
    a = e
    e = swap
    // v2 += v3; v3 = rotl(v3, 16) ^ v2
    sum = (g + h) | 0
    c = (c + d + ((((g & h) | ((g | h) & ~sum)) >>> 31) | 0)) | 0
    g = sum
    turned = (d << 16) | (h >>> 16)
    h = ((h << 16) | (d >>> 16)) ^ g
    d = turned ^ c
    // v0 += v3; v3 = rotl(v3, 21) ^ v0
    sum = (e + h) | 0
    a = (a + d + ((((e & h) | ((e | h) & ~sum)) >>> 31) | 0)) | 0
    e = sum
    turned = (d << 21) | (h >>> 11)
    h = ((h << 21) | (d >>> 11)) ^ e
    d = turned ^ a
    // v2 += v1; v1 = rotl(v1, 17) ^ v2; v2 = rotl(v2, 32)
    sum = (g + f) | 0
    c = (c + b + ((((g & f) | ((g | f) & ~sum)) >>> 31) | 0)) | 0
    g = sum
    turned = (b << 17) | (f >>> 15)
    f = ((f << 17) | (b >>> 15)) ^ g
    b = turned ^ c
    swap = c
    c = g
    g = swap
    if (!starts && round < taking) {
      a ^= high
      e ^= low
    }
  }
  into.hi = (a ^ b ^ c ^ d) >>> 0
  into.lo = (e ^ f ^ g ^ h) >>> 0
}

function word(bytes: Uint8Array, at: number): number {
  // Callers stay within bounds; a check for undefined at each byte is what a hash of every byte of a file cannot pay.
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
