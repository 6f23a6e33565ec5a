import { setImmediate } from 'node:timers/promises'
import type { Chunks } from './container.ts'
import type { ByteSource } from './source.ts'

/** Puts the next bytes into a place and says how many; 0 at the end. */
export type Fill = (target: Buffer) => Promise<number>

/** Bytes that arrive in chunks, as many at a time as there are: they are copied. */
export function fillFrom(chunks: Chunks): Fill {
  const source = chunks[Symbol.asyncIterator]()
  let chunk: Buffer = Buffer.alloc(0)
  return async target => {
    while (chunk.length === 0) {
      const next = await source.next()
      if (next.done) return 0
      chunk = next.value
    }
    const count = Math.min(chunk.length, target.length)
    // Memory that threads share is copied four times as fast as by `copy`.
    target.fill(chunk, 0, count)
    chunk = chunk.subarray(count)
    return count
  }
}

/**
 * Reads between two moments in which something else may happen, timers and signals among it: a promise for each would cost half as much as
 * the read.
 */
const BREATH = 8

/** The same read again and again, with a breath now and then. */
export function paced(read: (target: Buffer) => number): Fill {
  let reads = 0
  return async target => {
    if (++reads % BREATH === 0) await setImmediate()
    return read(target)
  }
}

/** Bytes that are read straight to where they are wanted. */
export function fillStraight(source: ByteSource): Fill {
  let at = 0
  return paced(target => {
    const count = source.read(at, target)
    at += count
    return count
  })
}
