import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { Chunks } from '../../bytes/container.ts'
import type { Stored } from '../../bytes/stored.ts'
import { InputError } from '../../problems/problem.ts'
import { statusOf, storeReason } from './reason.ts'
import { type OpenPlace, openPlace } from './registry.ts'

/** What is known of an object before it is read. */
export interface ObjectFacts {
  size: number
  version: string
  /** ms since the epoch. */
  modified: number
}

/**
 * An object as an input: a stream, like a pipe, for a reader that goes back and forth makes a request of each step. What must be read at any
 * place is copied to disk first. `failed` is told what could not be read. Who may have seen enough after `first` bytes says so.
 */
export async function storedObject(
  url: string,
  facts: ObjectFacts,
  failed: (reason: string) => void,
  first: number | null = null,
): Promise<Stored> {
  const place = await openPlace(url)
  const { size, modified } = facts
  const chunks = (): Chunks => whole(place, url, facts, first, failed)
  return { label: url, chunks, again: false, source: () => null, size, mtime: modified, path: null }
}

/** Answers that come broken off one after the other, without a byte, before we give up; the clients try each request again themselves. */
const MOST_FRUITLESS = 3
const PAUSE = 200

/** All bytes from the front; a connection that breaks is taken up where it broke, and never at another version. @throws InputError */
async function* whole(
  place: OpenPlace,
  url: string,
  facts: ObjectFacts,
  first: number | null,
  failed: (reason: string) => void,
): Chunks {
  let at = 0
  let fruitless = 0
  while (at < facts.size) {
    const before = at
    try {
      const end = first !== null && at < first && first < facts.size ? first : null
      const answer = await place.store.read(place.name, facts.version, at, end)
      for await (const chunk of unstalled(answer)) {
        at += chunk.length
        yield chunk
      }
      if (at < (end ?? facts.size)) throw new Error(`ends after ${at} of its ${facts.size} bytes`)
    } catch (error) {
      fruitless = at > before ? 0 : fruitless + 1
      // What was refused stays refused; at the end only a checksum can be wrong.
      if (statusOf(error) !== null || at >= facts.size || fruitless > MOST_FRUITLESS) {
        failed(storeReason(error))
        throw new InputError(`${url}: ${storeReason(error)}`)
      }
      await pause(PAUSE * 2 ** fruitless)
    }
  }
}

/** A stretch of an object. @throws what the client throws. */
export async function stretchOf(place: OpenPlace, version: string, from: number, to: number): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of unstalled(await place.store.read(place.name, version, from, to))) parts.push(part)
  return Buffer.concat(parts)
}

/** ms without a byte: then the connection is dead, whatever it says. */
const STALLED = 60_000

async function* unstalled(answer: Readable): AsyncGenerator<Buffer> {
  const chunks: AsyncIterator<Buffer> = answer[Symbol.asyncIterator]()
  try {
    for (let next = await inTime(chunks.next()); !next.done; next = await inTime(chunks.next())) yield next.value
  } finally {
    // Who stops early, or waited in vain, hears no more of it.
    answer.on('error', () => {})
    answer.destroy()
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no byte came for ${STALLED / 1000} s`)), STALLED)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
