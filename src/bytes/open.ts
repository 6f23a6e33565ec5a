import { InputError, type Problem } from '../problems/problem.ts'
import { type Chunks, HEAD } from './container.ts'
import { type Limit, metered, USUAL_LIMIT } from './meter.ts'
import { containers } from './registry.ts'
import type { ByteSource } from './source.ts'
import type { Stored } from './stored.ts'

/** The bytes of one input, unwrapped. */
export interface Bytes {
  chunks: Chunks
  /** From now on each chunk will be done with before the next is asked for. */
  lend(): void
  /** Bytes read so far of what is stored (packed, where it is packed). */
  read(): number
  /** Whether what is read is just what is stored: then any part of it can be had again. Known once a chunk was read. */
  plain(): boolean
  /** The same bytes at any place, where that is so and there is a cheap way; what cannot be read stands in `problems`. The caller closes it. */
  source(): ByteSource | null
  problems: Problem[]
}

/** Bytes as they are inside whatever they come wrapped in, be it several deep. */
export function openBytes(stored: Stored, limit: Limit = USUAL_LIMIT): Bytes {
  const problems: Problem[] = []
  let read = 0
  /** Wrappings that were found. */
  let wrappings = 0
  let lent = false
  /** Whoever unpacks what is so deep keeps some of it. */
  const lentAt = (depth: number) => lent && depth === wrappings
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of stored.chunks()) {
      read += chunk.length
      yield stored.lends && !lentAt(0) ? Buffer.from(chunk) : chunk
    }
  }
  async function* unwrapped(chunks: Chunks, depth: number): Chunks {
    const { head, chunks: all } = await withHead(chunks, HEAD)
    const container = depth < DEEPEST ? containers.find(one => one.sniff(head)) : undefined
    if (!container) {
      yield* all
      return
    }
    const inner = ++wrappings
    const inside = container.unpack(
      all,
      problem => problems.push(problem),
      () => lentAt(inner),
    )
    yield* unwrapped(
      metered(inside, () => read, limit, stored.label),
      inner,
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
  function watched(source: ByteSource): ByteSource {
    return {
      size: source.size,
      ...(source.fd !== undefined && { fd: source.fd }),
      close: () => source.close(),
      read: (offset, target) => {
        try {
          const count = source.read(offset, target)
          read = Math.max(read, offset + count)
          return count
        } catch (error) {
          if (!(error instanceof InputError)) throw error
          problems.push({ message: bare(error.message, stored.label) })
          return 0
        }
      },
    }
  }
  return {
    chunks: held(unwrapped(lowest, 0)),
    lend: () => {
      lent = true
    },
    read: () => read,
    plain: () => wrappings === 0,
    source: () => {
      const source = wrappings > 0 ? null : stored.source()
      return source && watched(source)
    },
    problems,
  }
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

const EMPTY = Buffer.alloc(0)

/** The first bytes, at least `size` of them where there are so many. */
export async function withHead(chunks: Chunks, size: number): Promise<Headed> {
  const source = chunks[Symbol.asyncIterator]()
  const pieces: Buffer[] = []
  let whole = false
  for (let length = 0; length < size; ) {
    const next = await source.next()
    whole = next.done === true
    if (next.done) break
    pieces.push(next.value)
    length += next.value.length
  }
  const head = pieces.length === 1 ? (pieces[0] ?? EMPTY) : Buffer.concat(pieces)
  async function* again(): Chunks {
    try {
      yield* pieces
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
