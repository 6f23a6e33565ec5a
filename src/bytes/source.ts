import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { InputError } from '../problems/problem.ts'
import { reasonOf, sizeIn } from './file.ts'

/**
 * Bytes that can be read at any place: a file, a stretch of one, a disk inside an image. Layers stack: each is a source over the next.
 * Reading is synchronous: readers of linked structures make many small reads, and a promise for each would cost more than the read.
 */
export interface ByteSource {
  /** In bytes. */
  readonly size: number
  /**
   * Copies what lies from `offset` on into `target`; returns how many bytes: fewer than asked for only at the end.
   *
   * @throws InputError where the medium itself cannot be read.
   */
  read(offset: number, target: Uint8Array): number
  /** Of a file of this machine: its descriptor, until it is closed. */
  readonly fd?: number
  /** How many bytes from `offset` on are known to be zeros that nobody wrote, without reading them; 0 where that is not known. */
  hole?(offset: number): number
  close(): void
}

/** A regular file, or a disk that is attached. @throws InputError where it cannot be opened. */
export function fileSource(path: string): ByteSource {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    throw new InputError(`${path}: ${reasonOf(error)}`)
  }
  return fdSource(fd, sizeIn(fstatSync(fd)) ?? 0)
}

/** A file that is open. */
export function fdSource(fd: number, size: number): ByteSource {
  return {
    size,
    fd,
    read: (offset, target) => {
      let done = 0
      while (done < target.length) {
        const count = readAt(fd, target, done, offset + done)
        if (count === 0) break
        done += count
      }
      return done
    },
    close: () => closeSync(fd),
  }
}

function readAt(fd: number, target: Uint8Array, done: number, offset: number): number {
  try {
    return readSync(fd, target, done, target.length - done, offset)
  } catch (error) {
    throw new InputError(`byte ${offset}: ${reasonOf(error)}`)
  }
}

/** Bytes per read of a source that is read from the front. */
const BLOCK = 256 * 1024

/** A source from the front. */
export async function* chunksOf(source: ByteSource): AsyncGenerator<Buffer> {
  for (let at = 0; at < source.size; ) {
    const block = Buffer.allocUnsafe(Math.min(BLOCK, source.size - at))
    const count = source.read(at, block)
    if (count === 0) return
    yield block.subarray(0, count)
    at += count
  }
}

/** All of a small source. */
export function bytesOf(source: ByteSource): Buffer {
  const bytes = Buffer.alloc(source.size)
  return bytes.subarray(0, source.read(0, bytes))
}

/** Bytes in memory. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, target) => {
      const part = bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + target.length, bytes.length))
      target.set(part)
      return part.length
    },
    close: () => {},
  }
}

/** `size` bytes of another source from `offset` on, as far as it has them. Closing it leaves the other open. */
export function stretch(source: ByteSource, offset: number, size: number): ByteSource {
  const within = Math.max(0, Math.min(size, source.size - offset))
  return {
    size: within,
    read: (at, target) => (at >= within ? 0 : source.read(offset + at, target.subarray(0, Math.min(target.length, within - at)))),
    hole: at => Math.min(source.hole?.(offset + at) ?? 0, Math.max(0, within - at)),
    close: () => {},
  }
}
