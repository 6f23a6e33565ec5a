import type { Problem } from '../problems/problem.ts'
import { type Chunks, HEAD } from './container.ts'
import { openFile } from './file.ts'
import { containers } from './registry.ts'
import { streamChunks } from './stdin.ts'

/** The bytes of one input, unwrapped. */
export interface Bytes {
  chunks: Chunks
  /** Bytes read so far of what is stored (packed, where it is packed). */
  read(): number
  /** Size of what is stored; null for a pipe. */
  total: number | null
  /** ms since the epoch. */
  mtime: number | null
  /** Whether the same bytes can be had again by opening the path once more. */
  again: boolean
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
  return {
    chunks: unwrapped(counted(), problem => problems.push(problem)),
    read: () => read,
    total: file?.size ?? null,
    mtime: file?.mtime ?? null,
    again: file?.size != null,
    problems,
    close: async () => file?.close(),
  }
}

/** Looks at the first bytes and puts the container they name in between. */
async function* unwrapped(chunks: Chunks, tell: (problem: Problem) => void): Chunks {
  const source = chunks[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  let done = false
  while (head.length < HEAD && !done) {
    const next = await source.next()
    if (next.done) done = true
    else head = Buffer.concat([head, next.value])
  }
  async function* whole(): Chunks {
    if (head.length > 0) yield head
    for (let next = done ? null : await source.next(); next && !next.done; next = await source.next()) yield next.value
  }
  const container = containers.find(one => one.sniff(head))
  yield* container ? container.unpack(whole(), tell) : whole()
}
