import { instantiated, type WasmModule } from '../bytes/webassembly.ts'
import type { Sought } from './sought.ts'

/** An address, or a counter. */
interface Cell {
  readonly value: number
}

/** What the WebAssembly module exports; its source, where each is explained, is in assembly/. */
interface Exports {
  memory: { buffer: ArrayBuffer }
  BLOCK: Cell
  PLACES: Cell
  WORDS: Cell
  FILTER: Cell
  ROUGH: Cell
  INITIALS: Cell
  MOUNT_WORDS: Cell
  NEEDLES: Cell
  SUSPECTS: Cell
  GRAMS: Cell
  FIELD_NAMES: Cell
  FIELD_LENGTHS: Cell
  seq: Cell
  line: Cell
  time: Cell
  earliest: Cell
  latest: Cell
  place: Cell
  words: Cell
  begin(seq: number, line: number): void
  STAMP: Cell
  STRANGER: Cell
  look(needles: number, landmarks: number, mountWords: number): void
  heed(lastWords: boolean): void
  glance(letters: boolean, grams: boolean): void
  addPlace(): void
  forgetHead(): void
  forgetLines(): void
  forgetMarks(): void
  forgetPlaces(): void
  forgetWords(): void
  shut(index: number): void
  open(index: number): void
  walkJson(from: number, to: number): number
  walkText(from: number, to: number): number
}

/** What a walk stops at. */
export interface Aim {
  sought: Sought
  /** Text within PID 1's lines that tells of boots where no id does. */
  landmarks: readonly string[]
  /** Whether it is kept who spoke last when. */
  lastWords: boolean
}

/** One boot of one host in the input being read, and how its lines name it. */
export interface Spot {
  host: string
  /** Empty for lines of text, which have none. */
  boot: string
  machineId: string | null
}

/** The stamp of a line around its minutes and seconds, and the time (µs) at which its hour began: assembly/text.ts shows it. */
export interface Hour {
  /** At most 32 characters. */
  before: string
  point: string
  digits: number
  /** At most 16. */
  behind: string
  time: number
  /** Else it is no hour but a minute, and `before` goes as far as to the seconds. */
  minutes: boolean
}

/** What was counted at one spot since it was last asked for. */
export interface Count {
  entries: number
  first: number
  last: number
  lastSeq: number
  pid1: number
  words: Map<string, { time: number; mono: number | null; seq: number }>
}

/** PID 1's last line of a spot: its bytes, and what the walk found in it. */
export interface Pid1Line {
  bytes: Buffer
  line: number
  seq: number
  time: number
  /** µs since the boot; null in a form without. */
  uptime: number | null
}

const PLACE_SIZE = 512
const KEY_AT = 80
const MOST_PLACES = 256
const WORD_SIZE = 40
/** Names that are kept before they must be taken over; the table in assembly/heard.ts holds somewhat more. */
const MANY_WORDS = 8000
/** In the order of the constants in assembly/json.ts. */
const FIELDS = [
  'MESSAGE',
  '__REALTIME_TIMESTAMP',
  '_SOURCE_REALTIME_TIMESTAMP',
  '_BOOT_ID',
  '_HOSTNAME',
  '_MACHINE_ID',
  'SYSLOG_IDENTIFIER',
  '_COMM',
  '_PID',
  'SYSLOG_PID',
  '_TRANSPORT',
  '_SYSTEMD_UNIT',
  '__MONOTONIC_TIMESTAMP',
  '_SOURCE_MONOTONIC_TIMESTAMP',
]

/**
 * Passes over lines of a log that nobody needs to read, and counts what must be known of them all the same. The block of lines lies in the
 * module's own memory; addresses are numbers from 0 on within the block here.
 */
export class Walk {
  /** Where lines are put: behind the last byte there must be 128 zeros (`fill` sees to it). */
  readonly block: Buffer
  private readonly bytes: Buffer
  private readonly base: number

  private constructor(private readonly exports: Exports) {
    this.base = exports.BLOCK.value
    this.bytes = Buffer.from(exports.memory.buffer)
    this.block = this.bytes.subarray(this.base, this.bytes.length - 128)
  }

