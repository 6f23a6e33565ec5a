import { Scratch } from '../../bytes/scratch.ts'
import type { Raw } from './records.ts'

/** What a part holds of one log, as bytes, and where each of its records stands. */
export interface Piece {
  log: number
  chunks(): Iterable<Buffer>
  /** The place in the log of a place in the piece. */
  placeOf(place: { line?: number; offset?: number }): { line?: number; offset?: number }
}

interface Extent {
  log: number
  data: { at: number; length: number }
  places: { at: number; length: number }
}

/** Bytes of a part that are written together. */
const BLOCK = 16 * 1024
/** Line and offset in the piece, line and offset in the log: four numbers a record. */
const WIDTH = 4
const RECORDS = 64

/**
 * Streams taken apart by host, so that a few hosts at a time are examined: each stream is read once, and memory does not grow with it. The parts
 * lie in one temporary file without a name, in blocks:
 *
 *     ┌ part 3, log 0 ┬ its places ┬ part 0, log 0 ┬ its places ┬ part 3, log 0 ┬ …
 *
 * A block holds whole records, as they lie in the log; its places tell where that is.
 */
export class Parts {
  private readonly scratch = new Scratch()
  private readonly parts: { extents: Extent[]; open: Open }[]
  private log = 0

  constructor(count: number) {
    this.parts = Array.from({ length: count }, () => ({ extents: [], open: new Open() }))
  }

  /** @throws InputError where there is no room for it. */
  add(part: number, raw: Raw): void {
    const own = this.parts[part]
    if (!own) throw new Error(`there is no part ${part}`)
    if (!own.open.add(raw)) {
      this.flush(part)
      if (!own.open.add(raw)) this.write(part, raw.bytes, own.open.placesOf(raw))
    }
  }

  /** The next records are another log's. */
  nextLog(): void {
    for (const part of this.parts.keys()) this.flush(part)
    for (const { open } of this.parts) open.begin()
    this.log++
  }

  /** What a part holds, log by log. */
  piecesOf(part: number): Piece[] {
    const byLog = new Map<number, Extent[]>()
    for (const extent of this.parts[part]?.extents ?? []) byLog.set(extent.log, [...(byLog.get(extent.log) ?? []), extent])
    return [...byLog].map(([log, extents]) => this.pieceOf(log, extents))
  }

  close(): void {
    this.scratch.close()
  }

  private pieceOf(log: number, extents: readonly Extent[]): Piece {
    const read = ({ at, length }: Extent['data']): Buffer => {
      const bytes = Buffer.allocUnsafe(length)
      return bytes.subarray(0, this.scratch.since(at).read(0, bytes))
    }
    const chunks = function* (): Generator<Buffer> {
      for (const { data } of extents) yield read(data)
    }
    let places: Float64Array | null = null
    return {
      log,
      chunks,
      placeOf: place => {
        places ??= numbersIn(Buffer.concat(extents.map(extent => read(extent.places))))
        return placeIn(places, place)
      },
    }
  }

  private flush(part: number): void {
    const { open } = this.parts[part] ?? {}
    if (!open || open.size === 0) return
    this.write(part, open.data(), open.places())
    open.empty()
  }

  private write(part: number, bytes: Uint8Array, places: Uint8Array): void {
    const at = this.scratch.length
    this.scratch.append(bytes)
    this.scratch.append(places)
    this.parts[part]?.extents.push({
      log: this.log,
      data: { at, length: bytes.length },
      places: { at: at + bytes.length, length: places.length },
    })
  }
}

/** The block of a part that is being filled. */
class Open {
  size = 0
  private count = 0
  private line = 1
  private offset = 0
  private readonly bytes = Buffer.allocUnsafeSlow(BLOCK)
  private readonly records = new Float64Array(RECORDS * WIDTH)

  /** False where it does not fit. */
  add(raw: Raw): boolean {
    if (this.size + raw.bytes.length > BLOCK || this.count === RECORDS) return false
    raw.bytes.copy(this.bytes, this.size)
    this.size += raw.bytes.length
    this.records.set(this.pass(raw), this.count++ * WIDTH)
    return true
  }

  /** Of a record that fits no block. */
  placesOf(raw: Raw): Uint8Array {
    return new Uint8Array(Float64Array.from(this.pass(raw)).buffer)
  }

  data(): Uint8Array {
    return this.bytes.subarray(0, this.size)
  }

  places(): Uint8Array {
    return new Uint8Array(this.records.buffer, 0, this.count * WIDTH * 8)
  }

  empty(): void {
    this.size = 0
    this.count = 0
  }

  begin(): void {
    this.line = 1
    this.offset = 0
  }

  private pass({ bytes, line, offset, lines }: Raw): [number, number, number, number] {
    const place: [number, number, number, number] = [this.line, this.offset, line, offset]
    this.line += lines
    this.offset += bytes.length
    return place
  }
}

function numbersIn(bytes: Buffer): Float64Array {
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}

function placeIn(places: Float64Array, { line, offset }: { line?: number; offset?: number }): ReturnType<Piece['placeOf']> {
  const at = (record: number, which: number): number => places[record * WIDTH + which] ?? 0
  const [which, value] = line === undefined ? [1, offset ?? 0] : [0, line]
  let [low, high] = [0, places.length / WIDTH]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (at(middle, which) <= value) low = middle
    else high = middle
  }
  return {
    ...(line === undefined ? {} : { line: line - at(low, 0) + at(low, 2) }),
    ...(offset === undefined ? {} : { offset: offset - at(low, 1) + at(low, 3) }),
  }
}
