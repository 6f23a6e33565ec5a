// AssemblyScript. Packs a block of at most 64 KB as LZ4 does (lz4_Block_format.md), for src/bytes/pump/packer.ts. A log's lines are much like those
// before them: what counts is how fast long matches are followed, sixteen bytes at a time.

/** Bytes of a block: a place in it finds room in 16 bits. */
const MOST: usize = 1 << 16
/** Behind it sixteen more may be read. */
export const INPUT: usize = memory.data(65536 + 16, 16)
/** What cannot be packed grows by a 255th; sixteen more may be written. */
export const OUTPUT: usize = memory.data(65536 + 65536 / 255 + 64, 16)
/** The last place at which five bytes with such a hash began. */
const TABLE: usize = memory.data(2 * 4096, 16)

const SHORTEST: usize = 4
/** The last match begins before the last twelve bytes, and the last five are no part of one. */
const MARGIN: usize = 12
const LAST: usize = 5
/** After so many places without a match steps become longer. */
const PATIENCE: u32 = 6

// @ts-ignore: decorator
@inline
function slot(at: usize): usize {
  return TABLE + (<usize>(((load<u64>(at) << 24) * 889523592379) >> 52) << 1)
}

/** How many bytes are alike, up to an end. */
// @ts-ignore: decorator
@inline
function alike(one: usize, other: usize, end: usize): usize {
  const from = other
  while (other + 16 <= end) {
    const differ = ~i8x16.bitmask(i8x16.eq(v128.load(one), v128.load(other))) & 0xffff
    if (differ != 0) return other - from + ctz(differ)
    one += 16
    other += 16
  }
  while (other < end && load<u8>(one) == load<u8>(other)) {
    one++
    other++
  }
  return other - from
}

/**
 * The next of sixteen places at which four bytes are as they were so far before; 0 where there is none. What differs between a line and the one
 * before it is often as long in both, a number or a time: then no table needs to be asked.
 */
// @ts-ignore: decorator
@inline
function again(at: usize, offset: usize): usize {
  let same = i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(at - offset)))
  same &= same >> 1
  same &= same >> 2
  return same == 0 ? 0 : at + ctz(same)
}

/** The rest of a length that did not find room in its four bits. */
// @ts-ignore: decorator
@inline
function more(to: usize, length: usize): usize {
  while (length >= 255) {
    store<u8>(to++, 255)
    length -= 255
  }
  store<u8>(to, <u8>length)
  return to + 1
}

/** A token, and the literals behind it; the match's length is filled in later. */
// @ts-ignore: decorator
@inline
function literals(to: usize, from: usize, count: usize): usize {
  store<u8>(to++, <u8>(min(count, 15) << 4))
  if (count >= 15) to = more(to, count - 15)
  if (count <= 16) v128.store(to, v128.load(from))
  else memory.copy(to, from, count)
  return to + count
}

/** Packs what lies in the input; returns how many bytes of the output that takes. */
export function pack(size: usize): usize {
  const end = INPUT + size
  let to: usize = OUTPUT
  let anchor: usize = INPUT
  if (size > MARGIN) {
    memory.fill(TABLE, 0, 2 * 4096)
    const close = end - MARGIN
    const stop = end - LAST
    let at: usize = INPUT + 1
    let misses: u32 = 1 << PATIENCE
    while (at < close) {
      const place = slot(at)
      let match = INPUT + <usize>load<u16>(place)
      store<u16>(place, <u16>(at - INPUT))
      if (load<u32>(match) != load<u32>(at)) {
        at += <usize>(misses++ >> PATIENCE)
        continue
      }
      misses = 1 << PATIENCE
      while (at > anchor && match > INPUT && load<u8>(at - 1) == load<u8>(match - 1)) {
        at--
        match--
      }
      const offset = at - match
      do {
        const token = to
        to = literals(to, anchor, at - anchor)
        store<u16>(to, <u16>offset)
        to += 2
        const length = alike(at + SHORTEST - offset, at + SHORTEST, stop)
        store<u8>(token, load<u8>(token) | <u8>min(length, 15))
        if (length >= 15) to = more(to, length - 15)
        at += length + SHORTEST
        anchor = at
        if (at >= close) break
        store<u16>(slot(at - 2), <u16>(at - 2 - INPUT))
        const next = again(at, offset)
        if (next == 0) break
        at = next
      } while (at < close)
    }
  }
  return literals(to, anchor, end - anchor) - OUTPUT
}
