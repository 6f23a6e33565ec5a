import type { Places } from '../chain.ts'
import { textOf } from '../datum.ts'
import type { JournalFile } from '../file.ts'
import { doubt } from './doubt.ts'
import type { Meaning, Meanings } from './meaning.ts'
import { type Exports, fillLiterals, instanceOf } from './module.ts'

/** Entries of one boot of one host that were counted and not read. */
export interface Group {
  boot: string
  host: string | null
  machineId: string | null
  entries: number
  /** µs since the epoch. */
  first: number
  last: number
}

/** A file of which every entry was proven. */
export interface Walked {
  /** Places of the entries to read, rising. */
  wanted: number[]
  /** The others, in the order of their first. */
  groups: Group[]
  seqnums: Float64Array
}

const WINDOW = 256 * 1024
/** What is read first, and behind an object that was passed over: four times as much each time from there on. */
const FIRST = 16 * 1024
/** Data that entries share: room for so many, by the size of the file. */
const LEAST_SLOTS = 1 << 12
const MOST_SLOTS = 1 << 20
const BYTES_A_SLOT = 512
const FOUND = 3
const GROUP = 32
const MORE = 0
const NO_OBJECT = 1
const ENOUGH = 3
const REASONS = [
  'an entry that its hash does not fit',
  'numbers that contradict their neighbours',
  'an entry with odd numbers',
  'a boot that its field tells otherwise',
  'many hosts or boots',
  'an odd entry',
]
/** `what` of a name: assembly/walk.ts. */
const TELLING = 5
const BOOT = 3
const MOST_NAMES = 1024
/** Fields whose values the walk must understand itself. */
const UNDERSTOOD = new Set(['_HOSTNAME', '_MACHINE_ID', '_BOOT_ID', '_SOURCE_REALTIME_TIMESTAMP'])

/**
 * Walks through journal files from end to end: proves every entry by its data's hashes as the plain way does, counts those that do not matter,
 * and names those that do. The walk itself is WebAssembly (assembly/walk.ts); it lies here in whose memory.
 */
export class Walker {
  private bytes: Buffer
  private file: JournalFile | null = null
  /** Hosts and machines by their numbers, from 1 on; boots by theirs, from 0 on. */
  private names: string[] = ['']
  private boots: string[] = []

  private constructor(
    private readonly exports: Exports,
    private readonly meaningOf: (text: string) => Meaning,
  ) {
    this.bytes = Buffer.from(exports.memory.buffer)
  }

  /** Null where this machine cannot. */
  static for({ meaningOf, texts }: Meanings): Walker | null {
    let walker: Walker | null = null
    const exports = instanceOf({
      judge: (at, length) => walker?.judge(at, length) ?? 0,
      named: (what, at, length) => walker?.named(what, at, length) ?? -1,
      boot: at => walker?.numberOf(walker.bytes.toString('hex', at, at + 16), walker.boots) ?? -1,
      datum: offset => walker?.datum(offset) ?? 0,
    })
    if (!exports) return null
    fillLiterals(exports, texts)
    walker = new Walker(exports, meaningOf)
    return walker
  }

  /** Null where a message is decisive. @throws Doubt where anything is not as it should be. */
  walk(file: JournalFile, chain: Places): Walked | null {
    const { exports } = this
    this.file = file
    this.names = ['']
    this.boots = []
    exports.begin(file.size, file.compact ? 1 : 0, slotsFor(file.size))
    this.bytes = Buffer.from(exports.memory.buffer)
    const walked: Walked = { wanted: [], groups: [], seqnums: new Float64Array(chain.count) }
    let met = 0
    let length = FIRST
    for (let at = file.begin; ; ) {
      const count = this.fill(at, length)
      const answer = exports.walk(count, at)
      if (answer === ENOUGH) return null
      if (answer !== MORE && answer !== NO_OBJECT) doubt(REASONS[exports.reason.value] ?? 'no reason')
      met = this.take(chain, met, walked)
      const next = exports.next.value
      if (answer === NO_OBJECT || count === 0) break
      length = next > at + count ? FIRST : Math.min(length * 4, WINDOW)
      at = next
    }
    if (met !== chain.count) doubt('entries that the walk does not come to')
    this.checkEnd(file)
    walked.groups = this.groups()
    return walked
  }

