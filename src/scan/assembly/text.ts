// AssemblyScript. Lines of journalctl's short forms and of syslog files that need not be read.

import { COLON, control, number, same } from './bytes'
import { count, endOfKnownHost, findPlace, LONGEST, OTHER, PID1, pid1, roomForWord, UNSURE, word } from './heard'
import { endOf, lastSuspect, moveTo, passEnd, seek } from './lines'
import { hasEscape, isLandmark, letters, quietText, telling } from './message'
import { keep, walkSteady } from './steady'

/**
 * The stamp of the last line that was read: all lines of its hour have the same, but for minutes and seconds. Where the zone's offset
 * changes within it, of its minute.
 *
 *      0 f64 time of the hour's beginning   8 u8 bytes before the minutes    9 u8 digits behind the point   10 u8 bytes behind them
 *     11 u8 the point                      12 u8 whether minutes are read
 *     16 … the bytes before: `Nov 24 01:`, `2026-11-24T01:`                 48 … the bytes behind: ` `, `+00:00 `
 */
export const STAMP: usize = memory.data(64, 16)

/**
 * As walkJson. `to` is the beginning of a line that has arrived: how the next line begins tells whether it continues this one. The line shape:
 *
 *     STAMP HOST IDENT[PID]: MESSAGE\n      STAMP HOST IDENT: MESSAGE\n
 */
export function walkText(from: usize, to: usize): usize {
  let at = from
  moveTo(from)
  while (true) {
    at = walkSteady(at, to, load<f64>(STAMP))
    if (at >= to) return at
    const isNear = seek(at, to)
    const next = isNear ? passed(at, endOf(), lastSuspect()) : passed(at, control(at), at + LONGEST)
    if (next == 0) return at
    if (isNear) passEnd()
    at = next
  }
}

/** Where the stamp at hand ends; its µs since the beginning of the hour. */
let micros: i64 = 0

/** Counts the line and returns where the next one begins, or returns 0. */
// @ts-ignore: decorator
@inline
function passed(line: usize, end: usize, suspect: usize): usize {
  const host = endOfStamp(line)
  if (host == 0) return 0
  const known = endOfKnownHost(host)
  const ident = (known != 0 ? known : endOfHost(host)) + 1
  if (load<u8>(ident - 1) != 32) return 0
  if (!readTag(ident)) return 0
  const identEnd = tagIdentEnd
  const message = tagEnd
  const who = speaker(ident, <i32>(identEnd - ident), load<u8>(identEnd) == COLON, identEnd + 2 == message - 3 && load<u8>(identEnd, 1) == 49)
  if (who == UNSURE) return 0
  if (!letters || !quietText(message, end, suspect, who == PID1)) {
    if (telling(message, end) || hasEscape(message, end) || (who == PID1 && isLandmark(message, end))) return 0
  }
  if (load<u8>(end) != 10 || end - line > LONGEST) return 0
  const next = load<u8>(end, 1)
  if (next == 32 || next == 9) return 0
  if (known == 0 && !findPlace(host, <i32>(ident - 1 - host), 0, 0, 0, 0)) return 0
  const time = load<f64>(STAMP) + <f64>micros
  if (who == PID1) pid1(line, time, -1)
  else {
    if (!roomForWord(<i32>(identEnd - ident))) return 0
    word(ident, <i32>(identEnd - ident), time, -1)
  }
  count(time)
  if (load<u8>(STAMP, 12)) keep(line, line + load<u8>(STAMP, 8), load<u8>(STAMP, 9), ident, message, who)
  return end + 1
}

/** Behind the stamp; 0 where it is another one. */
// @ts-ignore: decorator
@inline
function endOfStamp(line: usize): usize {
  const before = <i32>load<u8>(STAMP, 8)
  if (before == 0 || !same(STAMP + 16, line, before)) return 0
  let at = line + before
  let seconds: i32 = 0
  if (load<u8>(STAMP, 12)) {
    seconds = minutesAndSeconds(at)
    at += 5
  } else {
    seconds = twoDigits(at)
    at += 2
  }
  if (seconds < 0) return 0
  micros = <i64>seconds * 1000000
  const digits = <i32>load<u8>(STAMP, 9)
  if (digits != 0) {
    const fraction = load<u8>(at) == load<u8>(STAMP, 11) ? fractionAt(at + 1, digits) : -1
    if (fraction < 0) return 0
    micros += fraction
    at += 1 + digits
  }
  const behind = <i32>load<u8>(STAMP, 10)
  return same(STAMP + 48, at, behind) ? at + behind : 0
}

/** Seconds that `MM:SS` makes; below 0 where it is anything else. */
// @ts-ignore: decorator
@inline
function minutesAndSeconds(at: usize): i32 {
  const digits = (load<u64>(at) & 0xffffffffff) ^ 0x30303a3030
  // Tens up to 5, ones up to 9, between them a colon: then no byte's highest bit is set.
  if (((digits + 0x767a7f767a) | digits) & 0x8080808080) return -1
  const pairs = <u32>((digits * 2561) >> 8)
  return 60 * (pairs & 0xff) + (pairs >>> 24)
}

