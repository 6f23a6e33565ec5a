import type { Chunks } from '../container.ts'
import { type Block, Part } from './part.ts'

/** So much, packed, each part keeps in memory before it makes a file. */
const AT_HAND = 8 << 20

/**
 * Keeps a stream's bytes from a place on, for as long as there is room. Where two threads have them in their hands one after the other, each
 * keeps a part: whoever has less to do packs more.
 */
export class Spill {
  private readonly own: Part
  private readonly parts: Part[]

  /** @param from the place of the stream from which on it keeps. */
  constructor(
    private readonly from: number,
    private readonly atHand = AT_HAND,
  ) {
    this.own = new Part({ from, passed: 0, atHand })
    this.parts = [this.own]
  }

  /** Up to this place of the stream all is kept that does not lie before the spill's beginning; infinite as long as there is room. */
  get end(): number {
    return Math.min(...this.parts.map(part => part.end))
  }

  /** The next bytes of the stream. */
  pass(bytes: Buffer): void {
    this.own.pass(bytes)
  }

  /** The next bytes of the stream, which another part has kept. */
  passOver(count: number): void {
    this.own.passOver(count)
  }

  async *passed(chunks: Chunks): Chunks {
    for await (const chunk of chunks) {
      this.pass(chunk)
      yield chunk
    }
  }

  /** A part for a thread that has the bytes first, from now on. */
  part(): Part {
    const part = new Part({ from: this.from, passed: this.own.gone, atHand: this.atHand })
    this.parts.push(part)
    return part
  }

  /** What comes from now on need not be kept. */
  async stop(): Promise<void> {
    for (const part of this.parts) await part.stop()
  }

  /** After it was stopped: what was kept, block by block, in memory that later blocks take. */
  *kept(): Generator<Buffer> {
    const heads: { block: Block; rest: Generator<Block> }[] = []
    const draw = (rest: Generator<Block>): void => {
      const next = rest.next()
      if (!next.done) heads.push({ block: next.value, rest })
    }
    for (const part of this.parts) draw(part.kept())
    for (;;) {
      heads.sort((one, other) => one.block.at - other.block.at)
      const first = heads.shift()
      if (!first) return
      yield first.block.bytes
      draw(first.rest)
    }
  }

  async close(): Promise<void> {
    for (const part of this.parts) await part.close()
  }
}
