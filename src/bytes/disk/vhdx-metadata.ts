import { InputError } from '../../problems/problem.ts'
import { u64le } from '../number64.ts'
import type { ByteSource } from '../source.ts'
import { bytesAt } from './pieces.ts'
import { type ParentLocator, readParentLocator } from './vhdx-parent.ts'

export interface Region {
  offset: number
  size: number
}

/** What the metadata region says of the disk ([MS-VHDX] 2.6). */
export interface VhdxMetadata {
  size: number
  blockSize: number
  sectorSize: number
  /** Of the image that it stands on; null where it stands alone. */
  parent: ParentLocator | null
}

const TABLES = [192 * 1024, 256 * 1024]
/** GUIDs as their bytes lie. */
const REGION = { bat: '6677c22d23f600429d64115e9bfd4a08', metadata: '06a27c8b90479a4bb8fe575f050f886e' } as const
const ITEM = {
  file: '3767a1ca36fa434db3b633f0aa44e76b',
  size: '2442a52f1bcd7648b2115dbed83bf4b8',
  sector: '1dbf41816fa90947ba47f233a8faab5f',
  parent: '2d5fd3a80bb34d45abf7d3d84834ab0c',
} as const

/** The region table ([MS-VHDX] 2.2.3): 0 "regi"   8 entries   16 entries of 32 bytes: GUID, place (8), length (4), required (4). */
export function regions(image: ByteSource): { bat: Region; metadata: Region } {
  const table = TABLES.map(at => bytesAt(image, at, 65536)).find(bytes => bytes?.toString('latin1', 0, 4) === 'regi')
  const found = new Map<string, Region>()
  const count = Math.min(table?.readUInt32LE(8) ?? 0, 2047)
  for (let nth = 0; table && nth < count; nth++) {
    const at = 16 + nth * 32
    found.set(table.toString('hex', at, at + 16), { offset: u64le(table, at + 16), size: table.readUInt32LE(at + 24) })
  }
  const bat = found.get(REGION.bat)
  const metadata = found.get(REGION.metadata)
  if (!bat || !metadata) throw new InputError('a VHDX image whose region table is missing or damaged')
  return { bat, metadata }
}

/** The metadata table ([MS-VHDX] 2.6.1): 0 "metadata"   10 entries   32 entries of 32 bytes: GUID, place in the region (4), length (4). */
export function readVhdxMetadata(image: ByteSource, region: Region): VhdxMetadata {
  const table = bytesAt(image, region.offset, 65536)
  if (table?.toString('latin1', 0, 8) !== 'metadata')
    throw new InputError('a VHDX image whose metadata table is missing or damaged')
  const items = new Map<string, Buffer>()
  let parent: ParentLocator | null = null
  const count = Math.min(table.readUInt16LE(10), 2047)
  for (let nth = 0; nth < count; nth++) {
    const at = 32 + nth * 32
    const place = region.offset + table.readUInt32LE(at + 16)
    const value = bytesAt(image, place, 8)
    if (table.toString('hex', at, at + 16) === ITEM.parent) parent = readParentLocator(image, place, table.readUInt32LE(at + 20))
    if (value) items.set(table.toString('hex', at, at + 16), value)
  }
  const file = items.get(ITEM.file)
  const size = items.get(ITEM.size)
  const sector = items.get(ITEM.sector)
  if (!file || !size || !sector) throw new InputError('a VHDX image whose metadata does not tell its size')
  const found = {
    size: u64le(size, 0),
    blockSize: file.readUInt32LE(0),
    sectorSize: sector.readUInt32LE(0),
    parent: (file.readUInt32LE(4) & 2) !== 0 ? (parent ?? { names: [], linkages: [] }) : null,
  }
  const sound =
    found.blockSize >= 2 ** 20 && found.blockSize <= 2 ** 28 && [512, 4096].includes(found.sectorSize) && found.size <= 2 ** 46
  if (sound && (found.blockSize & (found.blockSize - 1)) === 0) return found
  throw new InputError(`a VHDX image of ${found.size} bytes in blocks of ${found.blockSize} and sectors of ${found.sectorSize}`)
}