  /** Null where something sought cannot be looked for in this way. */
  static over(module: WasmModule, { sought, landmarks, lastWords }: Aim): Walk | null {
    // Declared above; nothing but the source in assembly/ can be checked against it.
    const exports = instantiated(module) as Exports | null
    if (!exports) return null
    const walk = new Walk(exports)
    walk.nameFields()
    exports.heed(lastWords)
    return walk.seek(sought, landmarks) ? walk : null
  }

  get seq(): number {
    return this.exports.seq.value
  }

  get line(): number {
    return this.exports.line.value
  }

  /** Time of the last line passed over. */
  get time(): number {
    return this.exports.time.value
  }

  /** Of the lines passed over in the last walk. */
  get earliest(): number {
    return this.exports.earliest.value
  }

  get latest(): number {
    return this.exports.latest.value
  }

  /** Index of the spot of the last line passed over. */
  get spot(): number {
    return (this.exports.place.value - this.exports.PLACES.value) / PLACE_SIZE
  }

  /** Whether names must be taken over before there is no room for another. */
  get full(): boolean {
    return this.exports.words.value > MANY_WORDS
  }

  /** To be called when other bytes lie in the block: makes its end safe to read past. */
  fill(end: number): void {
    this.exports.forgetLines()
    this.exports.forgetMarks()
    this.bytes.fill(0, this.base + end, this.base + end + 128)
  }

  /** Passes over lines between two places of the block; returns where it stopped: at `to`, or at a line that must be read. */
  json(from: number, to: number, seq: number, line: number): number {
    this.exports.begin(seq, line)
    return this.exports.walkJson(this.base + from, this.base + to) - this.base
  }

  /** The same for lines of text; `to` is where a line begins. */
  text(from: number, to: number, seq: number, line: number): number {
    this.exports.begin(seq, line)
    return this.exports.walkText(this.base + from, this.base + to) - this.base
  }

  /** How the lines of one hour are stamped; null: no line of text can be passed over. */
  stamped(hour: Hour | null): void {
    this.exports.forgetHead()
    const at = this.exports.STAMP.value
    this.bytes[at + 8] = 0
    if (!hour) return
    const { before, point, digits, behind, time, minutes } = hour
    this.bytes.writeDoubleLE(time, at)
    this.bytes.set([before.length, digits, behind.length, point.charCodeAt(0) || 0, minutes ? 1 : 0], at + 8)
    this.bytes.write(before, at + 16, 'latin1')
    this.bytes.write(behind, at + 48, 'latin1')
  }

  /** Lines of this spot, which has no boot id, must all be read for now, or need not be any more. */
  shut(index: number, isShut: boolean): void {
    if (isShut) this.exports.shut(index)
    else this.exports.open(index)
  }

  /** Entries counted at a spot so far, their first and last time. */
  seen(index: number): { entries: number; first: number; last: number } {
    const at = this.exports.PLACES.value + index * PLACE_SIZE
    return {
      entries: this.bytes.readUInt32LE(at + 40),
      first: this.bytes.readDoubleLE(at),
      last: this.bytes.readDoubleLE(at + 8),
    }
  }

  /** Lines that name this spot can be passed over from now on. False where there is no room for one more. */
  add({ host, boot, machineId }: Spot, index: number): boolean {
    const parts = [host, boot, machineId ?? ''].map(part => Buffer.from(part))
    const key = Buffer.concat(parts)
    if (index >= MOST_PLACES || key.length > PLACE_SIZE - KEY_AT - 8) return false
    const at = this.exports.PLACES.value + index * PLACE_SIZE
    for (const [which, part] of parts.entries()) this.bytes.writeUInt16LE(part.length, at + 60 + 2 * which)
    key.copy(this.bytes, at + KEY_AT)
    this.exports.addPlace()
    return true
  }

