import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '../problems/problem.ts'
import type { Chunks } from './container.ts'
import { type ByteSource, fdSource, stretch } from './source.ts'

/**
 * A private temporary file for what must be read at any place and comes as a stream. It has no name from the moment it is open, so nothing
 * stays behind however the process ends. It is made at the first need.
 */
export class Scratch {
  private file: ByteSource | null = null
  private fd = -1
  private size = 0

  /** @throws InputError where there is no room for it. */
  append(bytes: Uint8Array): void {
    try {
      if (this.file === null) this.create()
      // A disk is mostly zeros: they become a hole.
      if (bytes.length <= ZEROS.length && ZEROS.subarray(0, bytes.length).equals(bytes))
        ftruncateSync(this.fd, this.size + bytes.length)
      else
        for (let done = 0; done < bytes.length; ) done += writeSync(this.fd, bytes, done, bytes.length - done, this.size + done)
    } catch (error) {
      throw new InputError(`${tmpdir()}: no room for a temporary copy (${(error as Error).message})`) // what node:fs throws
    }
    this.size += bytes.length
  }

  /** Copies a stream; answers it as a source, which ends where the stream did. What the stream throws is thrown on. */
  async take(chunks: Chunks): Promise<ByteSource> {
    const from = this.size
    for await (const chunk of chunks) this.append(chunk)
    return this.since(from)
  }

  /** What was appended since the file had that size. */
  since(from: number): ByteSource {
    const file = this.file
    return stretch(file === null ? EMPTY : { ...file, size: this.size }, from, this.size - from)
  }

  get length(): number {
    return this.size
  }

  close(): void {
    if (this.file !== null) closeSync(this.fd)
    this.file = null
  }

  private create(): void {
    const path = join(tmpdir(), `inquest-${process.pid}-${Math.random().toString(36).slice(2)}`)
    this.fd = openSync(path, 'wx+', 0o600)
    rmSync(path)
    this.file = fdSource(this.fd, 0)
  }
}

const ZEROS = Buffer.alloc(1 << 20)

const EMPTY: ByteSource = { size: 0, read: () => 0, close: () => {} }
