// AssemblyScript. Lines of text that begin as the one before did, with its hour and its host, and go on with a tag that was read before:
// nearly all lines. What is known of them is compared in one go, and figures are kept in registers until another line comes.

import { COLON } from './bytes'
import { count, epoch, heard, lastWord, PID1, pid1, place, seq } from './heard'
import { goOnAt, nextEnd, NONE, seek } from './lines'
import { letters, quietText } from './message'

/** A longer head is not kept, nor a longer tag. */
const LONGEST_HEAD: usize = 64
const LONGEST_TAG: usize = 32
/** What all these lines begin with, up to their tags, and ones where that is the same in each: not in minutes, seconds and fraction. */
const HEAD: usize = memory.data(64, 16)
const FIXED: usize = memory.data(64, 16)
let headSize: usize = 0
/** Whose lines these are. */
let headPlace: usize = 0
/** Whose line was read last: where hosts take turns, there is no head to be kept. */
let lastPlace: usize = 0
/** Where `MM:SS.ffffff` stands. */
let minutesAt: usize = 0
/**
 * Its digits as eight pairs, tens before ones: three of the fraction, one that is 0, seconds, minutes, two that are 0. Where each is taken from,
 * what makes a digit of it, and how large it may be.
 */
const TAKEN: usize = memory.data(16, 16)
const ZEROS: usize = memory.data(16, 16)
const LARGEST: usize = memory.data(16, 16)

/**
 * Tags that were read: `32 bytes as they stand, 32 bytes of ones where the tag is, u32 bytes up to the message, u32 who, u32 address of the
 * speaker's last word or 0, u32 free, u32 place, u32 epoch`. The last two are those under which this holds.
 */
const TAG_SIZE: usize = 96
const TAGS: usize = memory.data(96 * 256, 16)

/** Lines have another stamp, or places other hosts. */
export function forgetHead(): void {
  headSize = 0
}

/** Keeps what a line, passed over just now, tells of those that follow: its stamp, of so many digits behind the point, and its tag. */
export function keep(line: usize, minutes: usize, digits: i32, ident: usize, message: usize, who: i32): void {
  if (place != lastPlace || digits > 6 || ident - line > LONGEST_HEAD) {
    lastPlace = place
    return
  }
  if (headSize == 0 || headPlace != place) keepHead(line, minutes, digits, ident)
  const size = message - ident
  if (size > LONGEST_TAG) return
  const tag = tagAt(ident, size - 2)
  memory.copy(tag, ident, size)
  memory.fill(tag + size, 0, LONGEST_TAG - size)
  memory.fill(tag + 32, 255, size)
  memory.fill(tag + 32 + size, 0, LONGEST_TAG - size)
  store<u32>(tag, <u32>size, 64)
  store<u32>(tag, who, 68)
  store<u32>(tag, who == PID1 ? 0 : <u32>lastWord, 72)
  store<u64>(tag, now(), 80)
}

function keepHead(line: usize, minutes: usize, digits: i32, ident: usize): void {
  headSize = ident - line
  headPlace = place
  minutesAt = minutes - line
  memory.fill(FIXED, 0, LONGEST_HEAD)
  memory.fill(FIXED, 255, headSize)
  memory.copy(HEAD, line, headSize)
  memory.fill(TAKEN, 255, 16)
  memory.fill(ZEROS, 0, 16)
  memory.fill(LARGEST, 9, 16)
  for (let digit = 0; digit < digits; digit++) takeDigit(digit, 6 + digit)
  takeDigit(8, 3)
  takeDigit(9, 4)
  takeDigit(10, 0)
  takeDigit(11, 1)
  store<u8>(LARGEST, 5, 8)
  store<u8>(LARGEST, 5, 10)
}

function takeDigit(lane: usize, from: usize): void {
  store<u8>(TAKEN + lane, <u8>from)
  store<u8>(ZEROS + lane, 48)
  store<u8>(FIXED + minutesAt + from, 0)
}

/** What what is kept of a tag holds for. */
// @ts-ignore: decorator
@inline
function now(): u64 {
  return <u64>place | (<u64>epoch << 32)
}

