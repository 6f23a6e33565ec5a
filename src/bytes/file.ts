import { readSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { InputError } from '../problems/problem.ts'

/** One read call: large enough to make the calls few, small enough for the processor's cache. */
const BLOCK = 256 * 1024
/** Where a reader says where it wants the bytes, nothing else gets its turn (signals, the progress) but after so many of them. */
const STRETCH = 8

/** Where whoever reads wants the next bytes; null: in a buffer of their own. */
export type Room = () => Buffer | null

/** A file that is open, with what the reader wants to know of it. */
export interface OpenFile {
  /** Each chunk is done with when the next one is asked for, where `room` says where to put it. */
  chunks(room?: Room): AsyncGenerator<Buffer>
  size: number | null
  /** ms since the epoch: when its last line was written, at the latest. */
  mtime: number | null
  close(): Promise<void>
}

/** Opens what a path names, or says in one sentence why that cannot be read; there it is called `label`. */
export async function openFile(path: string | Buffer, label = path.toString(), flags: string | number = 'r'): Promise<OpenFile> {
  let handle: FileHandle
  try {
    handle = await open(path, flags)
  } catch (error) {
    throw new InputError(`${label}: ${reasonOf(error)}`)
  }
  const found = await handle.stat()
  if (found.isDirectory()) {
    await handle.close()
    throw new InputError(`${label}: is a directory`)
  }
  const regular = found.isFile()
  return {
    size: regular ? found.size : null,
    mtime: regular ? found.mtimeMs : null,
    chunks: room => blocks(handle, label, regular && room ? room : () => null),
    close: () => handle.close(),
  }
}

/** What is not there is none. */
export async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
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

/** A read that waits costs a third of an asynchronous one, a buffer of its own costs the most: it is soon garbage, 4,000 a GB. */
async function* blocks(handle: FileHandle, label: string, room: Room): AsyncGenerator<Buffer> {
  for (let reads = 1; ; reads++) {
    const place = room()?.subarray(0, BLOCK)
    const buffer = place ?? Buffer.allocUnsafe(BLOCK)
    if (place && reads % STRETCH === 0) await new Promise(setImmediate)
    let count: number
    try {
      count = place ? readSync(handle.fd, place) : (await handle.read(buffer, 0, BLOCK, null)).bytesRead
    } catch (error) {
      throw new InputError(`${label}: ${reasonOf(error)}`)
    }
    if (count === 0) return
    yield count === buffer.length ? buffer : buffer.subarray(0, count)
  }
}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ELOOP: 'too many symbolic links',
  EIO: 'the disk could not read it (input/output error)',
  EMFILE: 'too many files are open',
  ENXIO: 'nothing is at the other end (a socket or device)',
}

/** One clause for what node:fs throws. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException // what node:fs throws
  return REASONS[code ?? ''] ?? message
}
