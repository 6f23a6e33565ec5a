// AssemblyScript. Whether a message may be one of those looked for, judged by the few places that Buckets (src/signals/buckets.ts)
// dispatches on. It may say yes too often, never no where a wording fits: see filter.ts, which fills the tables.

import { COLON } from './bytes'

/** One bit for each hash of the four (`4`) or eight (`8`) bytes that some wording has at that place. */
const SETS = 8
const SET_SIZE = 8192
export const FILTER: usize = memory.data(SETS * SET_SIZE, 16)
/** A byte for fewer hashes, with a bit for each set: it says yes more often, and stays in the processor's nearest cache. */
const ROUGH_BITS = 13
export const ROUGH: usize = memory.data(1 << ROUGH_BITS, 16)
const HEADS: i32 = 0
const SUBJECTS: i32 = 2
const VERBS: i32 = 4
const TAILS: i32 = 6
/** Wordings that begin with less than four fixed bytes, by their first; and what would be trimmed. */
export const INITIALS: usize = memory.data(256, 16)
/** What stands behind the name of a mount unit: eight bytes each. */
export const MOUNT_WORDS: usize = memory.data(8 * 8, 16)
let mountWords: i32 = 0
/** `.mount: ` */
const MOUNT: u64 = 0x203a746e756f6d2e
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
  if (mountWords == 0 || left < 8 || at - from < 9 || load<u64>(at - 8) != MOUNT) return false
  for (let index = 0; index < mountWords; index++) if (load<u64>(MOUNT_WORDS + 8 * index) == load<u64>(at)) return true
  return false
}

/**
 * Bytes because of which a message must be looked at closely, each at the place of its lower four bits: one that each text to be found
 * anywhere has, and few messages have; those of `telling`; and `#`, with which rsyslog's escapes begin. Where there is none, a byte that
 * belongs elsewhere. `letters`: whether all found room.
 */
export const SUSPECTS: usize = memory.data(16, 16)
export let letters: bool = false
/** A byte for each hash of four bytes that stand in a landmark, at its first four places. `grams`: whether each has seven bytes or more. */
const GRAM_BITS = 14
export const GRAMS: usize = memory.data(1 << GRAM_BITS, 16)
let grams: bool = false

export function glance(byLetters: bool, byGrams: bool): void {
  letters = byLetters
  grams = byGrams
}

// @ts-ignore: decorator
@inline
function suspects(block: v128, table: v128): v128 {
  return i8x16.eq(block, i8x16.swizzle(table, v128.and(block, i8x16.splat(15))))
}

/** One bit a byte of sixty-four. */
// @ts-ignore: decorator
@inline
function bits(a: v128, b: v128, c: v128, d: v128): u64 {
  const low = <u64>(<u32>i8x16.bitmask(a) | (<u32>i8x16.bitmask(b) << 16))
  return low | (<u64>(<u32>i8x16.bitmask(c) | (<u32>i8x16.bitmask(d) << 16)) << 32)
}

// @ts-ignore: decorator
@inline
export function suspectsAt(at: usize): u64 {
  const table = v128.load(SUSPECTS)
  return bits(
    suspects(v128.load(at), table),
    suspects(v128.load(at, 16), table),
    suspects(v128.load(at, 32), table),
    suspects(v128.load(at, 48), table),
  )
}

// @ts-ignore: decorator
@inline
export function controlsAt(at: usize): u64 {
  const last = i8x16.splat(31)
  return bits(
    i8x16.le_u(v128.load(at), last),
    i8x16.le_u(v128.load(at, 16), last),
    i8x16.le_u(v128.load(at, 32), last),
    i8x16.le_u(v128.load(at, 48), last),
  )
}

/**
 * Where `letters`: whether a glance shows that a message of text is not telling, neither by its words nor, as PID 1's, of a boot; else it must be looked at
 * closely. `suspect`: the last byte in or before it that `suspects` has.
 */
// @ts-ignore: decorator
@inline
export function quietText(from: usize, to: usize, suspect: usize, isPid1: bool): bool {
  return suspect < from && isQuiet(from, to) && !(isPid1 && maySayLandmark(from, to))
}

