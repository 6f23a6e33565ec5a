import { setImmediate } from 'node:timers/promises'
import { type Fill, paced } from '../bytes/fill.ts'
import type { ByteSource } from '../bytes/source.ts'
import { Reader, type Record } from '../formats/reader.ts'
import { hourOf, isOf } from '../scan/hour.ts'
import { keyOf, type Range, type Stretch } from '../scan/ranger.ts'
import type { Hour, Pid1Line, Walk } from '../scan/walk.ts'
import type { Segment } from './boots.ts'
import type { Entry, Overheard } from './entry.ts'
import { Known } from './known.ts'
import type { Maker } from './maker.ts'

/** After so many lines in a row that had to be read, so many bytes are read in one go. */
const PATIENCE = 64
const GULP = 64 * 1024
/** What is longer is read in pieces of this size. */
const MOUTHFUL = 256 * 1024
/** Names of a place's speakers that are kept before they are told. */
const MANY_NAMES = 4096
/** Ranges in a row that are passed over before it is told. */
const BATCH = 8
const LF = 10
const BRACE = 123
/** After so many ranges in a row of which less than this share could be taken over, nobody needs to walk ahead. */
const MOST_IN_VAIN = 8
const LEAST_TAKEN = 0.25
/** Bytes read at a time: what stays in the processor's cache while it is walked over. */
const PIECE = 256 * 1024

