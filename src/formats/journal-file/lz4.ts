import { decodeBlock } from '../../bytes/lz4-block.ts'

/**
 * An LZ4 data object's payload (systemd v252 src/basic/compress.c, compress_blob_lz4): the size of the text, then one block.
 *
 *     size of the text (8, little endian) ¦ block
 *
 * Null where the block does not make exactly that many bytes.
 */
export function unLz4(bytes: Uint8Array, from: number, to: number, most: number): Uint8Array | null {
  if (to - from < 9) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset + from, 8)
  const size = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32
  if (size > most) return null
  const out = new Uint8Array(size)
  return decodeBlock(bytes, from + 8, to, out, 0) === size ? out : null
}
