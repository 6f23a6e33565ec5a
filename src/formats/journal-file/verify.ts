import type { Datum } from './datum.ts'
import type { EntryHead, JournalFile } from './file.ts'
import type { Hash64 } from './hash64.ts'
import { mendDatum, mendPlace } from './mend.ts'
import { COMPACT_ITEM, ENTRY_HEAD, ITEM, mayBeObject, OBJECT_HEAD } from './object.ts'

/** What an entry's data turned out to be. */
export interface Verified {
  data: Datum[]
  missing: number
}

/**
 * The data of an entry, proven. An entry's xor_hash is made of the lookup3 hashes of all its data, so one comparison proves them all, in
 * keyed files too. Where it does not fit, each datum stands on its own hash, and one flipped bit is mended where a hash proves the mending.
 */
export function verifiedData(file: JournalFile, head: EntryHead): Verified {
  const data: Datum[] = []
  let hi = 0
  let lo = 0
  for (let index = 0; index < head.items; index++) {
    const datum = file.datum(head.places[index] ?? 0)
    if (!datum) return eachOnItsOwn(file, head)
    hi ^= datum.lookup.hi
    lo ^= datum.lookup.lo
    data.push(datum)
  }
  if (hi >>> 0 !== head.xor.hi || lo >>> 0 !== head.xor.lo) {
    const left = { hi: (hi ^ head.xor.hi) >>> 0, lo: (lo ^ head.xor.lo) >>> 0 }
    if (!isGivenTwice(left, data)) return eachOnItsOwn(file, head)
  }
  for (const datum of data) datum.proven = true
  return { data, missing: 0 }
}

function eachOnItsOwn(file: JournalFile, head: EntryHead): Verified {
  const resized = file.spend(head.items * 64) ? withAnotherSize(file, head) : null
  if (resized) return resized
  const places = Array.from(head.places.subarray(0, head.items))
  const found = places.map((place, index) => soundDatum(file, place, file.itemHash(head, index)))
  const absent = found.flatMap((datum, index) => (datum ? [] : [index]))
  const left = remainder(head.xor, found)
  if (absent.length === 0 && settles(left, found, head)) return { data: found.filter(isThere), missing: 0 }
  // One item is wrong: what it must have hashed to is known.
  const tries = file.spend(head.items * 4096) && head.items <= MOST_TRIED
  const suspects = !tries ? [] : absent.length === 1 ? absent : absent.length === 0 ? places.map((_, index) => index) : []
  for (const index of suspects) {
    const own = found[index]?.lookup ?? { hi: 0, lo: 0 }
    const wanted = { hi: (left.hi ^ own.hi) >>> 0, lo: (left.lo ^ own.lo) >>> 0 }
    const mended = mendPlace(file, places[index] ?? 0, wanted)
    if (!mended) continue
    found[index] = mended
    mended.proven = true
    return { data: found.filter(isThere), missing: 0 }
  }
  // Nothing explains it. An item that leads astray may lead to somebody else's datum: only what is surely this entry's is kept.
  const data = found.filter(isThere).filter(datum => isOwn(datum, file, head, absent.length))
  return endsWell(file, head) ? { data, missing: Math.max(1, head.items - data.length) } : NOTHING
}

const NOTHING: Verified = { data: [], missing: 1 }

/** A regular file's items bear each datum's hash; in a compact one a datum tells which entry it was written for, if it is one's only. */
function isOwn(datum: Datum, file: JournalFile, head: EntryHead, absent: number): boolean {
  if (datum.entries === 1) return datum.firstEntry === head.offset
  return !file.compact || absent > 0
}

/** Behind the entry's end must lie another object, or nothing: else its size is wrong, and so are its items. */
function endsWell(file: JournalFile, head: EntryHead): boolean {
  const next = Math.ceil((head.offset + head.size) / 8) * 8
  if (!file.pages.at(next, OBJECT_HEAD)) return true
  const { bytes, pos } = file.pages
  return mayBeObject(bytes, pos, file.size - next) || (bytes.readInt32LE(pos) === 0 && bytes.readInt32LE(pos + 8) === 0)
}

/** One flipped bit in the entry's size adds or hides items; with the right size the xor_hash fits. */
function withAnotherSize(file: JournalFile, head: EntryHead): Verified | null {
  const item = file.compact ? COMPACT_ITEM : ITEM
  for (let bit = 2; bit < 20; bit++) {
    const items = (((head.size ^ (1 << bit)) >>> 0) - ENTRY_HEAD) / item
    if (!Number.isInteger(items) || items < 1 || items > MOST_TRIED) continue
    const data: Datum[] = []
    let [hi, lo] = [0, 0]
    for (let index = 0; index < items; index++) {
      const place = file.itemAt(head.offset, index)
      const datum = place < head.offset ? file.datum(place) : null
      if (!datum) break
      hi ^= datum.lookup.hi
      lo ^= datum.lookup.lo
      data.push(datum)
    }
    if (data.length !== items || hi >>> 0 !== head.xor.hi || lo >>> 0 !== head.xor.lo) continue
    for (const datum of data) datum.proven = true
    head.size = ENTRY_HEAD + items * item
    return { data, missing: 0 }
  }
  return null
}

const MOST_TRIED = 1024

function isThere(datum: Datum | null): datum is Datum {
  return datum !== null
}

function soundDatum(file: JournalFile, place: number, itemHash: Hash64 | null): Datum | null {
  let datum = file.datum(place)
  if (!datum || !file.proves(datum)) datum = file.isHopeless(place) ? null : mendDatum(file, place)
  if (!datum) file.giveUp(place)
  if (!datum) return null
  const { stated } = datum
  return itemHash === null || nearly(itemHash, stated) ? datum : null
}

/** What the data found leave of the entry's xor_hash: nought where they are all. */
function remainder(xor: Hash64, found: readonly (Datum | null)[]): Hash64 {
  const left = { ...xor }
  for (const datum of found) {
    if (!datum) continue
    left.hi ^= datum.lookup.hi
    left.lo ^= datum.lookup.lo
  }
  return { hi: left.hi >>> 0, lo: left.lo >>> 0 }
}

/** A datum that its writer gave twice is listed once, and is in the xor_hash twice: not at all (systemd v252 journal-file.c, remove_duplicate_entry_items). */
function isGivenTwice(left: Hash64, data: readonly (Datum | null)[]): boolean {
  return data.some(datum => datum?.lookup.hi === left.hi && datum.lookup.lo === left.lo)
}

/** Also where the xor_hash itself was hit by one bit. */
function settles(left: Hash64, found: readonly (Datum | null)[], head: EntryHead): boolean {
  if (nearly(left, { hi: 0, lo: 0 })) {
    head.xor.hi = (head.xor.hi ^ left.hi) >>> 0
    head.xor.lo = (head.xor.lo ^ left.lo) >>> 0
    return true
  }
  return isGivenTwice(left, found)
}

function nearly(a: Hash64, b: Hash64): boolean {
  const [hi, lo] = [(a.hi ^ b.hi) >>> 0, (a.lo ^ b.lo) >>> 0]
  return hi === 0 ? (lo & (lo - 1)) === 0 : lo === 0 && (hi & (hi - 1)) === 0
}
