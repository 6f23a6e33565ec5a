// AssemblyScript. Looking for bytes sixteen at a time. Whoever calls has put zeros behind the last byte, so every search ends.

export const QUOTE: u8 = 34
export const COLON: u8 = 58
export const BACKSLASH: u8 = 92

/** The next quote, backslash or control character: what may end a JSON text, or make it one that is not to be trusted. */
// @ts-ignore: decorator
@inline
export function special(from: usize): usize {
  let at = from
  while (true) {
    const block = v128.load(at)
    const found = v128.or(
      v128.or(i8x16.eq(block, i8x16.splat(QUOTE)), i8x16.eq(block, i8x16.splat(BACKSLASH))),
      i8x16.lt_u(block, i8x16.splat(32)),
    )
    const mask = i8x16.bitmask(found)
    if (mask != 0) return at + ctz(mask)
    at += 16
  }
}

/** The next byte below a blank: a line's end, or something that makes the line one to be read. */
// @ts-ignore: decorator
@inline
export function control(from: usize): usize {
  let at = from
  while (true) {
    const mask = i8x16.bitmask(i8x16.lt_u(v128.load(at), i8x16.splat(32)))
    if (mask != 0) return at + ctz(mask)
    at += 16
  }
}

export function same(a: usize, b: usize, length: i32): bool {
  let at: i32 = 0
  for (; at + 8 <= length; at += 8) if (load<u64>(a + at) != load<u64>(b + at)) return false
  if (length >= 8) return load<u64>(a + length - 8) == load<u64>(b + length - 8)
  for (; at < length; at++) if (load<u8>(a + at) != load<u8>(b + at)) return false
  return true
}

/** Of at most 31 bits; the same bytes in one run have the same. */
export function hash(at: usize, length: i32, seed: u32): u32 {
  let sum: u64 = <u64>seed * 0x9e3779b97f4a7c15 + length
  let done: i32 = 0
  for (; done + 8 <= length; done += 8) sum = rotl<u64>((sum ^ load<u64>(at + done)) * 0x9e3779b97f4a7c15, 29)
  let rest: u64 = 0
  for (let shift: u64 = 0; done < length; done++, shift += 8) rest |= <u64>load<u8>(at + done) << shift
  sum = (sum ^ rest) * 0x9e3779b97f4a7c15
  return <u32>(sum >> 33)
}
