import { closeSync, openSync, readSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { decodeBlock } from '../lz4-block.ts'
import { BLOCK, Packer } from './packer.ts'

/** So much at a time is written. */
const TAIL = 256 * 1024
/** Of what is free where temporary files lie two parts take a quarter: a machine in need keeps the rest. */
const SHARE = 8
const MOST = 8 * 2 ** 30

/** In what all threads see: numbers. */
const FROM = 0
const PASSED = 1
const END = 2
const HANDED = 3
const WRITTEN = 4
const TAILED = 5
const FD = 6
const ROOM = 7
const NUMBERS = 8
/** And flags. */
const BUSY = 0
const STOPPED = 1
const BEFORE_BYTES = 8 * NUMBERS + 8

/** Of a block: its place in the stream; bytes, and bytes as packed, as many where it is not packed. */
const HEADER = 16

/** Where a part begins. */
export interface Start {
  /** What lies before this place of the stream it does not keep. */
  from: number
  /** Bytes of the stream that went by before. */
  passed: number
  /** Bytes, packed, that are kept in memory before a file is made. */
  atHand: number
}

/** A block of the stream, and its place there. */
export interface Block {
  at: number
  bytes: Buffer
}

/**
 * Keeps of a stream's bytes those that are passed to it, packed, for as long as there is room: in memory, then in a file without a name
 * (`TMPDIR`). Whichever thread passes them does so while they lie in its processor's cache; any other can be given the same memory.
 *
 *     in memory (atHand)          file                          in memory (TAIL)
 *     block block … block     │   block block … block       │   block … to be written when there are enough
 */
export class Part {
  readonly shared: SharedArrayBuffer
  private readonly cells: Float64Array
  private readonly flags: Int32Array
  private readonly hand: Buffer
  private readonly tail: Buffer
  private packer: Packer | null = null

  /** @param over where it begins, or a part that another thread has begun. */
  constructor(over: Start | SharedArrayBuffer) {
    this.shared = 'atHand' in over ? new SharedArrayBuffer(BEFORE_BYTES + over.atHand + TAIL) : over
    const atHand = this.shared.byteLength - BEFORE_BYTES - TAIL
    this.cells = new Float64Array(this.shared, 0, NUMBERS)
    this.flags = new Int32Array(this.shared, 8 * NUMBERS, 2)
    this.hand = Buffer.from(this.shared, BEFORE_BYTES, atHand)
    this.tail = Buffer.from(this.shared, BEFORE_BYTES + atHand, TAIL)
    if ('atHand' in over) this.cells.set([over.from, over.passed, Number.POSITIVE_INFINITY, 0, 0, 0, -1])
  }

  /** Up to this place of the stream all is kept that was passed to it; infinite as long as there is room. */
  get end(): number {
    return this.cell(END)
  }

  /** Bytes of the stream that went by. */
  get gone(): number {
    return this.cell(PASSED)
  }

  /** The next bytes of the stream. */
  pass(bytes: Buffer): void {
    const at = this.gone
    this.passOver(bytes.length)
    Atomics.store(this.flags, BUSY, 1)
    if (Atomics.load(this.flags, STOPPED) === 0 && this.end === Number.POSITIVE_INFINITY) this.keep(bytes, at)
    Atomics.store(this.flags, BUSY, 0)
  }

  /** The next bytes of the stream are another's to keep. */
  passOver(count: number): void {
    this.cells[PASSED] = this.gone + count
  }

  /** What comes from now on need not be kept. */
  async stop(): Promise<void> {
    Atomics.store(this.flags, STOPPED, 1)
    while (Atomics.load(this.flags, BUSY) === 1) await setImmediate()
  }

  /** After it was stopped: what was kept, block by block, in memory that the next block takes. */
  *kept(): Generator<Block> {
    const text = Buffer.allocUnsafeSlow(BLOCK)
    yield* this.blocks(this.cell(HANDED), (at, size) => this.hand.subarray(at, at + size), text)
    const piece = Buffer.allocUnsafeSlow(HEADER + BLOCK)
    const read = (at: number, size: number): Buffer =>
      piece.subarray(0, readSync(this.cell(FD), piece, 0, Math.min(size, this.cell(WRITTEN) - at), at))
    yield* this.blocks(this.cell(WRITTEN), read, text)
    yield* this.blocks(this.cell(TAILED), (at, size) => this.tail.subarray(at, at + size), text)
  }

  async close(): Promise<void> {
    await this.stop()
    if (this.cell(FD) !== -1) closeSync(this.cell(FD))
    this.cells[FD] = -1
  }

  private *blocks(size: number, read: (at: number, size: number) => Buffer, text: Buffer): Generator<Block> {
    for (let at = 0; at < size; ) {
      const block = read(at, HEADER + BLOCK)
      const [length, packed] = [block.readUInt32LE(8), block.readUInt32LE(12)]
      const made =
        length === packed ? block.copy(text, 0, HEADER, HEADER + length) : decodeBlock(block, HEADER, HEADER + packed, text, 0)
      if (made !== length) throw new Error('the temporary copy is not what was written to it')
      yield { at: block.readDoubleLE(0), bytes: text.subarray(0, length) }
      at += HEADER + packed
    }
  }

  private keep(bytes: Buffer, at: number): void {
    this.packer ??= new Packer()
    for (let from = Math.max(0, this.cell(FROM) - at); from < bytes.length; from += BLOCK) {
      const block = bytes.subarray(from, from + BLOCK)
      try {
        this.put(at + from, block.length, this.packer.packed(block))
      } catch {
        this.cells[END] = at + from
        return
      }
    }
  }

  /** @throws where there is no room. */
  private put(at: number, length: number, packed: Buffer): void {
    const size = HEADER + packed.length
    const handed = this.cell(HANDED)
    const isFirst = this.cell(TAILED) + this.cell(WRITTEN) === 0
    if (isFirst && handed + size <= this.hand.length) {
      write(this.hand, handed, { at, length, packed })
      this.cells[HANDED] = handed + size
      return
    }
    if (isFirst) this.make()
    if (this.cell(TAILED) + size > TAIL) this.flush()
    write(this.tail, this.cell(TAILED), { at, length, packed })
    this.cells[TAILED] = this.cell(TAILED) + size
  }

  private flush(): void {
    const [at, size] = [this.cell(WRITTEN), this.cell(TAILED)]
    if (at + size > this.cell(ROOM)) throw new Error('no room')
    for (let done = 0; done < size; ) done += writeSync(this.cell(FD), this.tail, done, size - done, at + done)
    this.cells[WRITTEN] = at + size
    this.cells[TAILED] = 0
  }

  private make(): void {
    const folder = tmpdir()
    const { bavail, bsize } = statfsSync(folder)
    this.cells[ROOM] = Math.min((bavail * bsize) / SHARE, MOST)
    const path = join(folder, `inquest-${process.pid}-${Math.random().toString(36).slice(2)}`)
    this.cells[FD] = openSync(path, 'wx+', 0o600)
    rmSync(path)
  }

  private cell(which: number): number {
    return this.cells[which] ?? 0
  }
}

function write(target: Buffer, to: number, { at, length, packed }: { at: number; length: number; packed: Buffer }): void {
  target.writeDoubleLE(at, to)
  target.writeUInt32LE(length, to + 8)
  target.writeUInt32LE(packed.length, to + 12)
  target.fill(packed, to + HEADER, to + HEADER + packed.length)
}