  private fill(at: number, length: number): number {
    const { bytes, exports, file } = this
    const room = Math.min(length, (file?.size ?? 0) - at)
    return room <= 0 ? 0 : (file?.source.read(at, bytes.subarray(exports.WINDOW.value, exports.WINDOW.value + room)) ?? 0)
  }

  /** The entries of a block: just those that the file's list has. */
  private take(chain: Places, from: number, { wanted, seqnums }: Walked): number {
    const { memory, FOUND: at, count } = this.exports
    const found = new Float64Array(memory.buffer, at.value, count.value * FOUND)
    let met = from
    for (let index = 0; index < found.length; index += FOUND) {
      const place = found[index] ?? 0
      if (place !== chain.at(met)) doubt('an entry that the list does not have')
      seqnums[met++] = found[index + 1] ?? 0
      if (found[index + 2] === 1) wanted.push(place)
    }
    return met
  }

  private groups(): Group[] {
    const { memory, GROUPS, groups } = this.exports
    const view = new DataView(memory.buffer, GROUPS.value, groups.value * GROUP)
    const made: Group[] = []
    for (let at = 0; at < view.byteLength; at += GROUP) {
      const low = view.getUint32(at, true)
      const high = view.getUint32(at + 4, true)
      const entries = view.getFloat64(at + 8, true)
      // Of some only the first entry was met, and is read.
      if (entries < 1) continue
      made.push({
        boot: this.boots[high >>> 8] ?? '',
        host: this.names[((high & 0xff) << 12) | (low >>> 20)] || null,
        machineId: this.names[low & 0xfffff] || null,
        entries,
        first: view.getFloat64(at + 16, true),
        last: view.getFloat64(at + 24, true),
      })
    }
    return made
  }

  /** Behind the last object of a file left open by a crash nothing may lie: an entry that its list does not lead to yet. */
  private checkEnd(file: JournalFile): void {
    if (file.header?.state !== 'online') return
    for (let at = this.exports.next.value; at < file.size; at += WINDOW) {
      const count = this.fill(at, WINDOW)
      if (count === 0) return
      if (!this.exports.isNought(count)) doubt('something behind the last object')
    }
  }

  private judge(at: number, length: number): number {
    const meaning = this.meaningOf(this.bytes.toString('utf8', at, at + length))
    return meaning === 'decisive' ? 2 : meaning === 'telling' ? 1 : 0
  }

  private named(what: number, at: number, length: number): number {
    const text = this.bytes.toString('utf8', at, at + length)
    return this.numberOf(text, what === BOOT ? this.boots : this.names)
  }

  private numberOf(text: string, known: string[]): number {
    const found = known.lastIndexOf(text)
    return found >= 0 ? found : known.length >= MOST_NAMES ? -1 : known.push(text) - 1
  }

  /** A datum that is packed, or longer than the window. */
  private datum(offset: number): number {
    const datum = this.file?.datum(offset)
    if (!datum || UNDERSTOOD.has(datum.name)) return 0
    const meaning = datum.name === 'MESSAGE' ? this.meaningOf(textOf(datum)) : null
    if (meaning === 'decisive') return 2
    const at = this.exports.ANSWER.value
    this.bytes.writeUInt32LE(datum.lookup.lo, at)
    this.bytes.writeUInt32LE(datum.lookup.hi, at + 4)
    this.bytes.writeUInt32LE(meaning === 'telling' ? TELLING : 0, at + 8)
    this.bytes.writeUInt32LE(0, at + 12)
    return 1
  }
}

function slotsFor(size: number): number {
  let slots = LEAST_SLOTS
  while (slots < MOST_SLOTS && slots * BYTES_A_SLOT < size) slots *= 2
  return slots
}