/** The same for a message in a log with boot ids. */
// @ts-ignore: decorator
@inline
export function quiet(from: usize, to: usize): bool {
  if (!letters) return false
  for (let at = from; at < to; at += 64) {
    const odd = suspectsAt(at)
    if ((to - at >= 64 ? odd : odd & (((<u64>1) << (to - at)) - 1)) != 0) return false
  }
  return isQuiet(from, to)
}

/** Whether the four or the eight bytes there may begin some wording of this set: 0 where not. */
// @ts-ignore: decorator
@inline
function hit(set: i32, at: usize): u32 {
  return hitFour(set, at) | hitEight(set + 1, at)
}

// @ts-ignore: decorator
@inline
function hitFour(set: i32, at: usize): u32 {
  return <u32>load<u8>(ROUGH + ((load<u32>(at) * <u32>0x9e3779b1) >>> (32 - ROUGH_BITS))) & (1 << set)
}

// @ts-ignore: decorator
@inline
function hitEight(set: i32, at: usize): u32 {
  return <u32>load<u8>(ROUGH + <usize>((load<u64>(at) * 0x9e3779b97f4a7c15) >> (64 - ROUGH_BITS))) & (1 << set)
}

/** What `telling` asks of a message's beginning, its end, and what stands behind its first word; all at once, for few messages have any of it. */
// @ts-ignore: decorator
@inline
function isQuiet(from: usize, to: usize): bool {
  const length = to - from
  if (length < 8) return length == 0
  const ends = <i32>(<u8>(load<u8>(to - 1) - 33) > 94) | load<u8>(INITIALS + load<u8>(from))
  let hits = hit(HEADS, from) | hitFour(TAILS, to - 4) | hitEight(TAILS + 1, to - 8)
  const blanks = <u32>i8x16.bitmask(blankIn(v128.load(from))) | (<u32>i8x16.bitmask(blankIn(v128.load(from, 16))) << 16)
  const word = blanks != 0 || length <= 32 ? from + <usize>ctz(blanks) + 1 : behindBlank(from + 32, to)
  // No branches here, for what is said of units and by others comes in no order. Behind the message is no word of it.
  const second = hit(load<u8>(word - 2) == COLON ? SUBJECTS : VERBS, word) | <u32>(mountWords != 0 && load<u64>(word - 8) == MOUNT)
  hits |= word < to ? second : 0
  return (hits | ends) == 0
}

// @ts-ignore: decorator
@inline
function blankIn(block: v128): v128 {
  return i8x16.eq(block, i8x16.splat(32))
}

/** Behind the first blank from here on; where there is none, behind the end. */
function behindBlank(from: usize, to: usize): usize {
  for (let at = from; at < to; at += 16) {
    const blanks = i8x16.bitmask(blankIn(v128.load(at)))
    if (blanks != 0) return at + ctz(blanks) + 1
  }
  return to + 1
}

/** Each fourth place is tried: of a landmark's first seven bytes, four begin at one. A few behind the end do no harm. */
// @ts-ignore: decorator
@inline
function maySayLandmark(from: usize, to: usize): bool {
  if (!grams) return true
  let found: u32 = 0
  for (let at = from; at < to; at += 16) found |= gram(at) | gram(at + 4) | gram(at + 8) | gram(at + 12)
  return found != 0
}

// @ts-ignore: decorator
@inline
function gram(at: usize): u32 {
  return load<u8>(GRAMS + ((load<u32>(at) * <u32>0x9e3779b1) >>> (32 - GRAM_BITS)))
}

/** `from` to `to`: the message's bytes as they stand, at least eight of them readable behind it. */
export function telling(from: usize, to: usize): bool {
  const length = <i32>(to - from)
  if (length == 0) return false
  if (length < 8) return true
  const last = load<u8>(to - 1)
  // Blanks at either end would be trimmed before a wording is tried.
  if (last <= 32 || last >= 128 || load<u8>(INITIALS + load<u8>(from)) != 0) return true
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
