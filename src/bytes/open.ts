import { InputError, type Problem } from '../problems/problem.ts'
import { type Chunks, HEAD } from './container.ts'
import type { Room } from './file.ts'
import { type Limit, metered, USUAL_LIMIT } from './meter.ts'
import { containers } from './registry.ts'
import type { Stored } from './stored.ts'

/** The bytes of one input, unwrapped. */
export interface Bytes {
  chunks: Chunks
  /** Bytes read so far of what is stored (packed, where it is packed). */
  read(): number
  /** Whether what is read is just what is stored: then any part of it can be had again. Known once a chunk was read. */
  plain(): boolean
  /** From the next chunk on, where they are wanted: each is done with when the next one is asked for. Only of plain bytes. */
  into(room: Room): void
  problems: Problem[]
}

/** Bytes as they are inside whatever they come wrapped in, be it several deep. */
export function openBytes(stored: Stored, limit: Limit = USUAL_LIMIT): Bytes {
  const problems: Problem[] = []
  let read = 0
  let packed = false
  let room: Room = () => null
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of stored.chunks(() => room())) {
      read += chunk.length
      yield chunk
    }
  }
  async function* unwrapped(chunks: Chunks, depth: number): Chunks {
    const { head, chunks: all } = await withHead(chunks, HEAD)
    const container = depth < DEEPEST ? containers.find(one => one.sniff(head)) : undefined
    if (!container) {
      yield* all
      return
    }
    packed = true
    const inside = container.unpack(all, problem => problems.push(problem))
    yield* unwrapped(
      metered(inside, () => read, limit, stored.label),
      depth + 1,
    )
  }
  /** What stops in the middle is a problem of the input; what came before it was read. */
  async function* held(chunks: Chunks): Chunks {
    try {
      yield* chunks
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      problems.push({ message: bare(error.message, stored.label) })
    } finally {
      // Whatever stopped above it, the file itself is closed. Not waited for: a read of a pipe may be under way.
      void lowest.return(undefined)
    }
  }
  const lowest = counted()
  return { chunks: held(unwrapped(lowest, 0)), read: () => read, plain: () => !packed, into: wanted => (room = wanted), problems }
}

/** Wrappings within wrappings: nobody does more in earnest. */
const DEEPEST = 4

/** A sentence without the name of the input at its front: reports put it there themselves. */
export function bare(message: string, label: string): string {
  return message.startsWith(`${label}: `) ? message.slice(label.length + 2) : message
}

export interface Headed {
  head: Buffer
  /** Whether the head is all there is. */
  whole: boolean
  /** All of them once more from the front. */
  chunks: Chunks
  /** For who saw enough in the head. */
  stop(): Promise<void>
}

/** The first bytes, at least `size` of them where there are so many. */
export async function withHead(chunks: Chunks, size: number): Promise<Headed> {
  const source = chunks[Symbol.asyncIterator]()
  let head: Buffer = Buffer.alloc(0)
  let whole = false
  while (head.length < size && !whole) {
    const next = await source.next()
    if (next.done) whole = true
    else head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
  }
  async function* again(): Chunks {
    try {
      if (head.length > 0) yield head
      for (let next = whole ? null : await source.next(); next && !next.done; next = await source.next()) yield next.value
    } finally {
      await source.return?.()
    }
  }
  return {
    head,
    whole,
    chunks: again(),
    stop: async () => {
      await source.return?.()
    },
  }
}
