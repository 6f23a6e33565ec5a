/**
 * An LZ4 data object's payload (systemd v252 src/basic/compress.c, compress_blob_lz4): the size of the text, then one block.
 *
 *     size of the text (8, little endian) ¦ token (4 bits literals, 4 bits match - 4) [more lengths] literals offset(2) [more] … token literals
 *
 * Null where the block does not make exactly that many bytes.
 */
export function unLz4(bytes: Uint8Array, from: number, to: number, most: number): Uint8Array | null {
  if (to - from < 9) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset + from, 8)
  const size = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32
  if (size > most) return null
  const out = new Uint8Array(size)
  let at = from + 8
  let made = 0
  while (at < to) {
    const token = bytes[at++] ?? 0
    let count = token >> 4
    if (count === 15) {
      for (let more = 255; more === 255; count += more) {
        if (at >= to) return null
        more = bytes[at++] ?? 0
      }
    }
    if (at + count > to || made + count > size) return null
    out.set(bytes.subarray(at, at + count), made)
    at += count
    made += count
    if (at >= to) break
    if (at + 2 > to) return null
    const distance = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
    at += 2
    count = (token & 15) + 4
    if (count === 19) {
      for (let more = 255; more === 255; count += more) {
        if (at >= to) return null
        more = bytes[at++] ?? 0
      }
    }
    if (distance === 0 || distance > made || made + count > size) return null
    if (distance >= count) out.copyWithin(made, made - distance, made - distance + count)
    else for (let index = 0; index < count; index++) out[made + index] = out[made + index - distance] ?? 0
    made += count
  }
  return made === size ? out : null
}
