import type { Problem } from '../../problems/problem.ts'
import { bytesAt } from '../disk/pieces.ts'
import { type ByteSource, stretch } from '../source.ts'
import type { Volume } from './volume.ts'

/**
 * The partition table of the PC: in the first sector, at 446, four entries of 16 bytes, then 55 aa. An extended partition begins with such a
 * sector too: its first entry is a logical partition, its second the next such sector; places count from the extended one's front.
 *
 *     0 active: 80 or 0   4 kind   8 first sector   12 sectors
 */
interface Entry {
  active: number
  kind: number
  first: number
  count: number
}

const SECTOR = 512
const EXTENDED = new Set([0x05, 0x0f, 0x85])
const GPT = 0xee
/** Linux numbers logical partitions from 5 on. */
const FIRST_LOGICAL = 5
const MOST_LOGICAL = 256

/** The partitions; null where the first sector holds no such table: a file system's own first sector may look like it. */
export function readMbr(disk: ByteSource, tell: (problem: Problem) => void): Volume[] | null {
  const table = entriesAt(disk, 0)
  if (!table?.some(entry => entry.kind !== 0 && entry.count > 0)) return null
  const sane = table.every(entry => entry.active % 0x80 === 0 && (entry.kind === 0 || entry.count === 0 || entry.first > 0))
  if (!sane) return null
  const signature = bytesAt(disk, 440, 4)?.readUInt32LE(0) ?? 0
  const volumes: Volume[] = []
  function add(number: number, first: number, count: number): void {
    const offset = first * SECTOR
    const size = count * SECTOR
    if (offset >= disk.size) {
      tell({ message: `MBR: partition ${number} lies outside the disk, at ${offset}, and was not read` })
      return
    }
    if (offset + size > disk.size)
      tell({ message: `MBR: partition ${number} goes on for ${offset + size - disk.size} bytes past the disk's end`, offset })
    const partUuid = `PARTUUID=${signature.toString(16).padStart(8, '0')}-${number.toString(16).padStart(2, '0')}`
    volumes.push({ name: `p${number}`, offset, source: stretch(disk, offset, size), aliases: [partUuid], number })
  }
  table.forEach((entry, nth) => {
    if (entry.kind === 0 || entry.kind === GPT || entry.count === 0) return
    if (EXTENDED.has(entry.kind)) readLogical(disk, entry.first, add, tell)
    else add(nth + 1, entry.first, entry.count)
  })
  return volumes
}

function readLogical(
  disk: ByteSource,
  extended: number,
  add: (number: number, first: number, count: number) => void,
  tell: (problem: Problem) => void,
): void {
  const seen = new Set<number>()
  let number = FIRST_LOGICAL
  for (let at = extended; ; ) {
    if (seen.has(at) || seen.size >= MOST_LOGICAL) {
      tell({ message: 'MBR: the chain of logical partitions runs in a circle', offset: at * SECTOR })
      return
    }
    seen.add(at)
    const table = entriesAt(disk, at * SECTOR)
    if (!table) {
      tell({ message: 'MBR: the chain of logical partitions is broken', offset: at * SECTOR })
      return
    }
    const [logical, next] = table
    if (logical && logical.kind !== 0 && logical.count > 0) add(number++, at + logical.first, logical.count)
    if (!next || !EXTENDED.has(next.kind) || next.count === 0) return
    at = extended + next.first
  }
}

function entriesAt(disk: ByteSource, offset: number): Entry[] | null {
  const sector = bytesAt(disk, offset, SECTOR)
  if (sector?.readUInt16BE(510) !== 0x55aa) return null
  return [0, 1, 2, 3].map(nth => {
    const at = 446 + nth * 16
    return {
      active: sector[at] ?? 0,
      kind: sector[at + 4] ?? 0,
      first: sector.readUInt32LE(at + 8),
      count: sector.readUInt32LE(at + 12),
    }
  })
}
