// AssemblyScript. Lines of `journalctl -o json` that need not be read.

import { BACKSLASH, hash, number, QUOTE, same } from './bytes'
import { count, findPlace, KERNEL, LONGEST, OTHER, PID1, pid1, roomForWord, UNSURE, word } from './heard'
import { mark, special } from './marks'
import { quiet, telling } from './message'

const MESSAGE = 0
const RECEIVED = 1
const SENT = 2
const BOOT = 3
const HOST = 4
const MACHINE = 5
const IDENT = 6
const COMM = 7
const PID = 8
const CLAIMED = 9
const TRANSPORT = 10
const UNIT = 11
const UPTIME = 12
const SENT_UPTIME = 13
const NONE = 14

/** Begin and end of each field's text in the line at hand; `seen` has a bit for each that is there. */
const FIELDS: usize = memory.data(NONE * 8, 8)
let seen: u32 = 0

// @ts-ignore: decorator
@inline
function begin(field: i32): usize {
  return load<u32>(FIELDS + 8 * field)
}

// @ts-ignore: decorator
@inline
function size(field: i32): i32 {
  return has(field) ? load<u32>(FIELDS + 8 * field, 4) - load<u32>(FIELDS + 8 * field) : 0
}

// @ts-ignore: decorator
@inline
function has(field: i32): bool {
  return (seen & (1 << field)) != 0
}

/**
 * Passes over whole lines from `from` on and returns where the first one begins that must be read: because it may be a signal, or because
 * this walk is not sure to take the same from it as the plain way does. The line shape it knows, and nothing else:
 *
 *     {"NAME":"text","NAME":"text", … }\n
 */
export function walkJson(from: usize, to: usize): usize {
  let at = from
  while (at < to) {
    mark(at, to)
    const next = fieldsOf(at)
    if (next == 0 || next > to || next - at > LONGEST || !passes(at)) return at
    at = next
  }
  return at
}

/**
 * A name that was seen, and those that followed it last: the lines of a log have the same few orders of fields.
 *
 *      0 u8 bytes of NAME":"   1 u8 field   4 u32 its usual follower, 8 another: addresses   16 … up to 32 bytes `NAME":"`
 */
const NAME_SIZE = 64
const MOST_NAMES = 192
const NAMES: usize = memory.data(NAME_SIZE * (MOST_NAMES + 1), 16)
let names: i32 = 0
/** Where a hash leads to: addresses. */
const SLOTS = 512
const INDEX: usize = memory.data(SLOTS * 4, 16)

// @ts-ignore: decorator
@inline
function isNamed(name: usize, here: usize): bool {
  return here != 0 && same(here + 16, name, load<u8>(here))
}

/** The name that begins here, where it is no usual follower of the one before; 0 where there is none, or no place to keep it. */
function follower(before: usize, name: usize): usize {
  const other = <usize>load<u32>(before, 8)
  if (isNamed(name, other)) return follow(before, other)
  const end = special(name)
  if (load<u8>(end) != QUOTE || load<u16>(end, 1) != 0x223a /* :" */) return 0
  const length = <i32>(end - name) + 3
  if (length > 32) return 0
  let slot = hash(name, length, 0) & (SLOTS - 1)
  for (let here: usize; (here = load<u32>(INDEX + 4 * slot)) != 0; slot = (slot + 1) & (SLOTS - 1)) {
    if (load<u8>(here) == length && same(here + 16, name, length)) return follow(before, here)
  }
  if (names == MOST_NAMES) return 0
  const here = NAMES + NAME_SIZE * ++names
  store<u8>(here, length)
  store<u8>(here, fieldNamed(name, length - 3), 1)
  memory.copy(here + 16, name, length)
  store<u32>(INDEX + 4 * slot, <u32>here)
  return follow(before, here)
}

function follow(before: usize, name: usize): usize {
  store<u32>(before, load<u32>(before, 4), 8)
  store<u32>(before, <u32>name, 4)
  return name
}

/** Finds the fields; returns where the next line begins, 0 for a line of another shape. */
function fieldsOf(line: usize): usize {
  if (load<u16>(line) != 0x227b /* {" */) return 0
  seen = 0
  let name = line + 2
  let known = NAMES
  while (true) {
    const usual = <usize>load<u32>(known, 4)
    const here = isNamed(name, usual) ? usual : follower(known, name)
    let field: i32
    let text: usize
    if (here != 0) {
      field = load<u8>(here, 1)
      text = name + load<u8>(here)
      known = here
    } else {
      const end = special(name)
      if (load<u8>(end) != QUOTE || load<u16>(end, 1) != 0x223a) return 0
      field = fieldNamed(name, <i32>(end - name))
      text = end + 3
      known = NAMES
    }
    let end = special(text)
    if (load<u8>(end) != QUOTE) {
      end = escaped(text, end, field)
      if (end == 0) return 0
    }
    if (field != NONE) {
      if (has(field)) return 0
      seen |= 1 << field
      store<u32>(FIELDS + 8 * field, <u32>text)
      store<u32>(FIELDS + 8 * field, <u32>end, 4)
    }
    const behind = load<u16>(end, 1)
    if (behind == 0x222c /* ," */) name = end + 3
    else return behind == 0x0a7d /* }\n */ ? end + 3 : 0
  }
}

/**
 * The end of a text that has escapes in it; 0 where they matter. In a message they do where a wording is dispatched on (its beginning, behind
 * its first word, its end) and where they stand for something that is taken out of messages.
 */
