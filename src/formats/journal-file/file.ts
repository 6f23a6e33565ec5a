import { Pages } from '../../bytes/pages.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { DataCache, Room } from './data-cache.ts'
import type { Datum } from './datum.ts'
import type { Hash64 } from './hash64.ts'
import { type Header, long, readHeader } from './header.ts'
import { inflate } from './inflate.ts'
import { lookup3 } from './lookup3.ts'
import { nameAt } from './names.ts'
import * as object from './object.ts'
import { type SipKey, siphash24 } from './siphash24.ts'

/** An ENTRY object's head and where its data lie; the reader fills one and the same again and again. */
export interface EntryHead {
  offset: number
  size: number
  seqnum: number
  realtime: number
  monotonic: number
  boot: string
  xor: Hash64
  /** Offsets of its data, the first `items` of them. */
  places: Float64Array
  items: number
}

/** How much of a file is kept in memory. */
export interface Keeping {
  /** Bytes of pages kept, and of those that one miss reads at the least (src/bytes/pages.ts). */
  pages?: number
  page?: number
  /** For its data, where other files share it. */
  room?: Room
}

/** Bytes of data kept of a file that is read alone. */
const MOST_DATA = 16 << 20
/** 2^53 µs are 285 years. */
const MOST = Number.MAX_SAFE_INTEGER
const NO_BOOT = '0'.repeat(32)
/** journald takes 1024 fields an entry (ENTRY_FIELD_COUNT_MAX); a size beyond that many times over is a damaged one. */
const MOST_ITEMS = 16_384
/** Hashed bytes and looked-up objects, about: less than a second. */
const PATIENCE = 1 << 26
const MOST_HOPELESS = 100_000
/** What was costly to unpack is kept, whoever it belongs to. */
const LARGE = 65_536
const EQUALS = 61
const LONGEST_NAME = 64

export function emptyHead(): EntryHead {
  return {
    offset: 0,
    size: 0,
    seqnum: 0,
    realtime: 0,
    monotonic: 0,
    boot: '',
    xor: { hi: 0, lo: 0 },
    places: new Float64Array(64),
    items: 0,
  }
}

/** One journal file's objects, by their places. Nothing here follows a chain; nothing throws for what the bytes hold. */
export class JournalFile {
  readonly header: Header | null
  readonly pages: Pages
  /** Whether offsets take 4 bytes: as the header says, or as the objects themselves tell. */
  compact: boolean
  private readonly cache: DataCache
  private patience = PATIENCE
  private readonly hopeless = new Set<number>()
  private readonly key: SipKey | null
  private readonly made: Hash64 = { hi: 0, lo: 0 }
  private lastBoot = Buffer.alloc(16)
  private lastBootText = '0'.repeat(32)

  constructor(
    readonly path: string,
    readonly source: ByteSource,
    { pages, page, room = new Room(MOST_DATA / 2) }: Keeping = {},
  ) {
    this.header = readHeader(source)
    this.cache = new DataCache(room)
    this.pages = new Pages(source, pages, page)
    this.compact = this.header?.compact ?? true
    this.key = this.header?.keyed ? keyOf(this.header.fileId) : null
  }

  get size(): number {
    return this.source.size
  }

  /** Nothing more of it will be read soon: gives back what is kept of it. */
  forget(): void {
    this.pages.forget()
    this.cache.forget()
  }

  /** Where the first object lies. */
  get begin(): number {
    const size = this.header?.headerSize ?? 0
    return size >= 208 && size % 8 === 0 && size <= this.size ? size : 208
  }

  /** An object's size by its head; 0 where none of this type lies there. The pages stand at its beginning. */
  sizeAt(offset: number, type: number): number {
    const { pages } = this
    if (offset % 8 !== 0 || offset < this.begin || !pages.at(offset, object.OBJECT_HEAD)) return 0
    if (pages.bytes[pages.pos] !== type || !object.mayBeObject(pages.bytes, pages.pos, this.size - offset)) return 0
    return long(pages.bytes, pages.pos + 8)
  }

