// AssemblyScript. Looking for bytes sixteen at a time. Whoever calls has put zeros behind the last byte, so every search ends.

export const QUOTE: u8 = 34
export const COLON: u8 = 58
export const BACKSLASH: u8 = 92

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

/** Sixteen bytes of ones and sixteen of zeros; written by `start`. */
const WINDOW: usize = memory.data(32, 16)
memory.fill(WINDOW, 255, 16)

/** Keeps the first bytes of sixteen. */
// @ts-ignore: decorator
@inline
export function firstOf(length: i32): v128 {
  return v128.load(WINDOW + 16 - length)
}

/** What two places have in different in sixteen bytes. */
// @ts-ignore: decorator
@inline
function differ(a: usize, b: usize): v128 {
  return v128.xor(v128.load(a), v128.load(b))
}

/** At least fifteen bytes behind both must be readable. */
// @ts-ignore: decorator
@inline
export function same(a: usize, b: usize, length: i32): bool {
  return length <= 16 ? !v128.any_true(v128.and(differ(a, b), firstOf(length))) : sameLong(a, b, length)
}

function sameLong(a: usize, b: usize, length: i32): bool {
  for (let at: i32 = 0; at + 16 <= length; at += 16) if (v128.any_true(differ(a + at, b + at))) return false
  return !v128.any_true(differ(a + length - 16, b + length - 16))
}

const ZEROS: u64 = 0x3030303030303030

/** The number that up to eight digits make which stand in the high bytes, zeros before them; -1 where one is no digit. */
// @ts-ignore: decorator
@inline
export function eightDigits(text: u64): i64 {
  const digits = text ^ ZEROS
  if (((digits + 0x7676767676767676) | digits) & 0x8080808080808080) return -1
  const pairs = ((digits * 2561) >> 8) & 0x00ff00ff00ff00ff
  const fours = ((pairs * 6553601) >> 16) & 0x0000ffff0000ffff
  return (fours * 42949672960001) >> 32
}

/** The number that so many digits from here on make, 1 to 8 of them; -1 where one is no digit. */
// @ts-ignore: decorator
@inline
export function number(at: usize, length: i32): i64 {
  const missing = <u64>(8 - length) << 3
  return eightDigits((load<u64>(at) << missing) | (ZEROS & ((<u64>1 << missing) - 1)))
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
