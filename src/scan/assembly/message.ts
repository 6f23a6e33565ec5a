// AssemblyScript. Whether a message may be one of those looked for, judged by the few places that Buckets (src/signals/buckets.ts)
// dispatches on. It may say yes too often, never no where a wording fits: see filter.ts, which fills the tables.

import { COLON } from './bytes'

/** One bit for each hash of the four (`4`) or eight (`8`) bytes that some wording has at that place. */
const SETS = 8
const SET_SIZE = 8192
export const FILTER: usize = memory.data(SETS * SET_SIZE, 16)
const HEADS: i32 = 0
const SUBJECTS: i32 = 2
const VERBS: i32 = 4
const TAILS: i32 = 6
/** Wordings that begin with less than four fixed bytes, by their first. */
export const INITIALS: usize = memory.data(256, 16)
/** What stands behind the name of a mount unit: eight bytes each. */
export const MOUNT_WORDS: usize = memory.data(8 * 8, 16)
let mountWords: i32 = 0
/**
 * Text to be found anywhere: `u8 length, u8 place of its telling pair, 14 bytes free, up to 48 bytes of text`.
 */
export const NEEDLES: usize = memory.data(64 * 32, 16)
let needles: i32 = 0
/** Those behind the first `needles`: what PID 1 says where a boot begins. */
let landmarks: i32 = 0

export function look(count: i32, marks: i32, mounts: i32): void {
  needles = count
  landmarks = marks
  mountWords = mounts
}

// @ts-ignore: decorator
@inline
function has(set: i32, at: usize, left: i32): bool {
  if (left < 4) return false
  const four = (load<u32>(at) * <u32>0x9e3779b1) >>> 16
  if (load<u8>(FILTER + set * SET_SIZE + (four >> 3)) & (1 << (four & 7))) return true
  if (left < 8) return false
  const eight = <u32>((load<u64>(at) * 0x9e3779b97f4a7c15) >> 48)
  return (load<u8>(FILTER + (set + 1) * SET_SIZE + (eight >> 3)) & (1 << (eight & 7))) != 0
}

function behindMount(at: usize, left: i32, from: usize): bool {
  if (mountWords == 0 || left < 8 || at - from < 9 || load<u64>(at - 8) != 0x203a746e756f6d2e /* `.mount: ` */) return false
  for (let index = 0; index < mountWords; index++) if (load<u64>(MOUNT_WORDS + 8 * index) == load<u64>(at)) return true
  return false
}

/** `from` to `to`: the message's bytes as they stand, at least eight of them readable behind it. */
export function telling(from: usize, to: usize): bool {
  const length = <i32>(to - from)
  if (length == 0) return false
  if (length < 8) return true
  const first = load<u8>(from)
  const last = load<u8>(to - 1)
  // Blanks at either end would be trimmed before a wording is tried.
  if (first <= 32 || last <= 32 || last >= 128 || load<u8>(INITIALS + first) != 0) return true
  if (has(HEADS, from, length)) return true
  if (has(TAILS, to - 4, 4) || has(TAILS, to - 8, 8)) return true
  let word: usize = 0
  for (let at = from; at < to; at += 16) {
    const block = v128.load(at)
    const kept: i32 = to - at >= 16 ? 0xffff : (1 << <i32>(to - at)) - 1
    // DEL is taken out of messages; E2 begins `…` and `←`, behind which a wording is cut.
    const odd = i8x16.bitmask(v128.or(i8x16.eq(block, i8x16.splat(0x7f)), i8x16.eq(block, i8x16.splat(<i8>0xe2)))) & kept
    if (odd != 0) return true
    if (word == 0) {
      const blank = i8x16.bitmask(i8x16.eq(block, i8x16.splat(32))) & kept
      if (blank != 0) word = at + ctz(blank) + 1
    }
    if (found(0, needles, block, v128.load(at, 1), at, to, kept)) return true
  }
  if (word == 0) return false
  const left = <i32>(to - word)
  if (load<u8>(word - 2) != COLON) return has(VERBS, word, left)
  return has(SUBJECTS, word, left) || behindMount(word, left, from)
}

/** The same for what tells of boots in a log without boot ids. */
export function isLandmark(from: usize, to: usize): bool {
  for (let at = from; at < to; at += 16) {
    const kept: i32 = to - at >= 16 ? 0xffff : (1 << <i32>(to - at)) - 1
    if (found(needles, needles + landmarks, v128.load(at), v128.load(at, 1), at, to, kept)) return true
  }
  return false
}

/** `#01`, with which rsyslog begins an escaped line end or tab. */
export function hasEscape(from: usize, to: usize): bool {
  for (let at = from; at < to; at += 16) {
    const kept: i32 = to - at >= 16 ? 0xffff : (1 << <i32>(to - at)) - 1
    const hash = i8x16.eq(v128.load(at), i8x16.splat(35))
    if ((i8x16.bitmask(v128.and(hash, i8x16.eq(v128.load(at, 1), i8x16.splat(48)))) & kept) != 0) return true
  }
  return false
}

function found(first: i32, end: i32, block: v128, next: v128, at: usize, to: usize, kept: i32): bool {
  for (let index = first; index < end; index++) {
    const needle = NEEDLES + 64 * index
    const place = load<u8>(needle, 1)
    const a = i8x16.splat(load<u8>(needle + 16 + place))
    const b = i8x16.splat(load<u8>(needle + 17 + place))
    let mask = i8x16.bitmask(v128.and(i8x16.eq(block, a), i8x16.eq(next, b))) & kept
    for (; mask != 0; mask &= mask - 1) {
      const begin = at + ctz(mask) - place
      const length = load<u8>(needle)
      if (begin + length <= to && equal(begin, needle + 16, length)) return true
    }
  }
  return false
}

function equal(a: usize, b: usize, length: i32): bool {
  for (let at = 0; at < length; at++) if (load<u8>(a + at) != load<u8>(b + at)) return false
  return true
}
