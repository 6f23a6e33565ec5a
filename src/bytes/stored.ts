import { InputError } from '../problems/problem.ts'
import { isArchive } from './archive.ts'
import type { Chunks } from './container.ts'
import { openFile } from './file.ts'
import { type ByteSource, chunksOf, fdSource, fileSource } from './source.ts'
import { fileAtStdin, type Stream, standardInput, streamChunks } from './stdin.ts'
import { originOf, type Tree, type TreeEntry } from './tree.ts'

/** Bytes as they lie somewhere, before anything is unwrapped. */
export interface Stored {
  /** What reports call it. */
  label: string
  /** From the front; again from the front at each call where `again`. */
  chunks(): Chunks
  again: boolean
  /** A chunk is its reader's only until the next is asked for. */
  lends?: boolean
  /** The same at any place, null where there is no cheap way. The caller closes it. */
  source(): ByteSource | null
  /** In bytes, null where unknown. */
  size: number | null
  /** ms since the epoch: when its last line was written, at the latest. */
  mtime: number | null
  /** Of a plain file of this machine. */
  path: string | null
}

/** What a path names. @throws InputError where it cannot be opened. */
export async function storedAt(path: string): Promise<Stored> {
  const file = await openFile(path)
  const { size, mtime } = file
  // A pipe must not be closed before it is read: its writer would be told that nobody listens.
  if (size === null) return { ...once(path, file.chunks()), mtime }
  await file.close()
  return { label: path, chunks: () => fileChunks(path), again: true, source: () => fileSource(path), size, mtime, path }
}

function once(label: string, chunks: Chunks): Stored {
  return { label, chunks: () => chunks, again: false, source: () => null, size: null, mtime: null, path: null }
}

async function* fileChunks(path: string): Chunks {
  const file = await openFile(path)
  try {
    yield* file.chunks()
  } finally {
    await file.close()
  }
}

/** Standard input, or what stands in for it; of `inquest < FILE` the file. */
export function storedStdin(stream?: Stream): Stored {
  if (stream) return { ...once('-', streamChunks(stream)), lends: true }
  const file = fileAtStdin()
  if (!file) return { ...once('-', standardInput()), lends: true }
  const { size, mtimeMs: mtime } = file
  const source = (): ByteSource => ({ ...fdSource(0, size), close: () => {} })
  return { label: '-', chunks: () => chunksOf(source()), again: true, source, size, mtime, path: null }
}

/** A file of a tree; one that ends before its size says so. */
export function storedIn(tree: Tree, path: string, { size, mtime }: TreeEntry): Stored {
  const label = originOf(tree, path)
  return {
    label,
    chunks: () => counted(tree.chunks?.(path) ?? sourceChunks(tree, path), size, label),
    again: true,
    source: () => (isArchive(tree) ? null : tree.open(path)),
    size,
    mtime: mtime === null ? null : mtime / 1000,
    path: null,
  }
}

async function* sourceChunks(tree: Tree, path: string): Chunks {
  const source = tree.open(path)
  try {
    yield* chunksOf(source)
  } finally {
    source.close()
  }
}

async function* counted(chunks: Chunks, size: number, label: string): Chunks {
  let read = 0
  for await (const chunk of chunks) {
    read += chunk.length
    yield chunk
  }
  if (read < size) throw new InputError(`${label}: ends after ${read} of its ${size} bytes`)
}