/** Where a tag is kept whose colon stands so many bytes behind its beginning. */
// @ts-ignore: decorator
@inline
function tagAt(ident: usize, colon: usize): usize {
  const mixed = (load<u64>(ident + colon - 8) ^ load<u32>(ident)) * 0x9e3779b97f4a7c15
  return TAGS + <usize>(mixed >> 56) * TAG_SIZE
}

// @ts-ignore: decorator
@inline
function differs(line: usize, at: usize): v128 {
  return v128.and(v128.xor(v128.load(line + at), v128.load(HEAD + at)), v128.load(FIXED + at))
}

/** Passes over such lines, as walkText does; `begin`: the time at which their hour began. Returns where the first other line begins. */
export function walkSteady(from: usize, to: usize, begin: f64): usize {
  if (headSize == 0 || headPlace != place || !letters) return from
  const size = headSize
  const minutes = minutesAt
  const valid = now()
  let at = from
  let number = seq
  let entries: i32 = 0
  let time: i64 = 0
  let earliest: i64 = i64.MAX_VALUE
  let latest: i64 = 0
  let pid1s: i32 = 0
  let pid1Line: usize = 0
  let pid1Time: i64 = 0
  let pid1Behind: i32 = 0
  let ahead: usize = 0
  while (at < to) {
    if (ahead == 0 || load<u32>(ahead) == NONE) {
      if (ahead != 0) goOnAt(ahead)
      if (!seek(at, to)) break
      ahead = nextEnd()
    }
    let odd = v128.or(differs(at, 0), differs(at, 16))
    if (size > 32) odd = v128.or(odd, v128.or(differs(at, 32), differs(at, 48)))
    const digits = v128.xor(i8x16.swizzle(v128.load(at + minutes), v128.load(TAKEN)), v128.load(ZEROS))
    odd = v128.or(odd, i8x16.gt_u(digits, v128.load(LARGEST)))
    const ident = at + size
    const one = v128.load(ident)
    const two = v128.load(ident, 16)
    const tag = tagAt(ident, <usize>ctz(colons(one) | (colons(two) << 16)))
    odd = v128.or(odd, v128.and(v128.xor(one, v128.load(tag)), v128.load(tag, 32)))
    odd = v128.or(odd, v128.and(v128.xor(two, v128.load(tag, 16)), v128.load(tag, 48)))
    if (v128.any_true(odd) || load<u64>(tag, 80) != valid) break
    const end = <usize>load<u32>(ahead)
    const isPid1 = load<u32>(tag, 68) == PID1
    if (!quietText(ident + load<u32>(tag, 64), end, load<u32>(ahead, 4), isPid1)) break
    const next = load<u16>(end)
    if ((next & 0xff) != 10 || next >>> 8 == 32 || next >>> 8 == 9) break
    time = microsOf(digits)
    if (isPid1) {
      pid1s++
      if (time >= pid1Time) {
        pid1Time = time
        pid1Line = at
        pid1Behind = entries
      }
    } else heard(load<u32>(tag, 72), begin + <f64>time, number)
    earliest = min(earliest, time)
    latest = max(latest, time)
    number += 1
    entries++
    ahead += 8
    at = end + 1
  }
  if (ahead != 0) goOnAt(ahead)
  if (pid1s != 0) pid1(pid1Line, begin + <f64>pid1Time, -1, pid1s, pid1Behind)
  if (entries != 0) count(begin + <f64>time, begin + <f64>earliest, begin + <f64>latest, entries)
  return at
}

// @ts-ignore: decorator
@inline
function colons(block: v128): i32 {
  return i8x16.bitmask(i8x16.eq(block, i8x16.splat(COLON)))
}

/** µs since the hour's beginning. */
// @ts-ignore: decorator
@inline
function microsOf(digits: v128): i64 {
  const tens = v128.and(digits, i16x8.splat(255))
  const pairs = i16x8.add(i16x8.mul(tens, i16x8.splat(10)), i16x8.shr_u(digits, 8))
  const sums = i32x4.dot_i16x8_s(pairs, i16x8(10000, 100, 1, 0, 1, 60, 0, 0))
  return <i64>(i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1)) + <i64>i32x4.extract_lane(sums, 2) * 1000000
}