  /** Fills `into` with the entry at this place; false where there is none. */
  entryHead(offset: number, into: EntryHead): boolean {
    return this.entryOfSize(offset, this.sizeAt(offset, object.ENTRY), into)
  }

  /** The same for an entry whose size is known from elsewhere: its own head may be damaged. */
  entryOfSize(offset: number, size: number, into: EntryHead): boolean {
    const { pages, compact } = this
    const item = compact ? object.COMPACT_ITEM : object.ITEM
    const items = Math.floor((size - object.ENTRY_HEAD) / item)
    if (items < 1 || items > MOST_ITEMS || !pages.at(offset, size)) return false
    const { bytes, pos } = pages
    if (into.places.length < items) into.places = new Float64Array(items * 2)
    into.offset = offset
    into.size = size
    into.seqnum = numberAt(bytes, pos + 16)
    into.realtime = numberAt(bytes, pos + 24)
    into.monotonic = numberAt(bytes, pos + 32)
    into.boot = this.bootAt(bytes, pos + 40)
    into.xor.lo = bytes.readUInt32LE(pos + 56)
    into.xor.hi = bytes.readUInt32LE(pos + 60)
    for (let index = 0, at = pos + object.ENTRY_HEAD; index < items; index++, at += item)
      into.places[index] = compact ? bytes.readUInt32LE(at) : long(bytes, at)
    into.items = items
    const { seqnum, realtime, monotonic, boot } = into
    return seqnum > 0 && Math.max(seqnum, realtime, monotonic) <= MOST && boot !== NO_BOOT
  }

  /** The offset that an entry's item holds; -1 where the file has ended. */
  itemAt(entry: number, index: number): number {
    const { pages, compact } = this
    const at = entry + object.ENTRY_HEAD + index * (compact ? object.COMPACT_ITEM : object.ITEM)
    if (!pages.at(at, 8)) return -1
    return compact ? pages.bytes.readUInt32LE(pages.pos) : long(pages.bytes, pages.pos)
  }

  /** Hash of a datum as the entry's item states it; compact files have none. */
  itemHash(head: EntryHead, index: number): Hash64 | null {
    const at = head.offset + object.ENTRY_HEAD + index * object.ITEM + 8
    if (this.compact || !this.pages.at(at, 8)) return null
    const { bytes, pos } = this.pages
    return { lo: bytes.readUInt32LE(pos), hi: bytes.readUInt32LE(pos + 4) }
  }

  /** The datum at this place; null where there is none, or it does not unpack. Whether its bytes are true is another question. */
  datum(offset: number): Datum | null {
    return this.cache.get(offset) ?? this.readDatum(offset)
  }

  private readDatum(offset: number): Datum | null {
    const size = this.sizeAt(offset, object.DATA)
    const head = this.compact ? object.COMPACT_DATA_HEAD : object.DATA_HEAD
    if (size <= head || !this.pages.at(offset, size)) return null
    const { bytes, pos } = this.pages
    const flags = bytes[pos + 1] ?? 0
    let [payload, from, to] = [bytes, pos + head, pos + size]
    if (flags !== 0) {
      const text = inflate(flags, bytes.subarray(from, to), 0, to - from)
      if (!text) return null
      payload = Buffer.from(text.buffer, text.byteOffset, text.length)
      from = 0
      to = text.length
    }
    const equals = endOfName(payload, from, to)
    if (equals === -1) return null
    const entries = long(bytes, pos + 56)
    const shared = entries !== 1 || (flags !== 0 && to - from > LARGE)
    const value = payload.subarray(equals + 1, to)
    lookup3(payload, from, to, this.made)
    const datum: Datum = {
      offset,
      name: nameAt(payload, from, equals),
      // What is shared is kept, and must not keep the block alive that it was read from.
      value: shared && flags === 0 ? Buffer.from(value) : value,
      entries,
      firstEntry: long(bytes, pos + 40),
      lookup: { hi: this.made.hi, lo: this.made.lo },
      stated: { lo: bytes.readUInt32LE(pos + 16), hi: bytes.readUInt32LE(pos + 20) },
      proven: null,
      written: null,
      text: null,
    }
    if (shared) this.cache.set(datum)
    return datum
  }

