import { crc32 } from 'node:zlib'
import type { Problem } from '../../problems/problem.ts'
import { bytesAt } from '../disk/pieces.ts'
import { u64le } from '../number64.ts'
import { type ByteSource, stretch } from '../source.ts'
import type { Volume } from './volume.ts'

/**
 * A GUID partition table (UEFI specification, chapter 5.3), little-endian. The header in the second sector, its copy in the last:
 *
 *     0 "EFI PART"   12 size of the header   16 its CRC-32   24 where it lies   32 where the other lies   72 where the entries lie
 *     80 entries   84 size of one   88 CRC-32 of all of them
 *     an entry: 0 type   16 GUID   32 first sector   40 last sector   56 name, UTF-16
 */
interface Table {
  sector: number
  entries: Buffer
  entrySize: number
}

const SECTORS = [512, 4096]
const MOST_ENTRIES = 1024

/** The partitions; null where there is no such table. */
export function readGpt(disk: ByteSource, tell: (problem: Problem) => void): Volume[] | null {
  const table = firstTable(disk, tell)
  if (!table) return null
  const volumes: Volume[] = []
  for (let nth = 0; (nth + 1) * table.entrySize <= table.entries.length; nth++) {
    const entry = table.entries.subarray(nth * table.entrySize, (nth + 1) * table.entrySize)
    if (entry.subarray(0, 16).every(byte => byte === 0)) continue
    const offset = u64le(entry, 32) * table.sector
    const size = (u64le(entry, 40) + 1) * table.sector - offset
    const number = nth + 1
    if (size <= 0 || offset >= disk.size) {
      tell({
        message: `GPT: partition ${number} lies outside the disk, at ${offset}, and was not read`,
        offset: nth * table.entrySize,
      })
      continue
    }
    if (offset + size > disk.size)
      tell({ message: `GPT: partition ${number} goes on for ${offset + size - disk.size} bytes past the disk's end`, offset })
    const label = entry.toString('utf16le', 56, Math.min(128, entry.length)).replace(/\0.*$/s, '')
    const aliases = [`PARTUUID=${guidText(entry.subarray(16, 32))}`, ...(label ? [`PARTLABEL=${label}`] : [])]
    volumes.push({ name: `p${number}`, offset, source: stretch(disk, offset, size), aliases, number })
  }
  return volumes
}

/** The table at the front or, where that is damaged, the one at the end; only one whose checksum fits, while there is one. */
function firstTable(disk: ByteSource, tell: (problem: Problem) => void): Table | null {
  const places = SECTORS.map(sector => ({ sector, front: sector, end: disk.size - (disk.size % sector) - sector }))
  for (const { sector, front } of places) {
    const table = tableAt(disk, sector, front)
    if (typeof table !== 'string') return table
  }
  for (const { sector, end } of places) {
    const table = tableAt(disk, sector, end)
    if (typeof table === 'string') continue
    tell({
      message: 'the partition table (GPT) at the front of the disk is damaged: its copy at the end was read',
      offset: sector,
    })
    return table
  }
  if (places.every(({ sector, front }) => tableAt(disk, sector, front) === 'none')) return null
  tell({ message: 'the partition table (GPT) is damaged, and so is its copy: its partitions were not found', offset: 512 })
  return null
}

function tableAt(disk: ByteSource, sector: number, at: number): Table | 'none' | 'damaged' {
  const header = bytesAt(disk, at, 512)
  if (header?.toString('latin1', 0, 8) !== 'EFI PART') return 'none'
  const size = header.readUInt32LE(12)
  const count = header.readUInt32LE(80)
  const entrySize = header.readUInt32LE(84)
  if (size < 92 || size > 512 || entrySize < 128 || entrySize > 4096 || count > MOST_ENTRIES) return 'damaged'
  const copy = Buffer.from(header.subarray(0, size))
  copy.writeUInt32LE(0, 16)
  if (crc32(copy) !== header.readUInt32LE(16)) return 'damaged'
  const entries = bytesAt(disk, u64le(header, 72) * sector, count * entrySize)
  return entries && crc32(entries) === header.readUInt32LE(88) ? { sector, entries, entrySize } : 'damaged'
}

/** A GUID's first three groups are little-endian. */
function guidText(bytes: Buffer): string {
  const hex = (from: number, to: number): string => bytes.toString('hex', from, to)
  const swapped = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).reverse().toString('hex')
  return `${swapped(0, 4)}-${swapped(4, 6)}-${swapped(6, 8)}-${hex(8, 10)}-${hex(10, 16)}`
}
