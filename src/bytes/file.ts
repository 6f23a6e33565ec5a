import { readSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { InputError } from '../problems/problem.ts'

/** One read call: large enough to make the calls few, small enough for the processor's cache. */
const BLOCK = 256 * 1024

/** A file that is open, with what the reader wants to know of it. */
export interface OpenFile {
  chunks(): AsyncGenerator<Buffer>
  /** Of a regular file: puts the bytes that `chunks` would deliver next into this place, and says how many; 0 at the end. */
  fill: ((target: Buffer) => number) | null
  size: number | null
  /** ms since the epoch: when its last line was written, at the latest. */
  mtime: number | null
  close(): Promise<void>
}

/** Opens what a path names, or says in one sentence why that cannot be read. */
export async function openFile(path: string): Promise<OpenFile> {
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch (error) {
    throw new InputError(`${path}: ${reason(error)}`)
  }
  const found = await handle.stat()
  if (found.isDirectory()) {
    await handle.close()
    throw new InputError(`${path}: is a directory; name the log files in it`)
  }
  const regular = found.isFile()
  const fill = regular ? (target: Buffer) => readNow(handle, target, path) : null
  return {
    size: regular ? found.size : null,
    mtime: regular ? found.mtimeMs : null,
    fill,
    chunks: () => blocks(handle, fill, path),
    close: () => handle.close(),
  }
}

/** Bytes of a regular file; null for anything else. */
export async function sizeOf(path: string): Promise<number | null> {
  try {
    const found = await stat(path)
    return found.isFile() ? found.size : null
  } catch {
    return null
  }
}

/**
 * A regular file is read without a promise for each block: half the time of reading it at all would go there. Of anything else the next
 * bytes may be a day away, and nothing else could happen meanwhile.
 */
async function* blocks(handle: FileHandle, fill: OpenFile['fill'], path: string): AsyncGenerator<Buffer> {
  for (let index = 1; ; index++) {
    const buffer = Buffer.allocUnsafe(BLOCK)
    const count = fill ? fill(buffer) : await readOnce(handle, buffer, path)
    if (count === 0) return
    yield count === BLOCK ? buffer : buffer.subarray(0, count)
    // Signals and the progress line are seen to in between.
    if (fill && index % BREATH === 0) await setImmediate()
  }
}

/** Blocks between two moments in which something else may happen. */
export const BREATH = 32

function readNow(handle: FileHandle, target: Buffer, path: string): number {
  try {
    return readSync(handle.fd, target, 0, target.length, null)
  } catch (error) {
    throw new InputError(`${path}: ${reason(error)}`)
  }
}

async function readOnce(handle: FileHandle, buffer: Buffer, path: string): Promise<number> {
  try {
    return (await handle.read(buffer, 0, BLOCK, null)).bytesRead
  } catch (error) {
    throw new InputError(`${path}: ${reason(error)}`)
  }
}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'is a directory; name the log files in it',
  ENOTDIR: 'a part of the path is not a directory',
  ELOOP: 'too many symbolic links',
  EIO: 'the disk could not read it (input/output error)',
  ENXIO: 'nothing is at the other end (a socket or device)',
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException // what node:fs throws
  return REASONS[code ?? ''] ?? message
}