  /** The place at whose unknown name a walk stopped since this was asked last. */
  takeStranger(): Spot | null {
    const at = this.exports.STRANGER.value
    const [host, boot, machineId] = [0, 4, 8].map(which => {
      const begin = this.bytes.readUInt32LE(at + which)
      return this.bytes.toString('utf8', begin, begin + this.bytes.readUInt32LE(at + 12 + which))
    })
    this.bytes.fill(0, at, at + 24)
    return host ? { host, boot: boot ?? '', machineId: machineId || null } : null
  }

  forget(): void {
    this.exports.forgetHead()
    this.exports.forgetPlaces()
    this.exports.forgetWords()
  }

  /** PID 1's last line at a spot, where one was passed over since this was asked last; before the block changes. */
  takePid1(index: number): Pid1Line | null {
    const at = this.exports.PLACES.value + index * PLACE_SIZE
    const begin = this.bytes.readUInt32LE(at + 48)
    if (begin === 0) return null
    this.bytes.writeUInt32LE(0, at + 48)
    const bytes = Buffer.from(this.bytes.subarray(begin, this.bytes.indexOf(10, begin) + 1))
    const line = this.bytes.readUInt32LE(at + 52)
    const [time, seq, uptime] = [16, 24, 72].map(offset => this.bytes.readDoubleLE(at + offset)) as [number, number, number]
    return { bytes, line, seq, time, uptime: uptime < 0 ? null : uptime }
  }

  /** What was counted at each of so many spots, by index; then all counts begin anew. */
  take(spots: number): (Count | null)[] {
    const counts = Array.from({ length: spots }, (_, index) => this.countAt(this.exports.PLACES.value + index * PLACE_SIZE))
    const end = this.exports.WORDS.value + this.exports.words.value * WORD_SIZE
    for (let at = this.exports.WORDS.value; at < end; at += WORD_SIZE) {
      const index = (this.bytes.readUInt32LE(at + 4) - this.exports.PLACES.value) / PLACE_SIZE
      const name = this.bytes.readUInt32LE(at + 12)
      const who = this.bytes.toString('utf8', name, name + this.bytes.readUInt32LE(at + 8))
      const uptime = this.bytes.readDoubleLE(at + 32)
      const word = {
        time: this.bytes.readDoubleLE(at + 16),
        mono: uptime < 0 ? null : uptime,
        seq: this.bytes.readDoubleLE(at + 24),
      }
      const words = counts[index]?.words
      // Bytes that are no UTF-8 may read alike.
      if (words && word.seq > (words.get(who)?.seq ?? -1)) words.set(who, word)
    }
    this.exports.forgetWords()
    return counts
  }

  private countAt(at: number): Count | null {
    const entries = this.bytes.readUInt32LE(at + 40)
    if (entries === 0) return null
    const double = (offset: number) => this.bytes.readDoubleLE(at + offset)
    const [first, last, lastSeq, pid1] = [double(0), double(8), double(32), this.bytes.readUInt32LE(at + 44)]
    this.bytes.fill(0, at, at + 56)
    return { entries, first, last, lastSeq, pid1, words: new Map() }
  }

  private nameFields(): void {
    const [names, lengths] = [this.exports.FIELD_NAMES.value, this.exports.FIELD_LENGTHS.value]
    FIELDS.forEach((name, index) => {
      const at = names + 32 * index
      this.bytes[at] = name.length
      this.bytes[at + 1] = this.bytes[lengths + name.length] ?? 0
      this.bytes.write(name, at + 2)
      this.bytes[lengths + name.length] = index + 1
    })
  }

