import { type FileHandle, open, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Chunks } from './container.ts'

/** So much is kept in memory before a file is made. */
const AT_HAND = 32 << 20
/** So much at a time is written, beside the reading. */
const PIECE = 1 << 20
/** Of what is free where temporary files lie, a machine in need keeps the rest. */
const SHARE = 4
const MOST = 16 * 2 ** 30

/**
 * A stream that can be gone through twice: what was read of it the first time is kept, first in memory, then in a file without a name
 * (`TMPDIR`), for as long as there is room.
 */
export class Kept {
  private readonly live: AsyncIterator<Buffer>
  /** What is not in the file. */
  private pieces: Buffer[] = []
  private size = 0
  private file: FileHandle | null = null
  private inFile = 0
  private room = Number.POSITIVE_INFINITY
  private writing: Promise<void> = Promise.resolve()
  private isFull = false
  private step: Promise<Buffer | null> = Promise.resolve(null)
  /** What the stream threw. */
  private fault: unknown = null

  /** @param atHand bytes that are kept in memory before a file is made. */
  constructor(
    stream: Chunks,
    private readonly atHand = AT_HAND,
  ) {
    this.live = stream[Symbol.asyncIterator]()
  }

  /** No more can be kept: the first pass must end here, and the second begin. What it read is kept all the same. */
  get full(): boolean {
    return this.isFull
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
    await this.writing
    for (let at = 0; this.file && at < this.inFile; ) {
      const { bytesRead, buffer } = await this.file.read(
        Buffer.allocUnsafeSlow(Math.min(PIECE, this.inFile - at)),
        0,
        undefined,
        at,
      )
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
    yield* this.pieces
    if (this.fault !== null) throw this.fault
    for (let next = await this.live.next(); !next.done; next = await this.live.next()) yield next.value
  }

  async close(): Promise<void> {
    // Not waited for: a read of a pipe may be under way.
    void this.live.return?.()
    await this.writing
    await this.file?.close()
    this.file = null
  }

  private async next(): Promise<Buffer | null> {
    try {
      const { done, value } = await this.live.next()
      if (done) return null
      await this.keep(value)
      return value
    } catch (error) {
      this.fault = error
      throw error
    }
  }

  private async keep(chunk: Buffer): Promise<void> {
    this.pieces.push(chunk)
    this.size += chunk.length
    if (this.isFull || this.size < (this.file ? Math.min(PIECE, this.atHand) : this.atHand)) return
    // Nothing waits for a write but the next one.
    await this.writing
    if (this.isFull) return
    const [pieces, size] = [this.pieces, this.size]
    this.pieces = []
    this.size = 0
    this.writing = this.write(pieces, size)
  }

  private async write(pieces: Buffer[], size: number): Promise<void> {
    try {
      this.file ??= await this.make()
      if (this.inFile + size > this.room) throw new Error('no room')
      for (let done = 0, rest = pieces; done < size; ) {
        const { bytesWritten } = await this.file.writev(rest, this.inFile + done)
        done += bytesWritten
        rest = behind(rest, bytesWritten)
      }
      this.inFile += size
    } catch {
      // The last thing that is kept; what came meanwhile stands behind it.
      this.isFull = true
      this.pieces = [...pieces, ...this.pieces]
      this.size += size
    }
  }

  private async make(): Promise<FileHandle> {
    const folder = tmpdir()
    const { bavail, bsize } = await statfs(folder)
    this.room = Math.min((bavail * bsize) / SHARE, MOST)
    const path = join(folder, `inquest-${process.pid}-${Math.random().toString(36).slice(2)}`)
    const file = await open(path, 'wx+', 0o600)
    await rm(path)
    return file
  }
}

function behind(pieces: readonly Buffer[], written: number): Buffer[] {
  let left = written
  return pieces.flatMap(piece => {
    const rest = piece.subarray(Math.min(left, piece.length))
    left -= piece.length - rest.length
    return rest.length > 0 ? [rest] : []
  })
}
