import type { Places } from './chain.ts'
import type { JournalFile } from './file.ts'
import { long } from './header.ts'
import {
  COMPACT_DATA_HEAD,
  COMPACT_ITEM,
  DATA,
  DATA_HEAD,
  ENTRY,
  ENTRY_HEAD,
  ITEM,
  MOST_ENTRY,
  mayBeObject,
  OBJECT_HEAD,
} from './object.ts'

/** A stretch of bytes in which no object could be made out. */
export interface Gap {
  from: number
  to: number
}

export interface Walked {
  gaps: Gap[]
  /** Objects passed. */
  objects: number
  /** Where the last object ends. */
  end: number
}

/** Nought bytes behind the last object belong to the file's unused rest, however many there are. */
const STEP = 8
const LOOK = 64 * 1024

/**
 * Goes from object to object by their sizes, and where no object can be, on by 8 bytes until one can: every object lies at a multiple of
 * 8 with a head whose six reserved bytes are nought. Each step goes forward, so nothing turns in a circle.
 */
export function walk(file: JournalFile, from: number, entries: Places, to = file.size): Walked {
  const gaps: Gap[] = []
  let objects = 0
  let end = from
  let gapFrom = -1
  for (let at = from; at + OBJECT_HEAD <= to; ) {
    const size = plausibleSize(file, at)
    if (size === 0) {
      if (gapFrom === -1) gapFrom = at
      at = nextCandidate(file, at + STEP)
      continue
    }
    if (gapFrom !== -1) gaps.push({ from: gapFrom, to: at })
    gapFrom = -1
    if (file.pages.bytes[file.pages.pos] === ENTRY) entries.push(at)
    objects++
    at += (size + 7) & ~7
    if (at < size) at = file.size
    end = at
  }
  if (gapFrom !== -1 && end < file.size && !isNought(file, gapFrom)) gaps.push({ from: gapFrom, to: file.size })
  return { gaps, objects, end }
}

/** The next place with anything but noughts. */
function nextCandidate(file: JournalFile, from: number): number {
  const { pages } = file
  for (let at = from; at < file.size; ) {
    const length = Math.min(LOOK, file.size - at)
    if (!pages.at(at, length)) return file.size
    const { bytes, pos } = pages
    for (let index = 0; index + STEP <= length; index += STEP) {
      if (bytes.readInt32LE(pos + index) !== 0 || bytes.readInt32LE(pos + index + 4) !== 0) return at + index
    }
    at += Math.max(STEP, length & ~7)
  }
  return file.size
}

function isNought(file: JournalFile, from: number): boolean {
  return nextCandidate(file, from) >= file.size
}

/** The size of the object here, 0 where there can be none: by its head, by what its type must hold, by what lies behind it. */
function plausibleSize(file: JournalFile, at: number): number {
  const { pages } = file
  if (!pages.at(at, OBJECT_HEAD) || !mayBeObject(pages.bytes, pages.pos, file.size - at)) return 0
  const type = pages.bytes[pages.pos]
  const size = long(pages.bytes, pages.pos + 8)
  const next = Math.ceil((at + size) / 8) * 8
  const odd = type === ENTRY ? oddItems(file, at, size) : 0
  // An entry whose items are all in order bears its size out itself; else one of them may have been hit.
  if (odd > 1 || (type === DATA && !mayBeData(file, at, size))) return 0
  if ((type !== ENTRY || odd > 0) && !followedWell(file, next, size)) return 0
  pages.at(at, OBJECT_HEAD)
  return size
}

/** Behind an object comes another, or the end, or the unused rest: a size that was hit leads astray. */
function followedWell(file: JournalFile, next: number, size: number): boolean {
  const { pages } = file
  if (next + OBJECT_HEAD > file.size || !pages.at(next, OBJECT_HEAD)) return true
  if (mayBeObject(pages.bytes, pages.pos, file.size - next)) return true
  const nought = pages.bytes.readInt32LE(pages.pos) === 0
  // A page of noughts may have taken the place of what followed; but then little is lost by believing a small size.
  return nought && (size <= SMALL || isNought(file, next))
}

const SMALL = 4096

/** Items that do not lead back to an object before: behind the true end of an entry lies something else. */
function oddItems(file: JournalFile, at: number, size: number): number {
  const item = file.compact ? COMPACT_ITEM : ITEM
  if ((size - ENTRY_HEAD) % item !== 0 || size > MOST_ENTRY || !file.pages.at(at, size)) return size
  const { bytes, pos } = file.pages
  let odd = 0
  for (let place = pos + ENTRY_HEAD; place < pos + size; place += item) {
    const offset = file.compact ? bytes.readUInt32LE(place) : long(bytes, place)
    if (offset % 8 !== 0 || offset >= at) odd++
  }
  return odd
}

/** The hash proves the size with the text. Without the key (the header is gone) what follows must do. */
function mayBeData(file: JournalFile, at: number, size: number): boolean {
  if (size <= (file.compact ? COMPACT_DATA_HEAD : DATA_HEAD)) return false
  if (!file.header) return true
  const datum = file.datum(at)
  return datum !== null && file.proves(datum)
}
