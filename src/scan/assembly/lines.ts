// AssemblyScript. Where lines of text end, found for some kilobytes ahead in one go: so nothing about a line must be known before the
// next one is looked at, and the processor works on several at a time.

import { controlsAt, suspectsAt } from './message'

/** So many bytes are gone through at a time; with what is kept of them they stay in the processor's nearest cache. */
const WINDOW: usize = 8192
/**
 * One for each byte below a blank: `u32 its address, u32 address of the last byte before it because of which a message must be looked at
 * closely`; behind the last of the window one whose address is `NONE`. Three more may be written than are kept.
 */
const ENDS: usize = memory.data(8 * (8192 + 4), 16)
export const NONE: u32 = 0xffffffff
/** What lies between was gone through. */
let seenFrom: usize = 0
let seenTo: usize = 0
/** The end that is next. */
let cursor: usize = ENDS

/** The block has other bytes than before. */
export function forgetLines(): void {
  seenFrom = 0
  seenTo = 0
}

/** To be called before `endOf`: the next line begins here, and lines go as far as `to`. False where the line's end is farther than a window. */
// @ts-ignore: decorator
@inline
export function seek(line: usize, to: usize): bool {
  return (load<u32>(cursor) != NONE && line >= seenFrom && line < seenTo) || seekOn(line, to)
}

function seekOn(line: usize, to: usize): bool {
  seenFrom = line & ~63
  seenTo = min(seenFrom + WINDOW, (to + 127) & ~63)
  cursor = ENDS
  goThrough()
  while (load<u32>(cursor) < <u32>line) cursor += 8
  return load<u32>(cursor) != NONE
}

/** Goes back or on to the ends behind this place, where a walk begins anew. */
export function moveTo(line: usize): void {
  if (line < seenFrom || line >= seenTo) {
    forgetLines()
    return
  }
  if (cursor > ENDS && load<u32>(cursor - 8) >= <u32>line) cursor = ENDS
  while (load<u32>(cursor) < <u32>line) cursor += 8
}

/** The next line end or other control character. */
// @ts-ignore: decorator
@inline
export function endOf(): usize {
  return load<u32>(cursor)
}

// @ts-ignore: decorator
@inline
export function lastSuspect(): usize {
  return load<u32>(cursor, 4)
}

// @ts-ignore: decorator
@inline
export function passEnd(): void {
  cursor += 8
}

/** The end that is next, for whoever goes on from there by himself: `u32 its address`, or `NONE` behind the last one known; then as `lastSuspect`. */
// @ts-ignore: decorator
@inline
export function nextEnd(): usize {
  return cursor
}

/** Goes on from that end. */
// @ts-ignore: decorator
@inline
export function goOnAt(end: usize): void {
  cursor = end
}

/** Two ends are written for each sixty-four bytes, whether there are any or not: asking would cost more. */
function goThrough(): void {
  let out = ENDS
  let last: u32 = 0
  const to = seenTo
  for (let at = seenFrom; at < to; at += 64) {
    const suspects = suspectsAt(at)
    let ends = controlsAt(at)
    const count = <usize>popcnt(ends)
    keep(out, <u32>at, ends, suspects, last)
    ends &= ends - 1
    keep(out + 8, <u32>at, ends, suspects, last)
    if (count > 2) {
      let more = out + 16
      for (ends &= ends - 1; ends != 0; ends &= ends - 1, more += 8) keep(more, <u32>at, ends, suspects, last)
    }
    out += 8 * count
    last = lastOf(<u32>at, suspects, last)
  }
  store<u32>(out, NONE)
}

/** The first of these ends. */
// @ts-ignore: decorator
@inline
function keep(out: usize, at: u32, ends: u64, suspects: u64, last: u32): void {
  store<u32>(out, at + <u32>ctz(ends))
  store<u32>(out, lastOf(at, suspects & ((ends & -ends) - 1), last), 4)
}

// @ts-ignore: decorator
@inline
function lastOf(at: u32, suspects: u64, before: u32): u32 {
  return select<u32>(at + 63 - <u32>clz(suspects), before, suspects != 0)
}
