import { readFileSync, type Stats } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { InputError } from '../problems/problem.ts'

/** One read call: large enough to make the calls few, small enough for the processor's cache. */
const BLOCK = 256 * 1024

/** A file that is open, with what the reader wants to know of it. */
export interface OpenFile {
  chunks(): AsyncGenerator<Buffer>
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
  return {
    size: sizeIn(found),
    mtime: found.isFile() ? found.mtimeMs : null,
    chunks: () => blocks(handle, label),
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

/** Bytes of a file, or of a disk that is attached; null for anything else. */
export function sizeIn(found: Stats): number | null {
  if (found.isFile()) return found.size
  return found.isBlockDevice() ? deviceSize(found.rdev) : null
}

/** A device's own size is 0 for stat(2); Linux tells it in /sys, in sectors of 512 bytes. */
function deviceSize(device: number): number | null {
  // Bits of a device's number (makedev(3), glibc): 8 low and 12 high ones of the minor, the major's 12 between.
  const major = Math.floor(device / 256) % 4096
  const minor = (device % 256) + Math.floor(device / 2 ** 20) * 256
  try {
    const size = Number(readFileSync(`/sys/dev/block/${major}:${minor}/size`, 'latin1')) * 512
    return Number.isSafeInteger(size) && size > 0 ? size : null
  } catch {
    return null
  }
}

/** The same of what a path names; null where nothing is there. */
export async function sizeOf(path: string): Promise<number | null> {
  try {
    return sizeIn(await stat(path))
  } catch {
    return null
  }
}

async function* blocks(handle: FileHandle, label: string): AsyncGenerator<Buffer> {
  for (;;) {
    const buffer = Buffer.allocUnsafe(BLOCK)
    let count: number
    try {
      count = (await handle.read(buffer, 0, BLOCK, null)).bytesRead
    } catch (error) {
      throw new InputError(`${label}: ${reasonOf(error)}`)
    }
    if (count === 0) return
    yield count === BLOCK ? buffer : buffer.subarray(0, count)
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
