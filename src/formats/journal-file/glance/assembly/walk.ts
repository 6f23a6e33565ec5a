// AssemblyScript. Goes from object to object through a block of a journal file, proves each entry by its xor_hash (../../verify.ts), holds its
// numbers against its neighbours' (../../heads.ts), and counts it, or says that it must be read. Objects are shown in ../../object.ts.
//
// Whatever is not just as a sound file has it is a doubt: the file is then read the plain way.

import { equal, mayTell } from './literals'
import { lookup3 } from './lookup3'
import { ANSWER, find, forget, keep } from './slots'

/** Asks what a message means: 0 nothing, 1 its entries are to be read, 2 enough is known. */
@external("journal", "judge")
declare function judge(at: usize, length: i32): i32
/** A number for the value of one of the named fields; -1 where there are too many. */
@external("journal", "named")
declare function named(what: i32, at: usize, length: i32): i32
/** A boot's number by its 16 bytes. */
@external("journal", "boot")
declare function bootOf(at: usize): i32
/** Puts hash and value of a datum to ANSWER that is packed or was passed over; 0 where there is none, 2 as above. */
@external("journal", "datum")
declare function datumAt(offset: f64): i32

const SIZE: i32 = 256 * 1024
const SLACK: i32 = 64
export const WINDOW: usize = memory.data(SIZE + SLACK, 16)
/** Entries of this block: `f64 place, f64 seqnum, f64 1 where it is to be read`; the smallest has 68 bytes. */
export const FOUND: usize = memory.data(24 * (SIZE / 72 + 2), 16)
/** Entries counted by boot, host and machine: `u64 key, f64 entries, f64 first, f64 last`. */
const MOST_GROUPS: i32 = 1024
export const GROUPS: usize = memory.data(32 * 1024, 16)

export let count: i32 = 0
export let groups: i32 = 0
/** Where the walk goes on in the file, or where it ended. */
export let next: f64 = 0
/** Of a doubt. */
export let reason: i32 = 0

/** What `walk` answers. */
const MORE: i32 = 0
const NO_OBJECT: i32 = 1
const DOUBT: i32 = 2
const ENOUGH: i32 = 3

/** `reason`, in the order of ../walker.ts. */
const UNPROVEN: i32 = 0
const CLOCKS: i32 = 1
const NUMBERS: i32 = 2
const BOOT_TOLD: i32 = 3
const MANY_VALUES: i32 = 4
const ODD_ENTRY: i32 = 5

const DATA: u8 = 1
const ENTRY: u8 = 3
const ENTRY_HEAD: usize = 64
const MOST_ITEMS: u64 = 16384
const MOST: u64 = 1 << 53
const JITTER: i64 = 7

/** What a datum is; `named` knows HOST, MACHINE and BOOT by these numbers. */
const HOST: i32 = 1
const MACHINE: i32 = 2
const BOOT: i32 = 3
const SOURCE_TIME: i32 = 4
const TELLING: i32 = 5
/** A time that is no plain number. */
const ODD_TIME: i32 = 6

const NAMES: usize = memory.data<u8>([
  95, 83, 79, 85, 82, 67, 69, 95, 82, 69, 65, 76, 84, 73, 77, 69, 95, 84, 73, 77, 69, 83, 84, 65, 77, 80, // _SOURCE_REALTIME_TIMESTAMP
  95, 72, 79, 83, 84, 78, 65, 77, 69, // _HOSTNAME
  95, 77, 65, 67, 72, 73, 78, 69, 95, 73, 68, // _MACHINE_ID
  95, 66, 79, 79, 84, 95, 73, 68, // _BOOT_ID
])
const EQUALS: u8 = 61
const LONGEST_NAME: i32 = 64

let compact: bool = false
let size: u64 = 0
let entries: i32 = 0
/** The two entries before, in turns. */
let seqnum1: i64 = 0
let realtime1: i64 = 0
let monotonic1: i64 = 0
let boot1: i32 = -1
let seqnum2: i64 = 0
let realtime2: i64 = 0
let monotonic2: i64 = 0
let boot2: i32 = -1
/** The bytes of the last boot's id. */
let bootLow: u64 = 0
let bootHigh: u64 = 0
let lastKey: u64 = 0
let lastGroup: usize = 0

export function begin(fileSize: f64, isCompact: bool, slots: u32): void {
  compact = isCompact
  size = <u64>fileSize
  entries = 0
  groups = 0
  boot1 = -1
  boot2 = -1
  bootLow = 0
  bootHigh = 0
  lastGroup = 0
  forget(slots)
}

