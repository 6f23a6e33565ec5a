import { type FileHandle, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '../problems/problem.ts'
import type { Chunks } from './container.ts'

/** Bytes that can be read from any place: a plain file as it lies, anything else from a temporary copy. */
export class Spool {
  private constructor(private readonly handle: FileHandle) {}

  static async over(path: string): Promise<Spool> {
    return new Spool(await open(path, 'r'))
  }

  /** The copy has no name from the moment it is open: whatever ends the process, nothing stays behind. */
  static async fill(chunks: Chunks): Promise<Spool> {
    const path = join(tmpdir(), `inquest-${process.pid}-${Math.random().toString(36).slice(2)}`)
    const handle = await open(path, 'wx+', 0o600)
    await rm(path)
    try {
      for await (const chunk of chunks) await handle.write(chunk)
    } catch (error) {
      await handle.close()
      if (error instanceof InputError) throw error
      throw new InputError(
        `${tmpdir()}: no room for a temporary copy (${error instanceof Error ? error.message : String(error)})`,
      )
    }
    return new Spool(handle)
  }

  async read(from: number, to: number): Promise<Buffer> {
    const buffer = Buffer.alloc(to - from)
    let filled = 0
    while (filled < buffer.length) {
      const { bytesRead } = await this.handle.read(buffer, filled, buffer.length - filled, from + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return buffer.subarray(0, filled)
  }

  /** All of it from the front. */
  async *chunks(size = 256 * 1024): Chunks {
    for (let at = 0; ; at += size) {
      const chunk = await this.read(at, at + size)
      if (chunk.length > 0) yield chunk
      if (chunk.length < size) return
    }
  }

  close(): Promise<void> {
    return this.handle.close()
  }
}
