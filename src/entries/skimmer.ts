import { Reader, type Record } from '../formats/reader.ts'
import type { Count, Pid1Line, Walk } from '../scan/walk.ts'
import type { Segment } from './boots.ts'
import type { Entry, Overheard } from './entry.ts'
import { hourOf } from './hour.ts'
import type { Maker } from './maker.ts'

/** After so many lines in a row that had to be read, so many bytes are read in one go. */
const PATIENCE = 64
const GULP = 64 * 1024
/** What is longer is read in pieces of this size. */
const MOUTHFUL = 256 * 1024
const LF = 10

/** Forms of text whose lines the walk knows. */
const TEXT = new Set(['short', 'short-precise', 'short-iso', 'short-iso-precise', 'rsyslog-iso', 'syslog'])

/** A boot of a host whose lines can be passed over. */
interface Known {
  host: string
  segment: Segment
  /** PID 1's last line among those passed over. */
  pid1: Pid1Line | null
  /** Entries passed over that the segment knows of. */
  synced: number
}

type Item = Entry | Overheard

/**
 * Reads an input as the reader would, but for the lines of which nothing is wanted but that they were there: those it passes over in the
 * block of bytes itself. What comes out is what the plain way has: entries in order, and between them what was overheard.
 *
 *     block  │ carried over │ … whole lines …                         │ a line's beginning │
 *              walk ────────►│ read │ walk ──────────►│ read │ walk ──►│ carried over to the next block
 */
export class Skimmer {
  /** How many entries of each form were passed over. */
  readonly passed = new Map<string, number>()
  private readonly known: Known[] = []
  /** Their indices: by boot, host and machine id; of those without a boot id in their lines by host. */
  private readonly places = new Map<string, number>()
  private readonly hosts = new Map<string, number>()
  /** The boot that a separator gave to the lines of text. */
  private boot: string | null = null
  private filled = 0

  constructor(
    private readonly path: string,
    private readonly walk: Walk,
    private readonly reader: Reader,
    private readonly maker: Maker,
    /** The next entry's number. */
    private readonly counter: { seq: number },
    private readonly take: (record: Record) => Entry | null,
  ) {
    walk.forget()
  }

  /** The place of the next bytes: what was read to it, `push` need not copy. */
  get room(): Buffer | null {
    const { block } = this.walk
    return this.filled === block.length ? null : block.subarray(this.filled)
  }

  /** What can be said after these bytes. */
  *push(chunk: Buffer): Generator<Item[]> {
    const { room } = this
    if (chunk.buffer === room?.buffer && chunk.byteOffset === room.byteOffset) {
      this.filled += chunk.length
      yield this.skim(false)
      return
    }
    for (let at = 0; at < chunk.length; ) {
      const count = Math.min(chunk.length - at, this.walk.block.length - this.filled)
      chunk.copy(this.walk.block, this.filled, at, at + count)
      at += count
      this.filled += count
      yield this.skim(false)
    }
  }

  /** After the last byte. */
  *end(): Generator<Item[]> {
    yield this.skim(true)
    const items: Item[] = []
    this.sync()
    this.reader.feed.end()
    this.readOn(items, null)
    items.push(...this.overheard())
    yield items
  }

  /** Goes through the block; all: nothing follows it. */
  private skim(all: boolean): Item[] {
    const { walk, reader } = this
    const { block } = walk
    const items: Item[] = []
    walk.fill(this.filled)
    let end = block.lastIndexOf(LF, this.filled - 1) + 1
    // How a line goes on tells the next line's beginning: the last whole line stays for the next block.
    const last = end > 1 ? block.lastIndexOf(LF, end - 2) + 1 : 0
    if (all || (end === 0 && this.filled === block.length)) end = this.filled
    for (let at = 0, read = 0; at < end; ) {
      const form = reader.steady?.name ?? ''
      const isText = TEXT.has(form)
      if (isText) this.turn(items)
      const limit = isText ? last : end
      const stop = form === 'json' || isText ? this.pass(form, at, limit) : at
      if (stop > at) read = 0
      at = stop
      // In a full block there is no waiting for how the next line begins.
      if (isText && at >= last && !all && this.filled < block.length) end = at
      if (at === end) break
      const newline = block.indexOf(LF, ++read > PATIENCE ? Math.min(at + GULP, end - 1) : at) + 1
      const next = newline === 0 || newline > end ? end : newline
      this.read(at, next, items)
      at = next
    }
    this.known.forEach((one, index) => {
      one.pid1 = walk.takePid1(index) ?? one.pid1
    })
    block.copyWithin(0, end, this.filled)
    this.filled -= end
    return items
  }

  /** Passes over lines as far as that goes; returns the place of the line that must be read. */
  private pass(form: string, at: number, end: number): number {
    const { walk, reader, counter, maker } = this
    if (at >= end) return at
    const walked = form === 'json' ? walk.json : walk.text
    const stop = walked.call(walk, at, end, counter.seq, reader.feed.line)
    const entries = walk.seq - counter.seq
    if (entries === 0) return at
    this.passed.set(form, (this.passed.get(form) ?? 0) + entries)
    counter.seq = walk.seq
    reader.feed.pass(stop - at, walk.line - reader.feed.line)
    const host = this.known[walk.spot]?.host
    if (host !== undefined) reader.host = host
    if (form === 'json') maker.years.anchor(walk.time)
    else {
      if (host !== undefined && this.boot === null) maker.heard(host)
      if (this.yearless) maker.years.pass(entries, walk.earliest, walk.latest, walk.time)
      else maker.years.anchor(walk.time)
    }
    return stop
  }

