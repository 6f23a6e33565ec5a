// AssemblyScript. Whether a message holds any of the fixed texts without which no wording that matters fits (../walker.ts fills the tables).
// It may say yes too often, never no where one fits.

/** A bit for each hash of four bytes that some text is known by. */
export const GRAMS: usize = memory.data(8192, 16)
/** By a hash's lower bits: the first text that is known by it, from 1 on. */
const BUCKET_BITS: u32 = 0xfff
export const BUCKETS: usize = memory.data(2 * 4096, 16)
/** `u8 length, u8 place of its four bytes, u8 only beside MOUNT, u8 free, u16 next of its bucket, 2 free, up to 56 bytes of text` */
export const LITERALS: usize = memory.data(64 * 1024, 16)
/** Text that tells of mount units: a length, and up to 15 bytes. */
export const MOUNT: usize = memory.data(16, 16)

/** Some wording has no text to look for: then every message is asked about. */
let all: bool = false

export function takeLiterals(any: bool): void {
  all = any
}

const CUT_LEAD: i8 = <i8>0xe2
const CUT_SECOND: i8 = <i8>0x80
const CUT_THIRD: i8 = <i8>0xa6

/** `from` to `to`: a message; sixteen bytes behind it can be read. */
export function mayTell(from: usize, to: usize): bool {
  if (all) return true
  for (let at = from; at < to; at += 16) {
    const block = v128.load(at)
    const kept: i32 = to - at >= 16 ? 0xffff : (1 << <i32>(to - at)) - 1
    // Control characters are taken out of a message before it is looked at, all but tab and line end; a wording may be cut before `…`.
    const low = v128.and(i8x16.lt_u(block, i8x16.splat(32)), v128.not(v128.or(i8x16.eq(block, i8x16.splat(9)), i8x16.eq(block, i8x16.splat(10)))))
    if ((i8x16.bitmask(v128.or(low, i8x16.eq(block, i8x16.splat(0x7f)))) & kept) != 0) return true
    if ((i8x16.bitmask(i8x16.eq(block, i8x16.splat(CUT_LEAD))) & kept) != 0) {
      const cut = v128.and(
        v128.and(i8x16.eq(block, i8x16.splat(CUT_LEAD)), i8x16.eq(v128.load(at, 1), i8x16.splat(CUT_SECOND))),
        i8x16.eq(v128.load(at, 2), i8x16.splat(CUT_THIRD)),
      )
      if ((i8x16.bitmask(cut) & kept) != 0) return true
    }
  }
  let mounts: i32 = -1
  for (let at = from; at + 4 <= to; at++) {
    const hash = (load<u32>(at) * <u32>0x9e3779b1) >>> 16
    if (!(load<u8>(GRAMS + (hash >> 3)) & (1 << (hash & 7)))) continue
    for (let index = <u32>load<u16>(BUCKETS + 2 * (hash & BUCKET_BITS)); index != 0; ) {
      const literal = LITERALS + 64 * (index - 1)
      index = load<u16>(literal, 4)
      const begin = at - load<u8>(literal, 1)
      const length = <i32>load<u8>(literal)
      if (begin < from || begin + length > to || !equal(begin, literal + 8, length)) continue
      if (!load<u8>(literal, 2)) return true
      if (mounts < 0) mounts = holds(from, to, MOUNT + 1, load<u8>(MOUNT)) ? 1 : 0
      if (mounts > 0) return true
    }
  }
  return false
}

function holds(from: usize, to: usize, text: usize, length: i32): bool {
  for (let at = from; at + length <= to; at++) if (equal(at, text, length)) return true
  return false
}

// @ts-ignore: decorator
@inline
export function equal(a: usize, b: usize, length: i32): bool {
  for (let at = 0; at < length; at++) if (load<u8>(a + at) != load<u8>(b + at)) return false
  return true
}
