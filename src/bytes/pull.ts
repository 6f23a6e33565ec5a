import type { Chunks } from './container.ts'

/** Pulls chunks and hands out as many bytes as asked for. */
export class Pull {
  offset = 0
  private held: Buffer = Buffer.alloc(0)
  private readonly source: AsyncIterator<Buffer>

  constructor(chunks: Chunks) {
    this.source = chunks[Symbol.asyncIterator]()
  }

  /** Whether that many bytes are there. */
  async want(count: number): Promise<boolean> {
    if (this.held.length >= count) return true
    // Joined once at the end: joining at each arrival would copy a large block over and over.
    const parts = [this.held]
    let length = this.held.length
    while (length < count) {
      const next = await this.source.next()
      if (next.done) break
      parts.push(next.value)
      length += next.value.length
    }
    this.held = this.held.length === 0 && parts.length === 2 ? (parts[1] ?? this.held) : Buffer.concat(parts, length)
    return length >= count
  }

  peek(most: number): Buffer {
    return this.held.subarray(0, most)
  }

  take(count: number): Buffer {
    const taken = this.held.subarray(0, count)
    this.held = this.held.subarray(count)
    this.offset += taken.length
    return taken
  }

  /** Passes over bytes without holding them; false where there are not so many. */
  async skip(count: number): Promise<boolean> {
    for (let left = count; left > 0; ) {
      if (!(await this.want(1))) return false
      left -= this.take(left).length
    }
    return true
  }
}