  /** Writes the tables that assembly/message.ts looks into; false where something sought cannot be put into them. */
  private seek(sought: Sought, landmarks: readonly string[]): boolean {
    const sets = [sought.heads, sought.subjects, sought.verbs]
    sets.forEach((texts, which) => {
      for (const text of texts) this.mark(2 * which, Buffer.from(text))
    })
    for (const text of sought.tails) this.mark(6, Buffer.from(text), true)
    this.bytes.fill(1, this.exports.INITIALS.value, this.exports.INITIALS.value + 33)
    for (const text of sought.initials) this.bytes[this.exports.INITIALS.value + (Buffer.from(text)[0] ?? 0)] = 1
    const needles = [...sought.anywhere, ...landmarks].map(text => Buffer.from(text).subarray(0, 48))
    const mounts = sought.ofMounts.map(text => Buffer.from(text))
    const short = [...sets.flat(), ...sought.tails].some(text => Buffer.byteLength(text) < 4)
    if (short || needles.length > 32 || mounts.length > 8 || mounts.some(text => text.length < 8)) return false
    // An escape would hide these.
    if (needles.some(text => text.length < 3 || /["\\/\t]/.test(text.toString()))) return false
    needles.forEach((text, index) => {
      const at = this.exports.NEEDLES.value + 64 * index
      this.bytes[at] = text.length
      this.bytes[at + 1] = rarest(text)
      text.copy(this.bytes, at + 16)
    })
    mounts.forEach((text, index) => {
      text.copy(this.bytes, this.exports.MOUNT_WORDS.value + 8 * index, 0, 8)
    })
    for (const text of landmarks) this.markGrams(Buffer.from(text))
    this.exports.glance(
      this.suspect(sought.anywhere),
      landmarks.every(text => Buffer.byteLength(text) >= 7),
    )
    this.exports.look(sought.anywhere.length, landmarks.length, mounts.length)
    return true
  }

  /** Gives each byte that makes a message suspect the place of its lower four bits; false where these texts have none that finds room. */
  private suspect(texts: readonly string[]): boolean {
    const table = Array.from({ length: 16 }, (_, place) => place ^ 1)
    const hasRoom = (byte: number) => table[byte & 15] === byte || table[byte & 15] === ((byte & 15) ^ 1)
    for (const byte of ODD) table[byte & 15] = byte
    const letters = texts.map(text => {
      const letter = RARE_ALONE.find(byte => text.includes(String.fromCharCode(byte)) && hasRoom(byte))
      if (letter !== undefined) table[letter & 15] = letter
      return letter
    })
    this.bytes.set(table, this.exports.SUSPECTS.value)
    return letters.every(letter => letter !== undefined)
  }

  /** Sets the byte of each four bytes that may stand at the place that is tried (maySayLandmark in assembly/message.ts). */
  private markGrams(text: Buffer): void {
    for (let at = 0; at < 4 && at + 4 <= text.length; at++) {
      this.bytes[this.exports.GRAMS.value + (Math.imul(text.readUInt32LE(at), 0x9e3779b1) >>> 18)] = 1
    }
  }

  /** Sets the bit of a text's first eight (of a tail the last eight) bytes, of four where there are not so many. */
  private mark(set: number, text: Buffer, atEnd = false): void {
    const size = text.length < 8 ? 4 : 8
    const key = atEnd ? text.subarray(-size) : text.subarray(0, size)
    const hash =
      size === 4
        ? Math.imul(key.readUInt32LE(), 0x9e3779b1) >>> 16
        : Number(BigInt.asUintN(64, key.readBigUInt64LE() * 0x9e3779b97f4a7c15n) >> 48n)
    const which = set + (size === 8 ? 1 : 0)
    this.raise(this.exports.FILTER.value + which * 8192 + (hash >> 3), 1 << (hash & 7))
    this.raise(this.exports.ROUGH.value + (hash >> 3), 1 << which)
  }

  private raise(at: number, bits: number): void {
    this.bytes[at] = (this.bytes[at] ?? 0) | bits
  }
}

/** Pairs of bytes as they are rare in messages, the rarest first: where one of them stands, a text is compared. */
const RARE = 'jqzxkvw:'

function rarest(text: Buffer): number {
  for (const letter of RARE) {
    const at = text.indexOf(letter)
    if (at !== -1 && at < text.length - 1) return at
  }
  return 0
}

/** `#`, DEL, and with what `…` and `←` begin: assembly/message.ts. */
const ODD = [0x23, 0x7f, 0xe2]
/** Characters as they are rare in messages, the rarest first. */
const RARE_ALONE = Buffer.from('[RJQXZjqz')