/** Walks over `length` bytes of the window, which lie at `base` in the file. An object that is not whole is left for the next block. */
export function walk(length: i32, base: f64): i32 {
  const from = <u64>base
  const end = WINDOW + length
  const head: u64 = compact ? 72 : 64
  count = 0
  let at = WINDOW
  let offset = from
  let answer = MORE
  while (at + 16 <= end) {
    const type = load<u8>(at)
    const long = load<u64>(at, 8)
    if (!mayBe(type, at, long, size - offset)) {
      answer = NO_OBJECT
      break
    }
    if (type == DATA || type == ENTRY) {
      if (<u64>(end - at) < long) {
        if (at != WINDOW || length < SIZE) break
        // One that the window cannot hold is passed over: whoever leads to it asks for it.
        if (type == ENTRY) answer = doubt(ODD_ENTRY)
      } else if (type == ENTRY) answer = entry(at, long, offset)
      else if (load<u8>(at, 1) == 0 && long > head) answer = datum(at, at + <usize>head, <i32>(long - head), offset)
      if (answer != MORE) break
    }
    offset += (long + 7) & ~7
    if (offset - from >= <u64>length) break
    at = WINDOW + <usize>(offset - from)
  }
  next = <f64>offset
  return answer == MORE && offset + 16 > size ? NO_OBJECT : answer
}

function doubt(why: i32): i32 {
  reason = why
  return DOUBT
}

// @ts-ignore: decorator
@inline
function mayBe(type: u8, at: usize, long: u64, room: u64): bool {
  if (type < 1 || type > 7 || load<u64>(at) >> 16 != 0) return false
  const flags = load<u8>(at, 1)
  if (flags != 0 && (type != DATA || (flags != 1 && flags != 2 && flags != 4))) return false
  return long >= least(type) && long <= room
}

// @ts-ignore: decorator
@inline
function least(type: u8): u64 {
  return type == 1 || type == 7 ? 64 : type == 2 ? 40 : type == 3 ? 68 : type == 6 ? 24 : 16
}

/** Keeps a datum's hash for the entries that lead to it; what has no name is none. */
function datum(at: usize, payload: usize, length: i32, offset: u64): i32 {
  let equals: i32 = -1
  for (let block: i32 = 0; block <= LONGEST_NAME && block < length; block += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(payload + block), i8x16.splat(EQUALS)))
    if (found == 0) continue
    equals = block + ctz(found)
    break
  }
  if (equals < 1 || equals > LONGEST_NAME || equals >= length) return MORE
  let what: u64 = 0
  const value = payload + equals + 1
  const left = length - equals - 1
  if (equals == 7) {
    if (load<u64>(payload) == 0x3d4547415353454d /* MESSAGE= */ && mayTell(value, value + left)) {
      const meaning = judge(value, left)
      if (meaning == 2) return ENOUGH
      if (meaning == 1) what = TELLING
    }
  } else if (load<u8>(payload) == 95) {
    if (equals == 26 && equal(payload, NAMES, 26)) what = timeOf(value, left)
    else {
      const kind =
        equals == 9 && equal(payload, NAMES + 26, 9)
          ? HOST
          : equals == 11 && equal(payload, NAMES + 35, 11)
            ? MACHINE
            : equals == 8 && equal(payload, NAMES + 46, 8)
              ? BOOT
              : 0
      if (kind != 0) {
        const number = named(kind, value, left)
        if (number < 0) return doubt(MANY_VALUES)
        what = <u64>kind | (<u64>number << 8)
      }
    }
  }
  keep(offset, load<u64>(at, 56), lookup3(payload, length), what)
  return MORE
}

/** µs since the epoch; nought is none, and what is no plain number of at most 16 digits is left to JavaScript. */
function timeOf(value: usize, length: i32): u64 {
  if (length < 1 || length > 16) return ODD_TIME
  let time: u64 = 0
  for (let at: i32 = 0; at < length; at++) {
    const digit = <u32>load<u8>(value + at) - 48
    if (digit > 9) return ODD_TIME
    time = time * 10 + digit
  }
  return time >= MOST ? ODD_TIME : SOURCE_TIME | (time << 8)
}

