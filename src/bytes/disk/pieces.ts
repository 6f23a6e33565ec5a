import type { Problem } from '../../problems/problem.ts'
import type { ByteSource } from '../source.ts'

/** Bytes of a disk that lie one after the other: `length` of them at `offset` in `source`; zeros where there is no source. */
export interface Piece {
  source: ByteSource | null
  offset: number
  length: number
}

/** Pieces that one question about a hole goes through: whoever asks has other things to do in between. */
const MOST_LOOKED = 4096

/** A disk that is put together from pieces of other sources, found when they are asked for. */
export function pieced(
  size: number,
  pieceAt: (offset: number) => Piece,
  tell: (problem: Problem) => void,
  close: () => void = () => {},
): ByteSource {
  return {
    size,
    read: (offset, target) => {
      const whole = Math.max(0, Math.min(target.length, size - offset))
      let done = 0
      while (done < whole) {
        const piece = pieceAt(offset + done)
        const part = target.subarray(done, Math.min(whole, done + Math.max(1, piece.length)))
        const within = piece.source !== null && piece.offset < piece.source.size
        const got = piece.source && within ? piece.source.read(piece.offset, part) : 0
        part.fill(0, got)
        if (piece.source && got < part.length)
          tell({ message: 'the image ends before its disk does: what is missing was read as zeros' })
        done += part.length
      }
      return whole
    },
    hole: offset => {
      let end = offset
      for (let looked = 0; looked < MOST_LOOKED && end < size; looked++) {
        const { source, offset: place, length } = pieceAt(end)
        const empty = source ? Math.min(source.hole?.(place) ?? 0, length) : length
        end += empty
        if (empty < Math.max(1, length)) break
      }
      return Math.min(end, size) - offset
    },
    close,
  }
}

/** Things that cost something to read or unpack, the last `most` kept. */
export class Kept<Value> {
  private readonly values = new Map<number, Value>()

  constructor(private readonly most: number) {}

  get(key: number, make: () => Value): Value {
    const kept = this.values.get(key)
    const value = kept === undefined ? make() : kept
    this.values.delete(key)
    this.values.set(key, value)
    if (this.values.size > this.most) for (const [oldest] of this.values) return this.dropped(oldest, value)
    return value
  }

  private dropped(oldest: number, value: Value): Value {
    this.values.delete(oldest)
    return value
  }
}

/** Entries of a table, read by the page; the last page is kept, for disks are mostly read from front to back. */
export class Table {
  private page = Buffer.alloc(0)
  private first = 0

  constructor(
    private readonly source: ByteSource,
    private readonly offset: number,
    private readonly count: number,
    private readonly size: number,
  ) {}

  /** Null where it has no such entry, or the source ends before it. Do not write to it. */
  entry(index: number): Buffer | null {
    if (index >= this.count) return null
    const at = index * this.size
    if (at < this.first || at + this.size > this.first + this.page.length) {
      this.first = at - (at % PAGE)
      const bytes = Buffer.alloc(Math.min(PAGE, this.count * this.size - this.first))
      const place = this.offset + this.first
      const sound = Number.isSafeInteger(place) && place >= 0 && place < this.source.size
      this.page = bytes.subarray(0, sound ? this.source.read(place, bytes) : 0)
    }
    const inside = at - this.first
    return inside + this.size <= this.page.length ? this.page.subarray(inside, inside + this.size) : null
  }
}

const PAGE = 16_384

/** Bytes at a place, null where the source ends before their end. */
export function bytesAt(source: ByteSource, offset: number, size: number): Buffer | null {
  if (!Number.isSafeInteger(offset) || offset < 0 || offset + size > source.size) return null
  const bytes = Buffer.alloc(size)
  return source.read(offset, bytes) === size ? bytes : null
}
