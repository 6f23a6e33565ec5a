// AssemblyScript. Lines of journalctl's short forms and of syslog files that need not be read.

import { COLON, control, same } from './bytes'
import { count, findPlace, LONGEST, OTHER, PID1, pid1, roomForWord, UNSURE, word } from './heard'
import { hasEscape, isLandmark, telling } from './message'

/**
 * The stamp of the last line that was read: all lines of its minute have the same, but for the seconds.
 *
 *      0 f64 time of the minute's beginning   8 u8 bytes before the seconds   9 u8 digits behind the point   10 u8 bytes behind them
 *     16 … the bytes before: `Nov 24 01:45:`, `2026-11-24T01:45:`            48 … the bytes behind: ` `, `+00:00 `   11 u8 the point
 */
export const STAMP: usize = memory.data(64, 16)

/**
 * As walkJson. `to` is the beginning of a line that has arrived: how the next line begins tells whether it continues this one. The line shape:
 *
 *     STAMP HOST IDENT[PID]: MESSAGE\n      STAMP HOST IDENT: MESSAGE\n
 */
export function walkText(from: usize, to: usize): usize {
  let at = from
  while (at < to) {
    const next = passed(at)
    if (next == 0) return at
    at = next
  }
  return at
}

/** Counts the line and returns where the next one begins, or returns 0. */
function passed(line: usize): usize {
  const before = <i32>load<u8>(STAMP, 8)
  if (before == 0 || !same(STAMP + 16, line, before)) return 0
  let at = line + before
  const tens = load<u8>(at) - 48
  const ones = load<u8>(at, 1) - 48
  if (tens > 5 || ones > 9) return 0
  at += 2
  const digits = <i32>load<u8>(STAMP, 9)
  let micros: i32 = 0
  if (digits != 0) {
    if (load<u8>(at) != load<u8>(STAMP, 11)) return 0
    at++
    for (let index = 0; index < (digits > 6 ? digits : 6); index++) {
      const digit = index < digits ? load<u8>(at + index) - 48 : 0
      if (digit > 9) return 0
      if (index < 6) micros = micros * 10 + digit
    }
    at += digits
  }
  const behind = <i32>load<u8>(STAMP, 10)
  if (!same(STAMP + 48, at, behind)) return 0
  const host = at + behind
  const ident = endOfWord(host) + 1
  if (load<u8>(ident - 1) != 32) return 0
  const identEnd = endOfIdent(ident)
  const message = endOfTag(identEnd)
  if (identEnd == ident || message == 0) return 0
  const end = control(message)
  if (load<u8>(end) != 10 || end - line > LONGEST) return 0
  const next = load<u8>(end, 1)
  if (next == 32 || next == 9) return 0
  const who = speaker(ident, <i32>(identEnd - ident), load<u8>(identEnd) == COLON, identEnd + 2 == message - 3 && load<u8>(identEnd, 1) == 49)
  if (who == UNSURE || telling(message, end) || hasEscape(message, end) || (who == PID1 && isLandmark(message, end))) return 0
  if (!findPlace(host, <i32>(ident - 1 - host), 0, 0, 0, 0)) return 0
  const time = load<f64>(STAMP) + <f64>(<i32>tens * 10 + ones) * 1e6 + <f64>micros
  if (who == PID1) pid1(line, time, -1)
  else {
    if (!roomForWord(<i32>(identEnd - ident))) return 0
    word(ident, <i32>(identEnd - ident), time, -1)
  }
  count(time)
  return end + 1
}

function endOfWord(from: usize): usize {
  let at = from
  while (load<u8>(at) > 32) at++
  return at
}

/** Printable ASCII but for brackets and colons. */
function endOfIdent(from: usize): usize {
  let at = from
  while (true) {
    const byte = load<u8>(at)
    if (byte <= 32 || byte >= 127 || byte == 91 || byte == 93 || byte == COLON) return at
    at++
  }
}

/** Behind `[123]: ` or `: `; 0 where it is neither. */
function endOfTag(from: usize): usize {
  let at = from
  if (load<u8>(at) == 91) {
    at++
    if (load<u8>(at) == 48) return 0
    const digits = at
    while (<u8>(load<u8>(at) - 48) <= 9) at++
    if (at == digits || at - digits > 10 || load<u8>(at) != 93) return 0
    at++
  }
  return load<u8>(at) == COLON && load<u8>(at, 1) == 32 ? at + 2 : 0
}

/** As src/entries/speaker.ts has it where nobody vouches; the kernel's, journald's and rsyslog's own lines tell more, and are read. */
function speaker(ident: usize, length: i32, bare: bool, one: bool): i32 {
  if (length == 7 && load<u32>(ident) == 0x74737973 /* syst */ && load<u32>(ident, 3) == 0x646d6574 /* temd */) return bare || one ? PID1 : OTHER
  if (length == 6 && load<u32>(ident) == 0x6e72656b /* kern */ && load<u16>(ident, 4) == 0x6c65 /* el */) return UNSURE
  if (length == 4 && load<u32>(ident) == 0x31646970 /* pid1 */) return UNSURE
  if (length == 8 && load<u64>(ident) == 0x64676f6c73797372 /* rsyslogd */) return UNSURE
  return length == 16 && load<u64>(ident) == 0x2d646d6574737973 /* systemd- */ && load<u64>(ident, 8) == 0x646c616e72756f6a ? UNSURE : OTHER
}
