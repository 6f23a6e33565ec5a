import type { Problem } from '../problems/problem.ts'
import { type Chunks, HEAD } from './container.ts'
import { openFile } from './file.ts'
import { containers } from './registry.ts'
import { streamChunks } from './stdin.ts'

/** The bytes of one input, unwrapped. */
export interface Bytes {
  chunks: Chunks
  /** Where nothing is wrapped: puts the bytes that `chunks` would deliver next into this place, and says how many; 0 at the end. */
  fill(): ((target: Buffer) => number) | null
  /** Bytes read so far of what is stored (packed, where it is packed). */
  read(): number
  /** ms since the epoch. */
  mtime: number | null
  /** Whether what is read is just what lies at the path: then any part of it can be had again. */
  plain(): boolean
  problems: Problem[]
  close(): Promise<void>
}

/** Opens a path, or `-` for the stream given; throws an InputError with one sentence where that cannot be. */
export async function openBytes(path: string, stdin: NodeJS.ReadableStream): Promise<Bytes> {
  const file = path === '-' ? null : await openFile(path)
  const problems: Problem[] = []
  let read = 0
  async function* counted(): Chunks {
    for await (const chunk of file ? file.chunks() : streamChunks(stdin)) {
      read += chunk.length
      yield chunk
    }
  }
  let packed = false
  function wrapped(): void {
    packed = true
  }
  return {
    chunks: unwrapped(counted(), problem => problems.push(problem), wrapped),
    fill: () => {
      const fill = packed ? null : (file?.fill ?? null)
      if (!fill) return null
      return target => {
        const count = fill(target)
        read += count
        return count
      }
    },
    read: () => read,
    mtime: file?.mtime ?? null,
    plain: () => file?.size != null && !packed,
    problems,
    close: async () => file?.close(),
  }
}

/** Looks at the first bytes and puts the container they name in between. */
async function* unwrapped(stored: Chunks, tell: (problem: Problem) => void, wrapped: () => void): Chunks {
  const { head, chunks } = await withHead(stored, HEAD)
  const container = containers.find(one => one.sniff(head))
  if (container) wrapped()
  yield* container ? container.unpack(chunks, tell) : chunks
}

/** The first bytes, at least `size` of them where there are so many, and all of them once more from the front. */
export async function withHead(chunks: Chunks, size: number): Promise<{ head: Buffer; whole: boolean; chunks: Chunks }> {
  const source = chunks[Symbol.asyncIterator]()
  let head: Buffer = Buffer.alloc(0)
  let whole = false
  while (head.length < size && !whole) {
    const next = await source.next()
    if (next.done) whole = true
    else head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
  }
  async function* again(): Chunks {
    if (head.length > 0) yield head
    for (let next = whole ? null : await source.next(); next && !next.done; next = await source.next()) yield next.value
  }
  return { head, whole, chunks: again() }
}