function entry(at: usize, long: u64, offset: u64): i32 {
  const item: u64 = compact ? 4 : 16
  const items = (long - ENTRY_HEAD) / item
  if (items < 1 || items > MOST_ITEMS) return doubt(ODD_ENTRY)
  let sum: u64 = 0
  let time: u64 = 0
  let host: u64 = 0
  let machine: u64 = 0
  let told: i64 = -1
  let wanted = false
  const end = at + ENTRY_HEAD + <usize>(items * item)
  for (let place = at + ENTRY_HEAD; place < end; place += <usize>item) {
    const target = compact ? <u64>load<u32>(place) : load<u64>(place)
    let slot = find(target, offset)
    if (slot == 0) {
      if (target >= offset) return doubt(UNPROVEN)
      const answer = datumAt(<f64>target)
      if (answer == 0) return doubt(UNPROVEN)
      if (answer == 2) return ENOUGH
      keep(target, 2, load<u64>(ANSWER), load<u64>(ANSWER, 8))
      slot = ANSWER
    }
    sum ^= load<u64>(slot)
    const what = load<u64>(slot, 8)
    if (what == 0) continue
    const kind = <i32>(what & 0xff)
    if (kind == SOURCE_TIME) time = what >> 8
    else if (kind == HOST) host = what >> 8
    else if (kind == MACHINE) machine = what >> 8
    else if (kind == BOOT) told = <i64>(what >> 8)
    else wanted = true
  }
  if (sum != load<u64>(at, 56) && !givenTwice(at, end, item, offset, sum ^ load<u64>(at, 56))) return doubt(UNPROVEN)
  const seqnum = load<u64>(at, 16)
  const realtime = load<u64>(at, 24)
  const monotonic = load<u64>(at, 32)
  if (seqnum == 0 || realtime == 0 || seqnum >= MOST || realtime >= MOST || monotonic >= MOST) return doubt(NUMBERS)
  const boot = bootAt(at + 40)
  if (boot < 0) return doubt(MANY_VALUES)
  if (told >= 0 && told != boot) return doubt(BOOT_TOLD)
  if (!inLine(seqnum, realtime, monotonic, boot)) return doubt(CLOCKS)
  if (time == 0) time = realtime
  const group = groupOf((<u64>boot << 40) | (host << 20) | machine)
  if (group == 0) return doubt(MANY_VALUES)
  // The first of each group is read: it opens the boot in the report's own way.
  if (load<u64>(group, 8) == 0) wanted = true
  const found = FOUND + 24 * count++
  store<f64>(found, <f64>offset)
  store<f64>(found, <f64>seqnum, 8)
  store<f64>(found, wanted ? 1 : 0, 16)
  entries++
  if (wanted) store<f64>(group, load<f64>(group, 8) == 0 ? OPENED : load<f64>(group, 8), 8)
  else take(group, <f64>time)
  return MORE
}

/** Entries counted of a group whose first entry alone was met: not nought, and no number of entries. */
const OPENED: f64 = 0.5

// @ts-ignore: decorator
@inline
function take(group: usize, time: f64): void {
  const before = load<f64>(group, 8)
  if (before == OPENED) {
    store<f64>(group, 1, 8)
    store<f64>(group, time, 16)
    store<f64>(group, time, 24)
    return
  }
  store<f64>(group, before + 1, 8)
  if (time < load<f64>(group, 16)) store<f64>(group, time, 16)
  if (time > load<f64>(group, 24)) store<f64>(group, time, 24)
}

/** A datum that its writer gave twice is listed once and hashed twice (../../verify.ts). */
function givenTwice(at: usize, end: usize, item: u64, offset: u64, left: u64): bool {
  for (let place = at + ENTRY_HEAD; place < end; place += <usize>item) {
    const target = compact ? <u64>load<u32>(place) : load<u64>(place)
    const slot = find(target, offset)
    if (slot != 0 && load<u64>(slot) == left) return true
  }
  return false
}

function bootAt(at: usize): i32 {
  const low = load<u64>(at)
  const high = load<u64>(at, 8)
  if (low == bootLow && high == bootHigh && boot2 >= 0) return boot2
  if ((low | high) == 0) return -1
  // Ids that differ in one bit were one: a hit, which the plain way mends.
  if (boot2 >= 0 && popcnt<u64>(low ^ bootLow) + popcnt<u64>(high ^ bootHigh) == 1) return -1
  bootLow = low
  bootHigh = high
  return bootOf(at)
}

/** ../../heads.ts judges the entry before by this one and the one before that. */
function inLine(seqnum: i64, realtime: i64, monotonic: i64, boot: i32): bool {
  let sound = true
  if (boot1 >= 0) {
    sound = seqnum1 >= seqnum || (seqnum1 < seqnum2 && seqnum2 < seqnum)
    if (sound && boot1 == boot2 && boot == boot2) {
      const before = realtime1 - monotonic1
      const own = realtime2 - monotonic2
      const behind = realtime - monotonic
      const low = before < behind ? before : behind
      const high = before < behind ? behind : before
      if (own < low - JITTER || own > high + JITTER) {
        const apart = high - low
        sound = apart > abs<i64>(own - before) && apart > abs<i64>(own - behind)
      }
    }
  }
  seqnum1 = seqnum2
  realtime1 = realtime2
  monotonic1 = monotonic2
  boot1 = boot2
  seqnum2 = seqnum
  realtime2 = realtime
  monotonic2 = monotonic
  boot2 = boot
  return sound
}

function groupOf(key: u64): usize {
  if (lastGroup != 0 && lastKey == key) return lastGroup
  lastKey = key
  for (let index = 0; index < groups; index++) {
    lastGroup = GROUPS + 32 * index
    if (load<u64>(lastGroup) == key) return lastGroup
  }
  if (groups == MOST_GROUPS) return 0
  lastGroup = GROUPS + 32 * groups++
  store<u64>(lastGroup, key)
  store<f64>(lastGroup, 0, 8)
  return lastGroup
}

/** Whether so many bytes of the window are nought. */
export function isNought(length: i32): bool {
  store<u64>(WINDOW + length, 0)
  store<u64>(WINDOW + length, 0, 8)
  for (let at: i32 = 0; at < length; at += 16) if (v128.any_true(v128.load(WINDOW + at))) return false
  return true
}