  /** Reads a piece of the block the plain way. */
  private read(from: number, to: number, items: Item[]): void {
    const { walk, reader } = this
    const { feed } = reader
    const begin = feed.offset + feed.left
    const textAt = (at: number) => (at < begin ? '' : walk.block.toString('latin1', from + at - begin, from + at - begin + 64))
    this.sync()
    // What does not end is cut after a megabyte (src/bytes/feed.ts), and no more than a little may have arrived behind the cut.
    for (let at = from; at < to; at += MOUTHFUL) {
      const end = Math.min(at + MOUTHFUL, to)
      feed.push(Buffer.from(walk.block.subarray(at, end)))
      feed.follows = end < this.filled ? (walk.block[end] ?? -1) : -1
      this.readOn(items, textAt)
    }
    feed.follows = -1
    if (walk.full) items.push(...this.overheard())
  }

  /** The records in what the reader was given. `textAt` shows the bytes at an offset of the input. */
  private readOn(items: Item[], textAt: ((offset: number) => string) | null): void {
    let latest: { record: Record; time: number } | null = null
    for (const record of this.reader) {
      const entry = this.take(record)
      latest = null
      if (!entry) continue
      // Without a time the order of reading counts: what was passed over came before.
      if (entry.time === null) items.push(...this.overheard())
      items.push(entry)
      const { here } = this.maker
      if (entry.time === null || here === null || record.draft.host === null || record.draft.host !== entry.host) continue
      if (record.form.name === 'json') {
        if (here.real) this.learn(record, here)
      } else if (TEXT.has(record.form.name)) {
        this.follow(record.draft.host, here, items)
        latest = { record, time: entry.time }
      }
    }
    if (!textAt) return
    this.yearless = latest?.record.draft.yearless === true
    const even = latest !== null && this.maker.isEven(latest.record.draft, latest.time)
    this.walk.stamped(latest && hourOf(textAt(latest.record.offset), latest.time, even))
  }
  private yearless = false

  /** From here on lines of this boot of this host can be passed over. */
  private learn({ draft: { machineId } }: Record, segment: Segment): void {
    const host = segment.said ?? ''
    const key = `${segment.id}\0${host}\0${machineId ?? ''}`
    if (this.places.has(key) || !this.walk.add({ host, boot: segment.id, machineId }, this.known.length)) return
    this.places.set(key, this.known.length)
    this.known.push({ host, segment, pid1: null, synced: 0 })
  }

  /** From here on lines of text of this host lie in this stretch, and can be passed over while nothing tells of another. */
  private follow(host: string, segment: Segment, items: Item[]): void {
    const index = this.hosts.get(host)
    if (index === undefined) {
      if (!this.maker.isCalm(host) || !this.walk.add({ host, boot: '', machineId: null }, this.known.length)) return
      this.hosts.set(host, this.known.length)
      this.known.push({ host, segment, pid1: null, synced: 0 })
      return
    }
    const known = this.known[index]
    if (!known) return
    if (known.segment !== segment) items.push(...this.overheard())
    known.segment = segment
    this.walk.shut(index, !this.maker.isCalm(host))
  }

  /** A separator gave the lines of text another boot: each host must be read again before it is known in which stretch it is. */
  private turn(items: Item[]): void {
    if (this.boot === this.reader.boot) return
    this.boot = this.reader.boot
    items.push(...this.overheard())
    for (const index of this.hosts.values()) this.walk.shut(index, true)
  }

  /** What is read next may ask how many entries a stretch has. */
  private sync(): void {
    for (const index of this.hosts.values()) {
      const known = this.known[index]
      const { entries, first, last } = this.walk.seen(index)
      if (!known || entries === known.synced) continue
      this.maker.pass(known.segment, entries - known.synced, first, last)
      known.synced = entries
    }
  }

  private overheard(): Overheard[] {
    this.known.forEach((one, index) => {
      one.pid1 = this.walk.takePid1(index) ?? one.pid1
    })
    return this.walk.take(this.known.length).flatMap((count, index) => {
      const known = this.known[index]
      return count && known ? [this.told(known, count)] : []
    })
  }

  private told(known: Known, { entries, first, last, lastSeq, pid1, words }: Count): Overheard {
    const { segment, host } = known
    if (entries > known.synced) this.maker.pass(segment, entries - known.synced, first, last)
    const lastPid1 = known.pid1 && this.recall(known.pid1, segment)
    known.pid1 = null
    known.synced = 0
    return { host, boot: segment.id, input: this.path, all: entries, pid1, last, lastSeq, lastPid1, words }
  }

  private recall({ bytes, line, seq, time }: Pid1Line, segment: Segment): Entry | null {
    const reader = new Reader(this.path, null, { offset: 0, line })
    reader.feed.push(bytes)
    reader.feed.end()
    const record = reader.next()
    return record && this.maker.recall(record, time, segment, seq)
  }
}