/** 0 to 59; below 0 for anything else. */
// @ts-ignore: decorator
@inline
function twoDigits(at: usize): i32 {
  const tens = load<u8>(at) - 48
  const ones = load<u8>(at, 1) - 48
  return tens > 5 || ones > 9 ? -1 : <i32>tens * 10 + <i32>ones
}

/** µs; below 0 where it is no number. */
// @ts-ignore: decorator
@inline
function fractionAt(at: usize, digits: i32): i32 {
  if (digits == 6) return <i32>number(at, 6)
  let micros: i32 = 0
  for (let index = 0; index < (digits > 6 ? digits : 6); index++) {
    const digit = index < digits ? load<u8>(at + index) - 48 : 0
    if (digit > 9) return -1
    if (index < 6) micros = micros * 10 + digit
  }
  return micros
}

/** The next blank, or what stands where there should be one. */
function endOfHost(from: usize): usize {
  let at = from
  while (load<u8>(at) > 32) at++
  return at
}

/** Where the identifier ends, and where the message begins. */
let tagIdentEnd: usize = 0
let tagEnd: usize = 0

/** `IDENT[PID]: ` or `IDENT: `; false where it is neither. Most fit into sixteen bytes. */
// @ts-ignore: decorator
@inline
function readTag(ident: usize): bool {
  const block = v128.load(ident)
  const stops = ends(block)
  const digits = i8x16.bitmask(i8x16.lt_u(i8x16.sub(block, i8x16.splat(48)), i8x16.splat(10)))
  const open = ctz(stops)
  const close = ctz(stops & (stops - 1))
  const pid = (1 << close) - (2 << open)
  const first = load<u16>(ident + open)
  // A nought is all there is of kernel threads' numbers and begins no other.
  const isShort = (load<u32>(ident + close) & 0xffffff) == 0x203a5d /* `]: ` */ && (first & 0xff) == 91 && (first >>> 8) != 48
  if (isShort && open != 0 && pid > 0 && (pid & ~digits) == 0 && close - open <= 11) {
    tagIdentEnd = ident + open
    tagEnd = ident + close + 3
    return true
  }
  tagIdentEnd = endOfIdent(ident)
  tagEnd = endOfTag(tagIdentEnd)
  return tagIdentEnd != ident && tagEnd != 0
}

/** One bit for each of sixteen bytes that is no printable ASCII, or is a bracket or colon. */
// @ts-ignore: decorator
@inline
function ends(block: v128): i32 {
  // Below 0 is what has its highest bit set.
  const outside = v128.or(i8x16.le_s(block, i8x16.splat(32)), i8x16.eq(block, i8x16.splat(127)))
  const bracket = v128.or(i8x16.eq(block, i8x16.splat(91)), i8x16.eq(block, i8x16.splat(93)))
  return i8x16.bitmask(v128.or(v128.or(outside, bracket), i8x16.eq(block, i8x16.splat(COLON))))
}

/** Behind printable ASCII but for brackets and colons. */
function endOfIdent(from: usize): usize {
  let at = from
  while (true) {
    const mask = ends(v128.load(at))
    if (mask != 0) return at + ctz(mask)
    at += 16
  }
}

/** Behind `[123]: ` or `: `; 0 where it is neither. */
function endOfTag(from: usize): usize {
  let at = from
  if (load<u8>(at) == 91) {
    at++
    const block = v128.load(at)
    const digits = ctz(~i8x16.bitmask(i8x16.lt_u(i8x16.sub(block, i8x16.splat(48)), i8x16.splat(10))))
    if (load<u8>(at) == 48 || digits == 0 || digits > 10 || load<u8>(at + digits) != 93) return 0
    at += digits + 1
  }
  return load<u16>(at) == 0x203a /* `: ` */ ? at + 2 : 0
}

/** As src/entries/speaker.ts has it where nobody vouches; the kernel's, journald's and rsyslog's own lines tell more, and are read. */
function speaker(ident: usize, length: i32, bare: bool, one: bool): i32 {
  if (length == 7 && load<u32>(ident) == 0x74737973 /* syst */ && load<u32>(ident, 3) == 0x646d6574 /* temd */) return bare || one ? PID1 : OTHER
  if (length == 6 && load<u32>(ident) == 0x6e72656b /* kern */ && load<u16>(ident, 4) == 0x6c65 /* el */) return UNSURE
  if (length == 4 && load<u32>(ident) == 0x31646970 /* pid1 */) return UNSURE
  if (length == 8 && load<u64>(ident) == 0x64676f6c73797372 /* rsyslogd */) return UNSURE
  return length == 16 && load<u64>(ident) == 0x2d646d6574737973 /* systemd- */ && load<u64>(ident, 8) == 0x646c616e72756f6a ? UNSURE : OTHER
}
