import type { ByteSource } from '../../../bytes/source.ts'

/** Reads just the bytes asked for, into one and the same buffer: for who looks at a few bytes of each of many objects. */
export class Exact {
  private buffer: Buffer = Buffer.allocUnsafeSlow(1 << 16)

  constructor(private readonly source: ByteSource) {}

  /** At most `length` bytes, fewer at the source's end. They stay only until the next call. */
  upTo(offset: number, length: number): Buffer {
    if (length > this.buffer.length) this.buffer = Buffer.allocUnsafeSlow(length * 2)
    const target = this.buffer.subarray(0, length)
    const count = this.source.read(offset, target)
    return count === length ? target : target.subarray(0, count)
  }

  /** Null where the source ends before them. */
  at(offset: number, length: number): Buffer | null {
    const bytes = this.upTo(offset, length)
    return bytes.length === length ? bytes : null
  }

  /** What was read last, of which `known` bytes lie there already, to its whole length. */
  more(offset: number, known: number, length: number): Buffer | null {
    if (length > this.buffer.length) {
      const larger = Buffer.allocUnsafeSlow(length * 2)
      this.buffer.copy(larger, 0, 0, known)
      this.buffer = larger
    }
    if (length > known && this.source.read(offset + known, this.buffer.subarray(known, length)) < length - known) return null
    return this.buffer.subarray(0, length)
  }
}
