import { constants, crc32, inflateRawSync } from 'node:zlib'
import { InputError, type Problem } from '../problems/problem.ts'
import type { Member } from './archive.ts'
import { bzip2 } from './bzip2.ts'
import type { Chunks } from './container.ts'
import { Inflate } from './inflate.ts'
import type { Scratch } from './scratch.ts'
import { type ByteSource, bytesOf, chunksOf, stretch } from './source.ts'
import { xz } from './xz.ts'
import { zstd } from './zstd.ts'

/** Where a file's bytes lie, and how. */
export interface Place {
  /** Offset of its local header. */
  header: number
  /** Bytes it takes in the zip. */
  stored: number
  method: number
  crc: number
}

export interface ZipMember extends Member {
  place: Place
}

/**
 * Where the bytes begin behind the local header, whose name and extra field may be longer than the directory says.
 *
 *     50 4b 03 04  version(2) flags(2) method(2) time(2) date(2) crc(4) stored(4) size(4) name length(2) extra length(2)  name extra  bytes…
 */
function dataOf({ place: { header, stored } }: ZipMember, source: ByteSource, label: string, more = 0): ByteSource {
  const head = Buffer.alloc(30)
  if (source.read(header, head) < 30 || head.readUInt32LE() !== 0x0403_4b50) {
    throw new InputError(`${label}: the zip is damaged, its file is not where its directory says`)
  }
  return stretch(source, header + 30 + head.readUInt16LE(26) + head.readUInt16LE(28), stored + more)
}

/** A file from the front; its checksum is compared at the end, for no library does. */
export async function* unpacked(member: ZipMember, source: ByteSource, label: string): Chunks {
  let sum = 0
  const problems: Problem[] = []
  for await (const text of decoded(member, source, label, problem => problems.push(problem))) {
    sum = crc32(text, sum)
    yield text
  }
  if (problems[0]) throw new InputError(`${label}: ${problems[0].message}`)
  if (sum >>> 0 !== member.place.crc)
    throw new InputError(`${label}: the zip is damaged: the file does not fit its checksum (CRC-32)`)
}

function decoded(member: ZipMember, source: ByteSource, label: string, tell: (problem: Problem) => void): Chunks {
  const { method } = member.place
  const chunks = chunksOf(dataOf(member, source, label, method === 8 ? BEHIND : 0))
  const inner = { 12: bzip2, 93: zstd, 95: xz }[method]
  if (inner) return inner.unpack(chunks, tell)
  if (method === 0) return chunks
  if (method === 8) return inflated(chunks, label)
  throw new InputError(`${label}: is compressed by a method of zip that cannot be read here (${method})`)
}

/** node:zlib tells the end of a deflate stream only where something follows it. In a zip something always does. */
const BEHIND = 16

async function* inflated(chunks: Chunks, label: string): Chunks {
  const inflate = new Inflate()
  try {
    for await (const chunk of chunks) {
      await inflate.feed(chunk)
      yield* inflate.texts()
      if (inflate.error) throw new InputError(`${label}: the zip is damaged (${inflate.error})`)
      if (inflate.ended) return
    }
    throw new InputError(`${label}: the zip is cut off inside this file`)
  } finally {
    inflate.close()
  }
}

/** More than this is not unpacked in one go. */
const MOST_AT_ONCE = 2 ** 30

/** A file at any place: where it lies when it lies plain, else from a temporary copy. */
export function spooled(member: ZipMember, source: ByteSource, scratch: Scratch, label: string): ByteSource {
  const { method, crc } = member.place
  const data = dataOf(member, source, label)
  if (method === 0) return data
  if (method !== 8)
    throw new InputError(`${label}: is compressed by a method of zip that cannot be read at any place (${method})`)
  if (member.size > MOST_AT_ONCE || data.size > MOST_AT_ONCE) throw new InputError(`${label}: is too large to be unpacked`)
  let bytes: Buffer
  try {
    bytes = inflateRawSync(bytesOf(data), { maxOutputLength: Math.max(1, member.size), finishFlush: constants.Z_SYNC_FLUSH })
  } catch (error) {
    throw new InputError(`${label}: the zip is damaged (${(error as Error).message})`) // what node:zlib throws
  }
  if (crc32(bytes) !== crc) throw new InputError(`${label}: the zip is damaged: the file does not fit its checksum (CRC-32)`)
  const from = scratch.length
  scratch.append(bytes)
  return scratch.since(from)
}
