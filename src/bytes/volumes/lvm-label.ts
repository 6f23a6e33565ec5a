import { crc32 } from 'node:zlib'
import type { Problem } from '../../problems/problem.ts'
import { bytesAt } from '../disk/pieces.ts'
import { u64le } from '../number64.ts'
import type { ByteSource } from '../source.ts'

/** A physical volume of LVM2. */
export interface PhysicalVolume {
  /** 32 characters, without the dashes that the metadata writes. */
  id: string
  source: ByteSource
  /** The volume group's metadata, the newest found on it; null where it keeps none or it is damaged. */
  text: string | null
}

/**
 * The label in one of the first four sectors, the volume's header behind it, then the metadata's ring (lib/format_text/layout.h in LVM2's
 * sources); little-endian.
 *
 *     label    0 "LABELONE"   8 its sector   20 place of the header in it   24 "LVM2 001"
 *     header   0 id, 32 characters   32 size   40 pairs of place and size, a pair of zeros, once for data, once for metadata
 *     metadata 0 checksum   4 magic   24 place   32 size   40 place in the ring (8), size (8), checksum (4), flags (4)
 */
const MAGIC = ' LVM2 x[5A%r0N*>'
const RING_AT = 512
const MOST_TEXT = 64 << 20
/** LVM2's checksums begin with this, and are not inverted at the end. */
const FIRST = 0xf597a6cf

export function readPhysicalVolume(source: ByteSource, tell: (problem: Problem) => void): PhysicalVolume | null {
  for (let sector = 0; sector < 4; sector++) {
    const label = bytesAt(source, sector * 512, 512)
    if (label?.toString('latin1', 0, 8) !== 'LABELONE' || label.toString('latin1', 24, 32) !== 'LVM2 001') continue
    const at = label.readUInt32LE(20)
    if (at + 40 > label.length) continue
    const id = label.toString('latin1', at, at + 32)
    const texts = metadataAreas(label, at + 40).map(area => readMetadata(source, area, tell))
    const newest = texts.filter(text => text !== null).sort((one, other) => sequenceOf(other) - sequenceOf(one))[0]
    return { id, source, text: newest ?? null }
  }
  return null
}

function metadataAreas(label: Buffer, start: number): { offset: number; size: number }[] {
  const lists: { offset: number; size: number }[][] = [[], []]
  let list = 0
  for (let at = start; at + 16 <= label.length && list < 2; at += 16) {
    const area = { offset: u64le(label, at), size: u64le(label, at + 8) }
    if (area.offset === 0) list++
    else lists[list]?.push(area)
  }
  return lists[1] ?? []
}

function readMetadata(
  source: ByteSource,
  area: { offset: number; size: number },
  tell: (problem: Problem) => void,
): string | null {
  const header = bytesAt(source, area.offset, 512)
  if (header?.toString('latin1', 4, 20) !== MAGIC) {
    tell({ message: 'an area of LVM2 metadata has no header', offset: area.offset })
    return null
  }
  const at = u64le(header, 40)
  const size = u64le(header, 48)
  if (at === 0 || size === 0) return null
  const ring = u64le(header, 32)
  if (size > MOST_TEXT || at < RING_AT || at >= ring || size > ring - RING_AT) {
    tell({ message: `LVM2 metadata of ${size} bytes at ${at} in an area of ${ring}`, offset: area.offset })
    return null
  }
  // Text that reaches the ring's end goes on behind the header.
  const first = bytesAt(source, area.offset + at, Math.min(size, ring - at))
  const rest = bytesAt(source, area.offset + RING_AT, Math.max(0, at + size - ring))
  const bytes = first && rest ? Buffer.concat([first, rest]) : null
  if (bytes && sumOf(bytes) === header.readUInt32LE(56)) return bytes.toString('utf8').replace(/\0.*$/s, '')
  tell({ message: 'LVM2 metadata does not fit its checksum', offset: area.offset + at })
  return null
}

function sumOf(bytes: Buffer): number {
  return (crc32(bytes, ~FIRST >>> 0) ^ 0xffffffff) >>> 0
}

function sequenceOf(text: string): number {
  return Number(/^\s*seqno = (\d+)/m.exec(text)?.[1] ?? 0)
}
