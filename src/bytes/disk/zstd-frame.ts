/**
 * Where a zstd frame ends (RFC 8878, 3.1.1); null where it is none, or not whole.
 *
 *     28 b5 2f fd  descriptor [window] [dictionary id] [content size]  block… [checksum(4)]
 *     block:  last(1 bit) type(2) size(21), little-endian; then `size` bytes, or one for a run (type 1)
 */
export function frameEnd(bytes: Buffer): number | null {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== 0xfd2fb528) return null
  const descriptor = bytes[4] ?? 0
  const single = (descriptor & 0x20) !== 0
  const content = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0
  let at = 5 + (single ? 0 : 1) + dictionary + content
  for (let last = false; !last; ) {
    if (at + 3 > bytes.length) return null
    const head = bytes.readUIntLE(at, 3)
    last = (head & 1) === 1
    at += 3 + (((head >> 1) & 3) === 1 ? 1 : head >> 3)
  }
  at += (descriptor & 4) !== 0 ? 4 : 0
  return at <= bytes.length ? at : null
}
