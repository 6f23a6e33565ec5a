import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs'
import { InputError } from '../problems/problem.ts'
import { openFile, reasonOf } from './file.ts'
import type { ByteSource } from './source.ts'
import { bytesOfName, nameOf, type Tree, type TreeEntry } from './tree.ts'

/** A directory of this machine. */
export function fileTree(directory: string): Tree {
  const top = Buffer.from(directory)
  const at = (path: string): Buffer => (path === '' ? top : Buffer.concat([top, Buffer.from('/'), bytesOfName(path)]))
  function reading<T>(path: string, read: (at: Buffer) => T): T {
    try {
      return read(at(path))
    } catch (error) {
      throw new InputError(`${path === '' ? directory : `${directory}:${path}`}: ${reasonOf(error)}`)
    }
  }
  const handles = new Handles()
  return {
    label: directory,
    list: path => reading(path, folder => readdirSync(folder, { encoding: 'buffer' }).flatMap(name => entryOf(folder, name))),
    readlink: path => reading(path, link => nameOf(readlinkSync(link, { encoding: 'buffer' }))),
    open: path => reading(path, file => handles.open(file)),
    async *chunks(path) {
      const file = await openFile(at(path), `${directory}:${path}`, OPEN)
      try {
        yield* file.chunks()
      } finally {
        await file.close()
      }
    },
    close: () => handles.closeAll(),
  }
}

/** Links were followed already, inside the tree; one that comes in between must not lead out. A pipe must not be waited for. */
const OPEN = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

function entryOf(folder: Buffer, name: Buffer): TreeEntry[] {
  try {
    const found = lstatSync(Buffer.concat([folder, Buffer.from('/'), name]), { bigint: true })
    const kind = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : found.isSymbolicLink() ? 'link' : 'other'
    return [{ name: nameOf(name), kind, size: Number(found.size), mtime: Number(found.mtimeNs / 1000n) }]
  } catch {
    return [] // gone since the directory was read
  }
}

/** Most files that are kept open at once: a folder of journals may hold more than the process may open. */
const MOST_OPEN = 64

/** Files that are open for random access; the one that was not read for longest is closed when there are too many, and opened again at need. */
class Handles {
  private readonly opened = new Map<number, number>()
  private next = 0

  open(path: Buffer): ByteSource {
    const key = this.next++
    const size = fstatSync(this.fd(key, path)).size
    const handles = this
    return {
      size,
      get fd() {
        return handles.fd(key, path)
      },
      read: (offset, target) => {
        const fd = this.fd(key, path)
        let done = 0
        while (done < target.length) {
          const count = readAt(fd, target, done, offset + done, path)
          if (count === 0) break
          done += count
        }
        return done
      },
      close: () => this.close(key),
    }
  }

  closeAll(): void {
    for (const key of [...this.opened.keys()]) this.close(key)
  }

  private fd(key: number, path: Buffer): number {
    const fd = this.opened.get(key) ?? openSync(path, OPEN)
    // A Map keeps the order of insertion: the first is the one unused for longest.
    this.opened.delete(key)
    this.opened.set(key, fd)
    const [oldest] = this.opened.keys()
    if (this.opened.size > MOST_OPEN && oldest !== undefined) this.close(oldest)
    return fd
  }

  private close(key: number): void {
    const fd = this.opened.get(key)
    if (fd !== undefined) closeSync(fd)
    this.opened.delete(key)
  }
}

function readAt(fd: number, target: Uint8Array, done: number, offset: number, path: Buffer): number {
  try {
    return readSync(fd, target, done, target.length - done, offset)
  } catch (error) {
    throw new InputError(`${nameOf(path)}: ${reasonOf(error)}`)
  }
}
