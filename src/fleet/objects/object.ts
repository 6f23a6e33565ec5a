import type { Readable } from 'node:stream'
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
 * place is copied to disk first. `failed` is told what could not be read.
 */
export async function storedObject(url: string, facts: ObjectFacts, manner: Manner): Promise<Stored> {
  const place = await openPlace(url)
  const { size, modified } = facts
  return {
    label: url,
    chunks: () => objectChunks(place, url, facts, manner),
    again: false,
    source: () => null,
    size,
    mtime: modified,
    path: null,
  }
}

export interface Manner {
  failed(reason: string): void
  /** For who will have seen enough soon: a block after the other, for an answer that is not read to its end costs its connection. */
  blocks: boolean
}

/** Answers that come broken off one after the other, without a byte, before we give up; the clients try each request again themselves. */
const MOST_FRUITLESS = 3
const PAUSE = 200

/** All bytes from the front; a connection that breaks is taken up where it broke, and never at another version. @throws InputError */
export async function* objectChunks(
  place: OpenPlace,
  url: string,
  { size, version }: ObjectFacts,
  { failed, blocks }: Manner,
): Chunks {
  let at = 0
  let fruitless = 0
  while (at < size) {
    const before = at
    try {
      const answer = blocks
        ? [await stretchOf(place, version, at, blockEnd(at, size))]
        : unstalled(await place.store.read(place.name, version, at, null))
      for await (const chunk of answer) {
        at += chunk.length
        yield chunk
      }
      if (at === before || (!blocks && at < size)) throw new Error(`ends after ${at} of its ${size} bytes`)
    } catch (error) {
      fruitless = at > before ? 0 : fruitless + 1
      // What was refused stays refused; at the end only a checksum can be wrong.
      if (statusOf(error) !== null || at >= size || fruitless > MOST_FRUITLESS) {
        failed(storeReason(error))
        throw new InputError(`${url}: ${storeReason(error)}`)
      }
      if (fruitless > 0) await new Promise(resolve => setTimeout(resolve, PAUSE * 2 ** fruitless))
    }
  }
}

/** The first does for most objects; what follows it is larger each time. */
export const FIRST_BLOCK = 128 * 1024
const LARGEST_BLOCK = 8 * 2 ** 20

function blockEnd(at: number, size: number): number {
  return Math.min(size, at === 0 ? FIRST_BLOCK : at + Math.min(at * 8, LARGEST_BLOCK))
}

/** A stretch of an object. @throws what the client throws. */
export async function stretchOf(place: OpenPlace, version: string, from: number, to: number): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of unstalled(await place.store.read(place.name, version, from, to))) parts.push(part)
  return Buffer.concat(parts)
}

/** ms without a byte: then the connection is dead. (@google-cloud/storage 7.22 tells nothing of one that breaks: its stream just stays.) */
const STALLED = 20_000

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
