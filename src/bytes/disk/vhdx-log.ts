import type { Problem } from '../../problems/problem.ts'
import { crc32c } from '../crc32c.ts'
import { u64le } from '../number64.ts'
import type { ByteSource } from '../source.ts'
import { bytesAt } from './pieces.ts'

/**
 * The log ([MS-VHDX] 2.3): changes to tables that may not be in place, as a host that crashed leaves them. A ring of entries, each of whole
 * sectors of 4096 bytes:
 *
 *     0 "loge"   4 checksum   8 length   12 tail   16 number   24 descriptors   32 the log's GUID   64 descriptors of 32 bytes:
 *     "desc"   4 last 4 bytes   8 first 8 bytes   16 place   24 number        then a sector for each: "data", number (high), 4084 bytes, number (low)
 *     "zero"   8 length   16 place   24 number
 */
const SECTOR = 4096
const HEADERS = [65536, 131072]
const MOST_LOG = 1 << 28

interface Header {
  sequence: number
  guid: string
  logLength: number
  logOffset: number
}

interface Entry {
  sequence: number
  at: number
  length: number
  tail: number
  bytes: Buffer
}

/** The image with its log in place, in memory. */
export function replayVhdx(image: ByteSource, tell: (problem: Problem) => void): ByteSource {
  const header = HEADERS.map(at => parseHeader(bytesAt(image, at, SECTOR)))
    .filter(one => one !== null)
    .sort((one, other) => other.sequence - one.sequence)[0]
  if (!header || /^0*$/.test(header.guid)) return image
  const entries = header.logLength <= MOST_LOG ? activeSequence(image, header) : []
  if (entries.length === 0) {
    tell({ message: 'the VHDX says that its log is not empty, but it holds nothing that fits: it was read without' })
    return image
  }
  return overlaid(image, sectorsOf(entries))
}

function parseHeader(bytes: Buffer | null): Header | null {
  if (bytes?.toString('latin1', 0, 4) !== 'head' || !sumFits(bytes)) return null
  return {
    sequence: u64le(bytes, 8),
    guid: bytes.toString('hex', 48, 64),
    logLength: bytes.readUInt32LE(68),
    logOffset: u64le(bytes, 72),
  }
}

function sumFits(bytes: Buffer): boolean {
  const copy = Buffer.from(bytes)
  copy.writeUInt32LE(0, 4)
  return (crc32c(0xffffffff, copy) ^ 0xffffffff) >>> 0 === bytes.readUInt32LE(4)
}

/** The longest run of entries with the highest number ([MS-VHDX] 2.3.3): from an entry's tail up to that entry. */
function activeSequence(image: ByteSource, header: Header): Entry[] {
  const log = bytesAt(image, header.logOffset, header.logLength)
  if (!log) return []
  const entries = new Map<number, Entry>()
  for (let at = 0; at + SECTOR <= log.length; at += SECTOR) {
    const entry = parseEntry(log, at, header.guid)
    if (entry) entries.set(at, entry)
  }
  const newestFirst = [...entries.values()].sort((one, other) => other.sequence - one.sequence)
  for (const last of newestFirst) {
    const run: Entry[] = []
    for (
      let next = entries.get(last.tail);
      next && run.length <= entries.size;
      next = entries.get((next.at + next.length) % log.length)
    ) {
      const before = run.at(-1)
      if (before && next.sequence !== before.sequence + 1) break
      run.push(next)
      if (next === last) return run
    }
  }
  return []
}

function parseEntry(log: Buffer, at: number, guid: string): Entry | null {
  if (log.toString('latin1', at, at + 4) !== 'loge' || log.toString('hex', at + 32, at + 48) !== guid) return null
  const length = log.readUInt32LE(at + 8)
  if (length === 0 || length % SECTOR !== 0 || length > log.length) return null
  const bytes = Buffer.concat([log.subarray(at, at + length), log.subarray(0, Math.max(0, at + length - log.length))])
  return sumFits(bytes) ? { sequence: u64le(bytes, 16), at, length, tail: log.readUInt32LE(at + 12), bytes } : null
}

/** Sectors by their place; null for zeros. */
function sectorsOf(entries: readonly Entry[]): Map<number, Buffer | null> {
  const sectors = new Map<number, Buffer | null>()
  for (const { bytes } of entries) {
    const count = Math.min(bytes.readUInt32LE(24), Math.floor((bytes.length - 64) / 32))
    let data = Math.ceil((64 + count * 32) / SECTOR) * SECTOR
    for (let nth = 0; nth < count; nth++) {
      const descriptor = bytes.subarray(64 + nth * 32, 96 + nth * 32)
      const place = u64le(descriptor, 16)
      if (descriptor.toString('latin1', 0, 4) === 'zero') {
        const end = Math.min(u64le(descriptor, 8), MOST_LOG)
        for (let at = 0; at < end; at += SECTOR) sectors.set(place + at, null)
      } else if (data + SECTOR <= bytes.length) {
        const middle = bytes.subarray(data + 8, data + SECTOR - 4)
        sectors.set(place, Buffer.concat([descriptor.subarray(8, 16), middle, descriptor.subarray(4, 8)]))
        data += SECTOR
      }
    }
  }
  return sectors
}

function overlaid(image: ByteSource, sectors: ReadonlyMap<number, Buffer | null>): ByteSource {
  const size = Math.max(image.size, ...[...sectors.keys()].map(place => place + SECTOR).slice(0, 65536))
  return {
    size,
    read: (offset, target) => {
      const whole = Math.max(0, Math.min(target.length, size - offset))
      const got = image.read(offset, target.subarray(0, whole))
      target.fill(0, got, whole)
      for (let at = Math.floor(offset / SECTOR) * SECTOR; at < offset + whole; at += SECTOR) {
        const sector = sectors.get(at)
        if (sector === undefined) continue
        const from = Math.max(at, offset)
        const to = Math.min(at + SECTOR, offset + whole)
        const part = target.subarray(from - offset, to - offset)
        if (sector === null) part.fill(0)
        else part.set(sector.subarray(from - at, to - at))
      }
      return whole
    },
    close: () => image.close(),
  }
}
