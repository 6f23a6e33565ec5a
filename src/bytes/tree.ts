import type { Chunks } from './container.ts'
import type { ByteSource } from './source.ts'

/**
 * Files by name, to be read and never written: a directory, an archive, the file system of a disk image. What is looked for in a machine's
 * root is looked for in all of them alike.
 *
 * A path is names joined by `/`, without one at its front; `''` is the top. Names are those of `nameOf`. No method follows a link: `where/`
 * does that, inside the tree.
 */
export interface Tree {
  /** What the user gave: reports name a file in it `label:path`. */
  readonly label: string
  /** Folders that are on no disk: what was found in unallocated space lies in them. */
  readonly deleted?: readonly string[]
  /** What reports call a file in it, where that is not `label:path`: one that lies on another volume. */
  origin?(path: string): string
  /**
   * What lies in a directory, in no order that means anything; without `.` and `..`.
   *
   * @throws InputError where it is no directory or cannot be read.
   */
  list(path: string): readonly TreeEntry[]
  /**
   * Where a link leads to, as it is written.
   *
   * @throws InputError
   */
  readlink(path: string): string
  /**
   * A file's bytes, at any place.
   *
   * @throws InputError
   */
  open(path: string): ByteSource
  /** A file's bytes from the front, where the tree has a cheaper way than `open`: an archive unpacks as it goes. */
  chunks?(path: string): Chunks
  close(): void
}

/** What reports call a file of a tree. */
export function originOf(tree: Tree, path: string): string {
  return tree.origin?.(path) ?? `${tree.label}:${path}`
}

export interface TreeEntry {
  name: string
  kind: 'file' | 'directory' | 'link' | 'other'
  /** In bytes; 0 where it means nothing. */
  size: number
  /** µs since the epoch: of the entry itself, so for a link when it was made; null where the tree does not keep it. */
  mtime: number | null
}

/**
 * A file's name as text. Names are bytes, mostly UTF-8; a byte that is not becomes a lone surrogate (U+DC80 + byte - 0x80), which no UTF-8
 * holds, so that `bytesOfName` gives back the very bytes.
 */
export function nameOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const text = buffer.toString('utf8')
  return text.includes('\ufffd') ? escaped(buffer) : text
}

export function bytesOfName(name: string): Buffer {
  if (!ESCAPED.test(name)) return Buffer.from(name, 'utf8')
  const parts = name.split(/((?<![\ud800-\udbff])[\udc80-\udcff])/)
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.from([part.charCodeAt(0) - 0xdc00]) : Buffer.from(part, 'utf8'))),
  )
}

const ESCAPED = /(?<![\ud800-\udbff])[\udc80-\udcff]/

/** UTF-8 character by character; one that does not come back as it was is bytes. */
function escaped(bytes: Buffer): string {
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find(count => isCharacter(bytes.subarray(at, at + count), count))
    text += length ? bytes.toString('utf8', at, at + length) : String.fromCharCode(0xdc00 + (bytes[at] ?? 0))
    at += length ?? 1
  }
  return text
}

function isCharacter(bytes: Buffer, length: number): boolean {
  if (bytes.length !== length) return false
  const text = bytes.toString('utf8')
  return [...text].length === 1 && Buffer.from(text, 'utf8').equals(bytes)
}
