// AssemblyScript. What is kept of the lines that nobody needs to read: counts, first and last times, last words.

import { hash, same } from './bytes'

/** A line this long may be one that is cut (src/bytes/feed.ts, MAX_LINE). */
export const LONGEST: usize = 1 << 20

/** Who spoke. */
export const UNSURE = 0
export const PID1 = 1
export const KERNEL = 2
export const OTHER = 3

/**
 * A place is one boot of one host (of one machine id) in the input being read. It is made known from outside when a line of it was read
 * the plain way; the bytes by which its lines are known stand behind its figures.
 *
 *      0 f64 first       16 f64 time of PID 1's last line   32 f64 number of its last entry   48 u32 PID 1's last line: its address,
 *      8 f64 last        24 f64 its number                  40 u32 entries, 44 PID 1's        52 u32 its line number
 *     56 u32 hash        60 u16 length of host, 62 of boot, 64 of machine id
 *     72 f64 uptime of PID 1's last line, -1 without               80 … these bytes
 */
export const PLACE_SIZE = 512
export const MOST_PLACES = 256
export const KEY = 80
export const PLACES: usize = memory.data(PLACE_SIZE * MOST_PLACES, 16)
/** Where a hash leads to: a place's number plus one, u16. */
const PLACE_SLOTS = 1024
const PLACE_INDEX: usize = memory.data(PLACE_SLOTS * 2, 16)
export let places: i32 = 0
export let place: usize = 0
/** Length of its host where its lines name nothing else; else 0. */
let textHost: i32 = 0

/** One after the other: `u32 hash, u32 place, u32 length, u32 address of the name, f64 time, f64 number of the entry, f64 uptime, -1 without`. */
const WORD_SIZE = 40
const MOST_WORDS = 8192
export const WORDS: usize = memory.data(WORD_SIZE * MOST_WORDS, 16)
/** Where a hash leads to: a word's index plus one, u16. */
const SLOTS = 16384
const INDEX: usize = memory.data(SLOTS * 2, 16)
const NAMES_SIZE = 512 * 1024
const NAMES: usize = memory.data(NAMES_SIZE, 16)
export let words: i32 = 0
let named: usize = 0
/** The word found or kept last; 0 where there is none. */
export let lastWord: usize = 0
/** How often words were forgotten: the address of one holds until then. */
export let epoch: u32 = 0

/** Number of the next entry, and of the next line. */
export let seq: f64 = 0
export let line: i32 = 0
/** Times of the last line passed over, and of the earliest and latest in this walk. */
export let time: f64 = 0
export let earliest: f64 = Infinity
export let latest: f64 = -Infinity

/** Whether words are kept. */
let heeds: bool = true

export function heed(words: bool): void {
  heeds = words
}

export function begin(nextSeq: f64, nextLine: i32): void {
  earliest = Infinity
  latest = -Infinity
  seq = nextSeq
  line = nextLine
}

export function forgetPlaces(): void {
  memory.fill(PLACES, 0, PLACE_SIZE * MOST_PLACES)
  memory.fill(PLACE_INDEX, 0, PLACE_SLOTS * 2)
  places = 0
  place = 0
  textHost = 0
}

export function forgetWords(): void {
  if (words != 0) memory.fill(INDEX, 0, SLOTS * 2)
  words = 0
  epoch++
  named = 0
  lastWord = 0
}

export function keyHash(host: usize, hosts: i32, boot: usize, boots: i32, machine: usize, machines: i32): u32 {
  return hash(machine, machines, hash(boot, boots, hash(host, hosts, 1)))
}

/** Whether `lengths` tells that its key was written behind the figures: then this place is known from now on. */
export function addPlace(): void {
  const at = PLACES + places * PLACE_SIZE
  const h = load<u16>(at, 60), b = load<u16>(at, 62), m = load<u16>(at, 64)
  const own = keyHash(at + KEY, h, at + KEY + h, b, at + KEY + h + b, m)
  let slot = own & (PLACE_SLOTS - 1)
  while (load<u16>(PLACE_INDEX + slot * 2) != 0) slot = (slot + 1) & (PLACE_SLOTS - 1)
  store<u16>(PLACE_INDEX + slot * 2, ++places)
  store<u32>(at, own, 56)
}

/** A place whose lines must all be read for now, and one whose lines need not be any more. */
export function shut(index: i32): void {
  store<u16>(PLACES + index * PLACE_SIZE, 0xffff, 62)
  place = 0
  textHost = 0
}

export function open(index: i32): void {
  store<u16>(PLACES + index * PLACE_SIZE, 0, 62)
}

/**
 * How the last line that named an unknown place named it: the address of its host, boot and machine id, then their lengths; noughts where
 * there was none since somebody wrote noughts there.
 */
export const STRANGER: usize = memory.data(24, 8)

