// AssemblyScript. Where the quotes, backslashes and control characters of the block are: what may end a JSON text, or make it one that is
// not to be trusted. Sixty-four bytes at a time become sixty-four bits, without a question asked; then a text's end is found in one step.

import { BACKSLASH, QUOTE } from './bytes'

/** One bit for each byte of the memory. */
const MARKS: usize = memory.data(4194304 / 8 + 64, 16)
/** So much is marked ahead of the line at hand, so that it is still in the processor's nearest cache when it is looked at. */
const AHEAD: usize = 4096
/** What lies between is marked; and where marking ends. */
let markedFrom: usize = 0
let markedTo: usize = 0
let last: usize = 0

/** The block has other bytes than before. */
export function forgetMarks(): void {
  markedFrom = 0
  markedTo = 0
}

/** Marks what lies ahead of a line; `to`: where the lines end. */
// @ts-ignore: decorator
@inline
export function mark(at: usize, to: usize): void {
  if (at + AHEAD > markedTo || at < markedFrom) markOn(at, to)
}

function markOn(at: usize, to: usize): void {
  last = ((to + 63) & ~63) + 64
  if (at < markedFrom || at > markedTo) markedFrom = markedTo = at & ~63
  markTo(min(markedTo + 2 * AHEAD, last))
}

function markTo(end: usize): void {
  for (; markedTo < end; markedTo += 64) {
    const at = markedTo
    const low = <u64>(marks(at) | (marks(at + 16) << 16))
    store<u64>(MARKS + (at >> 3), low | (<u64>(marks(at + 32) | (marks(at + 48) << 16)) << 32))
  }
}

// @ts-ignore: decorator
@inline
function marks(at: usize): u32 {
  const block = v128.load(at)
  const text = v128.or(i8x16.eq(block, i8x16.splat(QUOTE)), i8x16.eq(block, i8x16.splat(BACKSLASH)))
  return i8x16.bitmask(v128.or(text, i8x16.le_u(block, i8x16.splat(31))))
}

/** The next quote, backslash or control character. */
// @ts-ignore: decorator
@inline
export function special(from: usize): usize {
  const bits = load<u64>(MARKS + (from >> 3)) >> (<u64>from & 7)
  // What follows what is marked may hold the marks of other bytes.
  return bits != 0 && from + 64 <= markedTo ? from + <usize>ctz(bits) : specialBehind(from)
}

function specialBehind(from: usize): usize {
  let at = from
  while (true) {
    while (at + 64 > markedTo && markedTo < last) markTo(min(markedTo + AHEAD, last))
    const bits = load<u64>(MARKS + (at >> 3)) >> (<u64>at & 7)
    const found = at + <usize>ctz(bits)
    if (bits != 0 && found < markedTo) return found
    // The zeros behind the block have ended every search before.
    if (at >= markedTo) return markedTo
    at = (at & ~7) + 64
  }
}
