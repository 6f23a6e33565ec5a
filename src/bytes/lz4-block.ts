/** Fewer bytes than this are copied faster one by one. */
const FEW = 48

/**
 * Decodes one LZ4 block, which may refer to what lies in `target` before `start`. Answers where its text ends, -1 where it is damaged or
 * would be longer than the target. (lz4_Block_format.md)
 *
 *     token (4 bits literals, 4 bits match - 4) [more lengths] literals offset(2) [more lengths] … token literals
 */
export function decodeBlock(bytes: Uint8Array, from: number, to: number, target: Uint8Array, start: number): number {
  let at = from
  let made = start
  while (at < to) {
    const token = bytes[at++] ?? 0
    let count = token >> 4
    if (count === 15) {
      for (let more = 255; more === 255; count += more) {
        if (at >= to) return -1
        more = bytes[at++] ?? 0
      }
    }
    if (at + count > to || made + count > target.length) return -1
    if (count < FEW) for (let index = 0; index < count; index++) target[made + index] = bytes[at + index] ?? 0
    else target.set(bytes.subarray(at, at + count), made)
    at += count
    made += count
    if (at >= to) break
    if (at + 2 > to) return -1
    const distance = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
    at += 2
    count = (token & 15) + 4
    if (count === 19) {
      for (let more = 255; more === 255; count += more) {
        if (at >= to) return -1
        more = bytes[at++] ?? 0
      }
    }
    if (distance === 0 || distance > made || made + count > target.length) return -1
    if (distance >= count && count >= FEW) target.copyWithin(made, made - distance, made - distance + count)
    else for (let index = 0; index < count; index++) target[made + index] = target[made + index - distance] ?? 0
    made += count
  }
  return made
}
