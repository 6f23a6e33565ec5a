import { Reader, type Record } from '../formats/reader.ts'
import type { Count, Pid1Line, Walk } from '../scan/walk.ts'
import type { Segment } from './boots.ts'
import type { Entry, Overheard } from './entry.ts'
import type { Maker } from './maker.ts'

/** After so many lines in a row that had to be read, the rest of the block is read in one go. */
const PATIENCE = 64
const LF = 10

/** A boot of a host whose lines can be passed over. */
interface Known {
  host: string
  segment: Segment
  /** PID 1's last line among those passed over. */
  pid1: Pid1Line | null
}

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
  private readonly keys = new Set<string>()
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

  /** What can be said after these bytes. */
  *push(chunk: Buffer): Generator<(Entry | Overheard)[]> {
    for (let at = 0; at < chunk.length; ) {
      const count = Math.min(chunk.length - at, this.walk.block.length - this.filled)
      chunk.copy(this.walk.block, this.filled, at, at + count)
      at += count
      this.filled += count
      yield this.skim(false)
    }
  }

  /** After the last byte. */
  *end(): Generator<(Entry | Overheard)[]> {
    yield this.skim(true)
    this.reader.feed.end()
    const items: (Entry | Overheard)[] = []
    this.readOn(items)
    items.push(...this.overheard())
    yield items
  }

  private skim(all: boolean): (Entry | Overheard)[] {
    const { walk, reader } = this
    const items: (Entry | Overheard)[] = []
    const { block } = walk
    walk.fill(this.filled)
    let end = block.lastIndexOf(LF, this.filled - 1) + 1
    // The last line of all, and a line as long as the block, go the plain way.
    if (all || (end === 0 && this.filled === block.length)) end = this.filled
    let read = 0
    for (let at = 0; at < end; ) {
      if (reader.steady?.name === 'json') {
        const stop = this.pass(at, end)
        if (stop > at) read = 0
        at = stop
        if (at === end) break
      }
      const newline = block.indexOf(LF, at) + 1
      const next = ++read > PATIENCE || newline === 0 || newline > end ? end : newline
      reader.feed.push(Buffer.from(block.subarray(at, next)))
      this.readOn(items)
      at = next
      if (walk.full) items.push(...this.overheard())
    }
    this.known.forEach((one, index) => {
      one.pid1 = walk.takePid1(index) ?? one.pid1
    })
    block.copyWithin(0, end, this.filled)
    this.filled -= end
    return items
  }

  /** Passes over lines as far as that goes; returns the place of the line that must be read. */
  private pass(at: number, end: number): number {
    const { walk, reader, counter } = this
    const stop = walk.json(at, end, counter.seq, reader.feed.line)
    if (stop === at) return stop
    this.passed.set('json', (this.passed.get('json') ?? 0) + walk.seq - counter.seq)
    counter.seq = walk.seq
    reader.feed.pass(stop - at, walk.line - reader.feed.line)
    this.maker.years.anchor(walk.time)
    reader.host = this.known[walk.spot]?.host ?? reader.host
    return stop
  }

  /** The records in what the reader was given. */
  private readOn(items: (Entry | Overheard)[]): void {
    for (const record of this.reader) {
      const entry = this.take(record)
      if (!entry) continue
      // Without a time the order of reading counts: what was passed over came before.
      if (entry.time === null) items.push(...this.overheard())
      items.push(entry)
      if (record.form.name === 'json' && this.maker.here?.real) this.learn(record, this.maker.here)
    }
  }

  /** From here on lines of this boot of this host can be passed over. */
  private learn({ draft: { host, machineId } }: Record, segment: Segment): void {
    if (host === null) return
    const key = `${segment.id}\0${host}\0${machineId ?? ''}`
    if (this.keys.has(key) || !this.walk.add({ host, boot: segment.id, machineId }, this.known.length)) return
    this.keys.add(key)
    this.known.push({ host, segment, pid1: null })
  }

  private overheard(): Overheard[] {
    const found: Overheard[] = []
    this.known.forEach((one, index) => {
      one.pid1 = this.walk.takePid1(index) ?? one.pid1
    })
    this.walk.take(this.known.length).forEach((count, index) => {
      const known = this.known[index]
      if (count && known) found.push(this.told(known, count))
    })
    return found
  }

  private told(known: Known, { entries, first, last, lastSeq, pid1, words }: Count): Overheard {
    const { segment, host } = known
    this.maker.pass(segment, entries, first, last)
    const lastPid1 = known.pid1 && this.recall(known.pid1, segment)
    known.pid1 = null
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
