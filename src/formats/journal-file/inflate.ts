import { decompress } from 'fzstd'
import { unLz4 } from './lz4.ts'
import { LZ4, XZ, ZSTD } from './object.ts'
import { unXz } from './xz.ts'

/** The largest field that is unpacked: journald itself takes none above 768 MB, and only core dumps of old were larger than this. */
const MOST_TEXT = 64 << 20

/** A DATA object's payload in plain; null where it does not unpack. That it is the true text, its hash must tell. */
export function inflate(flags: number, bytes: Buffer, from: number, to: number): Uint8Array | null {
  if (flags === ZSTD) return unZstd(bytes.subarray(from, to))
  if (flags === LZ4) return unLz4(bytes, from, to, MOST_TEXT)
  return flags === XZ ? unXz(bytes, from, to, MOST_TEXT) : null
}

/**
 * One frame, with its size stated (systemd v252 src/basic/compress.c, compress_blob_zstd). The size is looked at first: a flipped bit must
 * not order gigabytes.
 *
 *     28 b5 2f fd ¦ descriptor: size's length (2 bits), single segment (1), …, dictionary (2) ¦ [window] [dictionary] size (1, 2, 4, 8) ¦ blocks
 */
function unZstd(frame: Uint8Array): Uint8Array | null {
  if (frame.length < 9 || frame[0] !== 0x28 || frame[1] !== 0xb5 || frame[2] !== 0x2f || frame[3] !== 0xfd) return null
  const descriptor = frame[4] ?? 0
  const single = (descriptor & 0x20) !== 0
  if ((descriptor & 0x0b) !== 0) return null
  const window = single ? 0 : 2 ** (10 + ((frame[5] ?? 0) >> 3))
  const kind = descriptor >> 6
  const at = single ? 5 : 6
  const length = kind === 0 ? (single ? 1 : 0) : 2 ** kind
  if (length === 0 || frame.length < at + length) return null
  let size = 0
  for (let index = length - 1; index >= 0; index--) size = size * 256 + (frame[at + index] ?? 0)
  if (kind === 1) size += 256
  if (size > MOST_TEXT || window > 2 * MOST_TEXT) return null
  try {
    const text = decompress(frame, new Uint8Array(size))
    return text.length === size ? text : null
  } catch {
    return null
  }
}