  /** Whether the object's own hash fits its bytes. A hash that is off by one bit was hit itself: no other text comes that near. */
  proves(datum: Datum): boolean {
    if (datum.proven === null) {
      this.hashInto(Buffer.concat([Buffer.from(`${datum.name}=`, 'latin1'), datum.value]), datum)
      const { made } = this
      datum.proven = bitsOf(made.hi ^ datum.stated.hi) + bitsOf(made.lo ^ datum.stated.lo) <= 1
    }
    return datum.proven
  }

  /** Whether exactly this payload has this hash. */
  hashes(payload: Buffer, hash: Hash64): boolean {
    this.hashInto(payload, null)
    return this.made.hi === hash.hi && this.made.lo === hash.lo
  }

  private hashInto(payload: Buffer, known: Datum | null): void {
    if (this.key) siphash24(payload, 0, payload.length, this.key, this.made)
    else if (known) Object.assign(this.made, known.lookup)
    else lookup3(payload, 0, payload.length, this.made)
  }

  /** Puts a mended datum in the place of what was read there. */
  mend(offset: number, payload: Buffer, stated: Hash64): Datum | null {
    const equals = endOfName(payload, 0, payload.length)
    if (equals === -1) return null
    lookup3(payload, 0, payload.length, this.made)
    const datum: Datum = {
      offset,
      name: nameAt(payload, 0, equals),
      value: payload.subarray(equals + 1),
      entries: 0,
      firstEntry: 0,
      lookup: { hi: this.made.hi, lo: this.made.lo },
      stated,
      proven: true,
      written: null,
      text: null,
    }
    this.cache.set(datum)
    return datum
  }

  /** Work that mending may still cost; where it is used up, what is damaged is left out. A made-up file must not take for ever. */
  spend(units: number): boolean {
    this.patience -= units
    return this.patience > 0
  }

  /** Whether a mending was tried there before, in vain. */
  isHopeless(offset: number): boolean {
    return this.hopeless.has(offset)
  }

  giveUp(offset: number): void {
    if (this.hopeless.size < MOST_HOPELESS) this.hopeless.add(offset)
  }

  private bootAt(bytes: Buffer, at: number): string {
    if (this.lastBoot.compare(bytes, at, at + 16) !== 0) {
      this.lastBoot = Buffer.from(bytes.subarray(at, at + 16))
      this.lastBootText = this.lastBoot.toString('hex')
    }
    return this.lastBootText
  }
}

/** Where `=` ends a name of at most 64 bytes; -1 where none does. */
function endOfName(payload: Buffer, from: number, to: number): number {
  const most = Math.min(to, from + LONGEST_NAME + 1)
  for (let at = from; at < most; at++) if (payload[at] === EQUALS) return at === from ? -1 : at
  return -1
}

/** Of a number that cannot be, for the one bit too many that was flipped in it, what it was before. */
function numberAt(bytes: Buffer, at: number): number {
  const hi = bytes.readUInt32LE(at + 4)
  const odd = (hi & 0xffe00000) >>> 0
  const isFlip = odd !== 0 && (odd & (odd - 1)) === 0
  return bytes.readUInt32LE(at) + (isFlip ? hi - odd : hi) * 4294967296
}

function keyOf(id: Buffer): SipKey {
  return [id.readUInt32LE(0), id.readUInt32LE(4), id.readUInt32LE(8), id.readUInt32LE(12)]
}

function bitsOf(word: number): number {
  let bits = 0
  for (let left = word; left !== 0; left &= left - 1) bits++
  return bits
}
