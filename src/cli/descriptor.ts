import { writeSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/**
 * Writes all of it. Node's own stdout, where it is a file, writes once and takes no notice of a write that came back short
 * (lib/internal/fs/sync_write_stream.js): on a disk that fills up the report's end would be missing without a word.
 */
export async function writeAll(fd: number, text: string | Uint8Array): Promise<void> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at)
    } catch (error) {
      // A pipe that another process has set to non-blocking, and that is full.
      if (codeOf(error) !== 'EAGAIN') throw error
      await setTimeout(2)
    }
  }
}

/** `ENOSPC`, `EPIPE`, … of what node:fs throws. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