/** Forms of text whose lines the walk knows. */
const TEXT = new Set(['short', 'short-precise', 'short-iso', 'short-iso-precise', 'rsyslog-iso', 'syslog'])

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
  private readonly block: Buffer
  private filled = 0
  /** Times in a row that something had to be read. */
  private inRow = 0

  constructor(
    private readonly path: string,
    private readonly walk: Walk,
    private readonly reader: Reader,
    private readonly maker: Maker,
    /** The next entry's number. */
    private readonly counter: { seq: number },
    private readonly take: (record: Record) => Entry | null,
    /** Bytes of the block, where it is to be smaller than it could be. */
    size = Number.POSITIVE_INFINITY,
  ) {
    this.block = walk.block.subarray(0, size)
    walk.forget()
  }

  /** All that can be said of the bytes that this gives, piece by piece. */
  async *skim(fill: Fill): AsyncGenerator<Item[]> {
    for (let count = await fill(this.room()); count > 0; count = await fill(this.room())) {
      this.filled += count
      yield this.goThrough([], false)
    }
    yield this.goThrough([], true)
    yield this.end()
  }

  /** The same of a source over whose ranges others have walked ahead: what they passed over is read only where they took too much for granted. */
  async *skimAfter(source: ByteSource, ranges: AsyncIterable<Range>): AsyncGenerator<Item[]> {
    let items: Item[] = []
    let at = 0
    let read = 0
    const fill = (target: Buffer): number => {
      const count = source.read(at, target)
      at += count
      read += count
      return count
    }
    const readTo = (to: number): void => {
      for (let count = 1; at < to && count > 0; ) {
        count = fill(this.room().subarray(0, to - at))
        this.filled += count
        this.goThrough(items, false)
      }
    }
    let since = 0
    let inVain = 0
    for await (const { to, stretches } of ranges) {
      const begin = at
      let taken = 0
      for (const stretch of stretches ?? []) {
        readTo(stretch.from)
        if (at !== stretch.from) continue
        this.goThrough(items, true, stretch.hour?.before.charCodeAt(0) ?? BRACE)
        if (!this.accept(stretch, items)) continue
        at = stretch.to
        taken += stretch.to - stretch.from
      }
      readTo(to)
      if (stretches) inVain = taken < (at - begin) * LEAST_TAKEN ? inVain + 1 : 0
      if (inVain === MOST_IN_VAIN) break
      // Each batch wakes everybody up to the report: a few for what is passed over, one at a time for what is read.
      if (++since < BATCH && read < MOUTHFUL) continue
      if (read >= MOUTHFUL) await setImmediate()
      yield items
      items = []
      since = 0
      read = 0
    }
    yield items
    yield* this.skim(paced(fill))
  }

  /** Takes as passed over what another walk passed over; false where that took for granted what is not so: then it is to be read. */
  private accept(stretch: Stretch, items: Item[]): boolean {
    const { reader, maker, counter } = this
    const form = reader.steady?.name ?? ''
    if (TEXT.has(form)) this.turn(items)
    const { hour, entries } = stretch
    if (hour ? !TEXT.has(form) || !isAlike(hour, this.hour) : form !== 'json') return false
    const places = stretch.places.flatMap(heard => {
      const index = hour ? this.hosts.get(heard.spot.host) : this.places.get(keyOf(heard.spot))
      const known = index === undefined ? undefined : this.known[index]
      return known && !known.shut ? [{ ...heard, known }] : []
    })
    const last = places[stretch.last]?.known
    if (places.length < stretch.places.length || !last) return false
    const begin = hour ? (this.hour?.time ?? 0) : 0
    for (const { known, count, pid1 } of places) {
      known.speak(pid1 && { ...pid1, line: reader.feed.line + pid1.line, seq: counter.seq + pid1.seq, time: begin + pid1.time })
      known.add(count, counter.seq, begin)
      maker.pass(known.segment, count.entries, begin + count.first, begin + count.last)
      if (known.names > MANY_NAMES) items.push(...this.overheard())
    }
    this.passedOver(form, entries, stretch.to - stretch.from, last.host)
    this.pace(form, entries, begin + stretch.earliest, begin + stretch.latest, begin + stretch.time)
    return true
  }

  /** Where the next bytes belong: behind those that are carried over. */
  private room(): Buffer {
    return this.block.subarray(this.filled, this.filled + PIECE)
  }

  /** After the last byte. */
  private end(): Item[] {
    const items: Item[] = []
    this.sync()
    this.reader.feed.end()
    this.readOn(items, null)
    items.push(...this.overheard())
    return items
  }

  /** Goes through the block and adds what it holds; all: nothing follows it, or a line that begins with this byte. */
  private goThrough(items: Item[], all: boolean, follows = -1): Item[] {
    const { walk, reader, block } = this
    if (this.filled === 0) return items
    walk.fill(this.filled)
    let end = block.lastIndexOf(LF, this.filled - 1) + 1
    // How a line goes on tells the next line's beginning: the last whole line stays for the next block.
    const last = end > 1 ? block.lastIndexOf(LF, end - 2) + 1 : 0
    // Where that one and what has come of the next fill the block, nothing can wait any longer.
    const whole = all || (last === 0 && this.filled === block.length)
    if (all || (whole && end === 0)) end = this.filled
    for (let at = 0; at < end; ) {
      const form = reader.steady?.name ?? ''
      const isText = TEXT.has(form)
      if (isText) this.turn(items)
      const limit = isText ? last : end
      const stop = form === 'json' || isText ? this.pass(form, at, limit) : at
      if (stop > at) this.inRow = 0
      at = stop
      if (isText && at >= last && !whole) end = at
      if (at === end) break
      const newline = block.indexOf(LF, ++this.inRow > PATIENCE ? Math.min(at + GULP, end - 1) : at) + 1
      const next = newline === 0 || newline > end ? end : newline
      this.read(at, next, items, next < this.filled ? (block[next] ?? -1) : follows)
      at = next
    }
    this.listen()
    if (end === 0 && this.filled === block.length) throw new Error('a full block of which nothing was taken')
    block.copyWithin(0, end, this.filled)
    this.filled -= end
    return items
  }

  /** Passes over lines as far as that goes; returns the place of the line that must be read. */
  private pass(form: string, at: number, end: number): number {
    const { walk, reader, counter } = this
    if (at >= end) return at
    const walked = form === 'json' ? walk.json : walk.text
    const stop = walked.call(walk, at, end, counter.seq, reader.feed.line)
    const entries = walk.seq - counter.seq
    if (entries === 0) return at
    this.passedOver(form, entries, stop - at, this.known[walk.spot]?.host)
    this.pace(form, entries, walk.earliest, walk.latest, walk.time)
    return stop
  }

  /** So many lines, the last one of this host. */
  private passedOver(form: string, entries: number, bytes: number, host: string | undefined): void {
    const { reader, counter, maker } = this
    this.passed.set(form, (this.passed.get(form) ?? 0) + entries)
    counter.seq += entries
    reader.feed.pass(bytes, entries)
    if (host === undefined) return
    reader.host = host
    if (form !== 'json' && this.boot === null) maker.heard(host)
  }

  private pace(form: string, entries: number, earliest: number, latest: number, last: number): void {
    const { years } = this.maker
    if (form !== 'json' && this.yearless) years.pass(entries, earliest, latest, last)
    else years.anchor(last)
  }

  /** Reads a piece of the block the plain way. */
  private read(from: number, to: number, items: Item[], follows: number): void {
    const { walk, reader, block } = this
    const { feed } = reader
    // Where in the block the input's first byte would lie.
    const origin = from - feed.offset - feed.left
    this.sync()
    // What does not end is cut after a megabyte (src/bytes/feed.ts), and no more than a little may have arrived behind the cut.
    for (let at = from; at < to; at += MOUTHFUL) {
      const end = Math.min(at + MOUTHFUL, to)
      feed.push(block.subarray(at, end))
      feed.follows = end < to ? (block[end] ?? -1) : follows
      this.readOn(items, origin)
    }
    feed.follows = -1
    feed.own()
    if (walk.full) items.push(...this.overheard())
  }

  /** The records in what the reader was given. `origin`: where in the block the input's first byte would lie; null at the end. */
  private readOn(items: Item[], origin: number | null): void {
    let latest: { record: Record; time: number } | null = null
    for (let record = this.reader.next(); record; record = this.reader.next()) {
      this.turn(items)
      const entry = this.take(record)
      latest = null
      if (!entry) continue
      // Without a time the order of reading counts: what was passed over came before.
      if (entry.time === null) items.push(...this.overheard())
      items.push(entry)
      const { here } = this.maker
      if (entry.time === null || here === null || record.draft.host === null || record.draft.host !== entry.host) {
        // Whose boot it begins, it does not tell.
        if (record.draft.boots) this.shutAll(items)
        continue
      }
      if (record.form.name === 'json') {
        if (here.real) this.learn(record, here)
      } else if (TEXT.has(record.form.name)) {
        this.follow(record.draft.host, here, items)
        latest = { record, time: entry.time }
      }
    }
    if (origin === null) return
    this.yearless = latest?.record.draft.yearless === true
    if (!latest) this.stamp(null)
    else this.learnStamp(latest.record, latest.time, origin + latest.record.offset)
  }

  /** From here on lines are passed over that are stamped as this one is, which lies at this place of the block if it does at all. */
  private learnStamp({ draft }: Record, time: number, at: number): void {
    if (this.hour && at >= 0 && isOf(this.hour, this.block, at, time)) return
    this.stamp(at < 0 ? null : hourOf(this.block.toString('latin1', at, at + 64), time, this.maker.isEven(draft, time)))
  }

  private stamp(hour: Hour | null): void {
    this.hour = hour
    this.walk.stamped(hour)
  }
  private yearless = false
  /** The last line's, where lines of text can be passed over. */
  private hour: Hour | null = null

  /** From here on lines of this boot of this host can be passed over. */
  private learn({ draft: { machineId } }: Record, segment: Segment): void {
    const host = segment.said ?? ''
    const spot = { host, boot: segment.id, machineId }
    const key = keyOf(spot)
    if (this.places.has(key) || !this.walk.add(spot, this.known.length)) return
    this.places.set(key, this.known.length)
    this.known.push(new Known(host, segment))
  }

  /** From here on lines of text of this host lie in this stretch, and can be passed over while nothing tells of another. */
  private follow(host: string, segment: Segment, items: Item[]): void {
    const index = this.hosts.get(host)
    if (index === undefined) {
      if (!this.maker.isCalm(host) || !this.walk.add({ host, boot: '', machineId: null }, this.known.length)) return
      this.hosts.set(host, this.known.length)
      this.known.push(new Known(host, segment))
      return
    }
    const known = this.known[index]
    if (!known) return
    if (known.segment !== segment) items.push(...this.overheard())
    known.segment = segment
    this.shut(index, !this.maker.isCalm(host))
  }

  /** A separator gave the lines of text another boot: each host must be read again before it is known in which stretch it is. */
  private turn(items: Item[]): void {
    if (this.boot === this.reader.boot) return
    this.boot = this.reader.boot
    this.shutAll(items)
  }

  private shutAll(items: Item[]): void {
    items.push(...this.overheard())
    for (const index of this.hosts.values()) this.shut(index, true)
  }

  private shut(index: number, isShut: boolean): void {
    const known = this.known[index]
    if (!known || known.shut === isShut) return
    known.shut = isShut
    this.walk.shut(index, isShut)
  }

  /** What is read next may ask how many entries a stretch has. */
  private sync(places: Iterable<number> = this.hosts.values()): void {
    for (const index of places) {
      const known = this.known[index]
      const { entries, first, last } = this.walk.seen(index)
      if (!known || entries === known.synced) continue
      this.maker.pass(known.segment, entries - known.synced, first, last)
      known.synced = entries
    }
  }

  /** PID 1's last lines, before the bytes they are made of change. */
  private listen(): void {
    this.known.forEach((one, index) => {
      one.speak(this.walk.takePid1(index))
    })
  }

  private overheard(): Overheard[] {
    this.sync(this.known.keys())
    this.listen()
    const counts = this.walk.take(this.known.length)
    return this.known.flatMap((known, index) => {
      const { host, segment } = known
      const told = known.take(counts[index] ?? null)
      if (!told) return []
      const { entries: all, last, lastSeq, pid1, words } = told.count
      const lastPid1 = told.pid1 && this.recall(told.pid1, segment)
      return [{ host, boot: segment.id, input: this.path, all, pid1, last, lastSeq, lastPid1, words }]
    })
  }

  private recall({ bytes, line, seq, time }: Pid1Line, segment: Segment): Entry | null {
    const reader = new Reader(this.path, null, { offset: 0, line })
    reader.feed.push(bytes)
    reader.feed.end()
    const record = reader.next()
    return record && this.maker.recall(record, time, segment, seq)
  }
}

/** Whether lines with the one stamp have the other; the times of their hours apart. */
function isAlike(a: Hour, b: Hour | null): boolean {
  return (
    b !== null &&
    a.before === b.before &&
    a.point === b.point &&
    a.digits === b.digits &&
    a.behind === b.behind &&
    a.minutes === b.minutes
  )
}
