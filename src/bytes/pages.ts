import type { ByteSource } from './source.ts'

/** What one miss reads; small, for a reader that jumps must not read what it passes over. */
const PAGE = 16 * 1024
/** Misses in a row read twice as much each time, up to this many pages. */
const MOST = 16

interface Block {
  start: number
  end: number
  bytes: Buffer
}

/**
 * A window on a source, with the pages read last in memory.
 *
 *     pages.at(offset, length)  →  pages.bytes[pages.pos] … pages.bytes[pages.pos + length - 1]
 *
 * Bytes handed out stay as they are: a block that falls out of the cache is not written over.
 */
export class Pages {
  bytes: Buffer = Buffer.alloc(0)
  pos = 0
  private readonly blocks = new Map<number, Block>()
  private last: Block = { start: 0, end: 0, bytes: this.bytes }
  private run: number
  private expected = -1

  /**
   * @param most bytes kept.
   * @param page what one miss reads at the least.
   */
  constructor(
    private readonly source: ByteSource,
    private readonly most = 8 << 20,
    private readonly page = PAGE,
  ) {
    this.run = page
  }

  get size(): number {
    return this.source.size
  }

  /** Brings bytes into reach; false where the source ends before them. */
  at(offset: number, length: number): boolean {
    const { last } = this
    const end = offset + length
    if (offset >= last.start && end <= last.end) {
      this.bytes = last.bytes
      this.pos = offset - last.start
      return true
    }
    return end <= this.source.size && this.find(offset, end)
  }

  /** Gives back the memory; what was handed out stays. */
  forget(): void {
    this.blocks.clear()
    this.bytes = Buffer.alloc(0)
    this.last = { start: 0, end: 0, bytes: this.bytes }
  }

  private find(offset: number, end: number): boolean {
    const page = Math.floor(offset / this.page)
    const block = this.blocks.get(page) ?? this.load(page)
    if (!block || offset >= block.end) return false
    this.last = block
    if (end <= block.end) {
      this.bytes = block.bytes
      this.pos = offset - block.start
      return true
    }
    return this.gather(offset, end)
  }

  /** What lies in several blocks, copied together. */
  private gather(offset: number, end: number): boolean {
    const whole = Buffer.allocUnsafe(end - offset)
    for (let at = offset; at < end; ) {
      const page = Math.floor(at / this.page)
      const block = this.blocks.get(page) ?? this.load(page, end - at)
      if (!block || at >= block.end) return false
      at += block.bytes.copy(whole, at - offset, at - block.start, Math.min(block.bytes.length, end - block.start))
      this.last = block
    }
    this.bytes = whole
    this.pos = 0
    return true
  }

  private load(page: number, wanted = this.page): Block | null {
    // A block must not be larger than all that may be kept: one page of it in the cache keeps all of it in memory.
    const most = this.page * Math.max(1, Math.min(MOST, Math.floor(this.most / this.page / 4)))
    this.run = page === this.expected ? Math.min(this.run * 2, most) : this.page
    const length = Math.max(this.run, Math.ceil(Math.min(wanted, most) / this.page) * this.page)
    const start = page * this.page
    const bytes = Buffer.allocUnsafeSlow(Math.min(length, this.source.size - start))
    const count = this.source.read(start, bytes)
    if (count === 0) return null
    const block = { start, end: start + count, bytes: count === bytes.length ? bytes : bytes.subarray(0, count) }
    this.expected = page + length / this.page
    for (let each = page; each < this.expected; each++) {
      this.blocks.delete(each)
      this.blocks.set(each, block)
    }
    this.shed()
    return block
  }

  /** The pages read longest ago go first. */
  private shed(): void {
    for (const page of this.blocks.keys()) {
      if (this.blocks.size * this.page <= this.most) return
      this.blocks.delete(page)
    }
  }
}
