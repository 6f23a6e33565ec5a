import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Chunks } from './container.ts'

/** Of what is free where temporary files lie, a machine in need keeps the rest. */
const SHARE = 4
const MOST = 16 * 2 ** 30

/** In what all threads see. */
const FROM = 0
const PASSED = 1
const FD = 2
const ROOM = 3
const END = 4
const CELLS = 5

/**
 * Keeps a stream's bytes from a place on in a file without a name (`TMPDIR`), for as long as there is room. Whichever thread reads the stream
 * writes, while the bytes lie in its processor's cache: a spill in another thread is made over the same memory.
 */
export class Spill {
  private readonly cells: Float64Array

  constructor(over: number | SharedArrayBuffer) {
    this.cells = new Float64Array(typeof over === 'number' ? new SharedArrayBuffer(8 * CELLS) : over)
    if (typeof over === 'number') this.cells.set([over, 0, -1, 0, Number.POSITIVE_INFINITY])
  }

  get shared(): SharedArrayBuffer {
    return this.cells.buffer as SharedArrayBuffer // the constructor saw to it
  }

  /** Up to this place of the stream all is kept that does not lie before the spill's beginning; infinite as long as there is room. */
  get end(): number {
    return this.cell(END)
  }

  /** Of the file, -1 where there is none yet: its first byte is the first that is kept. */
  get fd(): number {
    return this.cell(FD)
  }

  /** The next bytes of the stream. */
  pass(bytes: Buffer): void {
    const at = this.cell(PASSED)
    this.cells[PASSED] = at + bytes.length
    const kept = Math.max(at, this.cell(FROM))
    if (this.end !== Number.POSITIVE_INFINITY || kept >= at + bytes.length) return
    try {
      this.write(bytes.subarray(kept - at), kept - this.cell(FROM))
    } catch {
      this.cells[END] = kept
    }
  }

  async *passed(chunks: Chunks): Chunks {
    for await (const chunk of chunks) {
      this.pass(chunk)
      yield chunk
    }
  }

  /** What comes from now on need not be kept. */
  stop(): void {
    this.cells[END] = Math.min(this.end, this.cell(PASSED))
  }

  close(): void {
    this.stop()
    if (this.fd !== -1) closeSync(this.fd)
    this.cells[FD] = -1
  }

  private write(bytes: Buffer, at: number): void {
    if (this.fd === -1) this.make()
    if (at + bytes.length > this.cell(ROOM)) throw new Error('no room')
    for (let done = 0; done < bytes.length; ) done += writeSync(this.fd, bytes, done, bytes.length - done, at + done)
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