/** Finds the place that a line names; false where it is not known. */
export function findPlace(host: usize, hosts: i32, boot: usize, boots: i32, machine: usize, machines: i32): bool {
  if (place != 0 && isPlace(place, host, hosts, boot, boots, machine, machines)) return true
  const wanted = keyHash(host, hosts, boot, boots, machine, machines)
  let slot = wanted & (PLACE_SLOTS - 1)
  for (let number: u16; (number = load<u16>(PLACE_INDEX + slot * 2)) != 0; slot = (slot + 1) & (PLACE_SLOTS - 1)) {
    const at = PLACES + (<usize>number - 1) * PLACE_SIZE
    if (load<u32>(at, 56) != wanted || !isPlace(at, host, hosts, boot, boots, machine, machines)) continue
    place = at
    textHost = boots == 0 && machines == 0 ? hosts : 0
    lastWord = 0
    return true
  }
  store<u32>(STRANGER, <u32>host)
  store<u32>(STRANGER, <u32>boot, 4)
  store<u32>(STRANGER, <u32>machine, 8)
  store<u32>(STRANGER, hosts, 12)
  store<u32>(STRANGER, boots, 16)
  store<u32>(STRANGER, machines, 20)
  return false
}

/** Where the host at `from` ends, if it is that of the place found last, whose lines name nothing else; else 0. */
// @ts-ignore: decorator
@inline
export function endOfKnownHost(from: usize): usize {
  if (textHost == 0) return 0
  return load<u8>(from + textHost) == 32 && same(place + KEY, from, textHost) ? from + textHost : 0
}

// @ts-ignore: decorator
@inline
function isPlace(at: usize, host: usize, hosts: i32, boot: usize, boots: i32, machine: usize, machines: i32): bool {
  if (load<u16>(at, 60) != hosts || load<u16>(at, 62) != boots || load<u16>(at, 64) != machines) return false
  return same(at + KEY, host, hosts) && same(at + KEY + hosts, boot, boots) && same(at + KEY + hosts + boots, machine, machines)
}

/** So many more entries of the place found last: the last one's time, the earliest and the latest. */
// @ts-ignore: decorator
@inline
export function count(at: f64, least: f64 = at, most: f64 = at, more: i32 = 1): void {
  const entries = load<u32>(place, 40)
  if (entries == 0 || least < load<f64>(place)) store<f64>(place, least)
  if (entries == 0 || most > load<f64>(place, 8)) store<f64>(place, most, 8)
  store<u32>(place, entries + more, 40)
  seq += <f64>more
  store<f64>(place, seq - 1, 32)
  line += more
  time = at
  earliest = min(earliest, least)
  latest = max(latest, most)
}

/**
 * PID 1 wrote the line that begins here, so many entries behind the next one, and all in all so many before they are counted; to be called
 * before `count`. Of two lines the one with the later uptime counts, without one that with the later time, of equals the second.
 */
export function pid1(begin: usize, at: f64, uptime: f64, lines: i32 = 1, behind: i32 = 0): void {
  const before = load<u32>(place, 44)
  store<u32>(place, before + lines, 44)
  if (before != 0 && isLater(load<f64>(place, 16), load<f64>(place, 72), at, uptime)) return
  store<f64>(place, uptime, 72)
  store<f64>(place, at, 16)
  store<f64>(place, seq + <f64>behind, 24)
  store<u32>(place, <u32>begin, 48)
  store<u32>(place, line + behind, 52)
}

// @ts-ignore: decorator
@inline
function isLater(time: f64, uptime: f64, at: f64, up: f64): bool {
  return uptime >= 0 && up >= 0 ? uptime > up : time > at
}

/** Whether there is room for one more name. */
// @ts-ignore: decorator
@inline
export function roomForWord(length: i32): bool {
  return !heeds || words < MOST_WORDS && named + length + 8 <= <usize>NAMES_SIZE
}

/** Whose word is kept there wrote an entry, without uptime as all of that log's. */
// @ts-ignore: decorator
@inline
export function heard(word: usize, at: f64, number: f64): void {
  if (!heeds) return
  store<f64>(word, at, 16)
  store<f64>(word, number, 24)
}

/** Somebody else wrote an entry; to be called before `count`. */
export function word(name: usize, length: i32, at: f64, uptime: f64): void {
  if (!heeds) return
  if (lastWord != 0 && load<u32>(lastWord, 8) == length && same(load<u32>(lastWord, 12), name, length)) {
    heard(lastWord, at, seq)
    store<f64>(lastWord, uptime, 32)
    return
  }
  const own = hash(name, length, <u32>place)
  let slot = own & (SLOTS - 1)
  while (true) {
    const index = load<u16>(INDEX + slot * 2)
    let here = WORDS + (index - 1) * WORD_SIZE
    if (index == 0) {
      here = WORDS + words * WORD_SIZE
      const kept = NAMES + named
      memory.copy(kept, name, length)
      named += length
      words++
      store<u16>(INDEX + slot * 2, words)
      store<u32>(here, own)
      store<u32>(here, <u32>place, 4)
      store<u32>(here, length, 8)
      store<u32>(here, <u32>kept, 12)
    } else if (load<u32>(here) != own || load<u32>(here, 4) != <u32>place || load<u32>(here, 8) != length || !same(load<u32>(here, 12), name, length)) {
      slot = (slot + 1) & (SLOTS - 1)
      continue
    }
    heard(here, at, seq)
    store<f64>(here, uptime, 32)
    lastWord = here
    return
  }
}