function escaped(text: usize, from: usize, field: i32): usize {
  if (field != NONE && field != MESSAGE) return 0
  let blank: usize = 0
  let last: usize = 0
  let at = from
  while (load<u8>(at) != QUOTE) {
    if (load<u8>(at) != BACKSLASH) return 0
    const kind = load<u8>(at, 1)
    if (field == MESSAGE) {
      if (blank == 0) blank = firstBlank(text, at)
      if (at < text + 8 || (blank != 0 && at < blank + 9) || !isText(kind)) return 0
    } else if (!isValid(kind, at + 2)) return 0
    last = at
    at = special(at + 2)
  }
  return field == MESSAGE && last + 10 > at ? 0 : at
}

function firstBlank(from: usize, to: usize): usize {
  for (let at = from; at < to; at++) if (load<u8>(at) == 32) return at
  return 0
}

/** `" \ / t`: behind `n` a message's second line begins, the others are taken out of it. */
function isText(kind: u8): bool {
  return kind == QUOTE || kind == BACKSLASH || kind == 47 || kind == 116
}

function isValid(kind: u8, behind: usize): bool {
  return isText(kind) || kind == 98 || kind == 102 || kind == 110 || kind == 114 || (kind == 0x75 /* u */ && isHex(behind))
}

function isHex(at: usize): bool {
  for (let index = 0; index < 4; index++) {
    const byte = load<u8>(at + index)
    if (!((byte >= 48 && byte <= 57) || ((byte | 32) >= 97 && (byte | 32) <= 102))) return false
  }
  return true
}

/** Whether the line whose fields were found need not be read; then it is counted. */
function passes(line: usize): bool {
  if (!has(RECEIVED) || size(BOOT) == 0 || size(HOST) == 0) return false
  let at = has(SENT) ? stamp(SENT) : 0
  if (at == 0) at = stamp(RECEIVED)
  if (at <= 0) return false
  const who = speaker()
  if (who == UNSURE || (has(MESSAGE) && isTelling(begin(MESSAGE), begin(MESSAGE) + size(MESSAGE)))) return false
  if (!findPlace(begin(HOST), size(HOST), begin(BOOT), size(BOOT), begin(MACHINE), size(MACHINE))) return false
  const clock = has(SENT_UPTIME) ? SENT_UPTIME : UPTIME
  const uptime = has(clock) ? stamp(clock) : -1
  if (has(clock) && uptime < 0) return false
  if (who == PID1) pid1(line, at, uptime)
  else if (who == OTHER) {
    const field = has(UNIT) ? UNIT : has(IDENT) ? IDENT : COMM
    if (has(field)) {
      if (!roomForWord(size(field))) return false
      word(begin(field), size(field), at, uptime)
    }
  }
  count(at)
  return true
}

// @ts-ignore: decorator
@inline
function isTelling(from: usize, to: usize): bool {
  return !quiet(from, to) && telling(from, to)
}

/** Who spoke, as src/entries/speaker.ts says it, for the plain cases. */
function speaker(): i32 {
  const ident = has(IDENT) ? IDENT : COMM
  const isKernel = size(ident) == 6 && load<u32>(begin(ident)) == 0x6e72656b /* kern */ && load<u16>(begin(ident), 4) == 0x6c65 /* el */
  if (!has(PID)) {
    const byKernel = size(TRANSPORT) == 6 && load<u32>(begin(TRANSPORT)) == 0x6e72656b && load<u16>(begin(TRANSPORT), 4) == 0x6c65
    return byKernel && isKernel ? KERNEL : UNSURE
  }
  const digits = size(PID)
  if (digits == 0 || digits > 8 || load<u8>(begin(PID)) == 48 || number(begin(PID), digits) < 0) return UNSURE
  if (digits == 1 && load<u8>(begin(PID)) == 49) return isInit(COMM) ? PID1 : UNSURE
  // Somebody of that name would be counted as PID 1.
  const saysPid1 = size(ident) == 4 && load<u32>(begin(ident)) == 0x31646970 /* pid1 */
  return isKernel || saysPid1 ? UNSURE : OTHER
}

/** No name, `systemd` or `init`. */
function isInit(field: i32): bool {
  if (!has(field)) return true
  const at = begin(field)
  if (size(field) == 4) return load<u32>(at) == 0x74696e69 /* init */
  return size(field) == 7 && load<u32>(at) == 0x74737973 /* syst */ && load<u32>(at, 3) == 0x646d6574 /* temd */
}

/** µs since the epoch; -1 where it is no plain number. */
// @ts-ignore: decorator
@inline
function stamp(field: i32): f64 {
  const length = size(field)
  if (length == 0 || length > 16) return -1
  const at = begin(field)
  if (length <= 8) return <f64>number(at, length)
  const high = number(at, length - 8)
  const low = number(at + length - 8, 8)
  const value = high * 100000000 + low
  return high < 0 || low < 0 || value > 9007199254740991 ? -1 : <f64>value
}

/** The names of the fields, written by whoever starts the walk: `u8 length, u8 next field of this length plus one, 30 bytes of name`. */
export const FIELD_NAMES: usize = memory.data(NONE * 32, 8)
/** The first field of each length, plus one. */
export const FIELD_LENGTHS: usize = memory.data(32, 8)

// @ts-ignore: decorator
@inline
function fieldNamed(name: usize, length: i32): i32 {
  if (length >= 32) return NONE
  for (let next = load<u8>(FIELD_LENGTHS + length); next != 0; ) {
    const field = FIELD_NAMES + 32 * (next - 1)
    if (same(field + 2, name, length)) return next - 1
    next = load<u8>(field, 1)
  }
  return NONE
}
