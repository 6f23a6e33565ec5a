import { setImmediate } from 'node:timers/promises'
import type { Chunks } from './container.ts'
import { Spill } from './pump/spill.ts'

/** So much is kept as it is: most logs are no longer, and packing them would take longer than reading them. */
const FIRST = 1 << 20
/** Blocks between two moments in which something else may happen. */
const BREATH = 32

/** A stream that can be gone through twice: what was read of it the first time is kept for as long as there is room. */
export class Kept {
  private readonly live: AsyncIterator<Buffer>
  private readonly spill: Spill
  /** The first of it. */
  private readonly pieces: Buffer[] = []
  /** What came when there was no more room. */
  private readonly last: Buffer[] = []
  /** Bytes that the first pass has had. */
  private read = 0
  private step: Promise<Buffer | null> = Promise.resolve(null)
  /** What the stream threw. */
  private fault: unknown = null

  /**
   * @param open the stream, of which what the spill is to keep is put there.
   * @param firstBytes how many are kept as they are.
   * @param atHand bytes, packed, that are kept in memory before a file is made.
   */
  constructor(
    open: (spill: Spill) => Chunks,
    private readonly firstBytes = FIRST,
    atHand?: number,
  ) {
    this.spill = new Spill(firstBytes, atHand)
    this.live = open(this.spill)[Symbol.asyncIterator]()
  }

  /** No more can be kept: the first pass must end here, and the second begin. What it read is kept all the same. */
  get full(): boolean {
    return this.last.length > 0
  }

  /** From the first byte to wherever its reader ends it. */
  async *first(): Chunks {
    for (;;) {
      this.step = this.next()
      const chunk = await this.step
      if (!chunk) return
      yield chunk
    }
  }

  /** From the first byte on, to the end. */
  async *second(): Chunks {
    // A read may be under way that the first pass did not wait for.
    await this.step.catch(() => {})
    await this.spill.stop()
    for (let piece = this.pieces.shift(); piece; piece = this.pieces.shift()) yield piece
    yield* this.spilled()
    yield* this.last
    if (this.fault !== null) throw this.fault
    for (let next = await this.live.next(); !next.done; next = await this.live.next()) yield next.value
  }

  async close(): Promise<void> {
    // Not waited for: a read of a pipe may be under way.
    void this.live.return?.()
    await this.spill.close()
  }

  private async next(): Promise<Buffer | null> {
    try {
      const { done, value } = await this.live.next()
      if (done) return null
      this.keep(value)
      return value
    } catch (error) {
      this.fault = error
      throw error
    }
  }

  private keep(chunk: Buffer): void {
    const first = chunk.subarray(0, Math.max(0, this.firstBytes - this.read))
    if (first.length > 0) this.pieces.push(Buffer.from(first))
    this.read += chunk.length
    const lost = Math.min(chunk.length - first.length, this.read - this.spill.end)
    if (lost > 0) this.last.push(Buffer.from(chunk.subarray(-lost)))
  }

  private async *spilled(): Chunks {
    let left = Math.min(this.read, this.spill.end) - this.firstBytes
    let blocks = 0
    for (const block of left > 0 ? this.spill.kept() : []) {
      if (++blocks % BREATH === 0) await setImmediate()
      yield block.subarray(0, left)
      left -= block.length
      if (left <= 0) return
    }
  }
}
