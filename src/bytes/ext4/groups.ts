import { INCOMPAT } from './features.ts'
import type { Superblock } from './superblock.ts'
import type { Volume } from './volume.ts'

/** What a group's descriptor says of it. */
export interface Group {
  inodeTable: number
  blockBitmap: number
  /** No block of it was ever given to a file. */
  neverUsed: boolean
  /** The checksum of its map of blocks, as far as it is kept; null where it is not kept up. */
  bitmapSum: { value: number; bits: 16 | 32 } | null
}

const NEVER_USED = 2
/** Features by which flags mean something in descriptors (gdt_csum, metadata_csum). */
const HAS_FLAGS = 0x410

/**
 * Null where the descriptor cannot be read.
 *
 * Group descriptors lie in the blocks after the superblock; with meta groups, each block of them at the front of the groups it describes
 * (Documentation/filesystems/ext4/blockgroup.rst, "Meta Block Groups"). Of those after the superblock each of its copies has copies.
 */
export function groupAt(volume: Volume, number: number): Group | null {
  const { superblock, copies, tell } = volume
  const nth = Math.floor(number / eachBlock(superblock))
  const isMeta = (superblock.incompat & INCOMPAT.metaGroups) !== 0 && nth >= superblock.firstMetaGroup
  const stored = descriptor(volume, number, isMeta ? metaPlace(superblock, nth) : front(superblock) + 1 + nth)
  if (isMeta || (copies === null && isPossible(stored, superblock))) return stored
  const copy = descriptor(volume, number, superblock.firstDataBlock + (copies ?? 1) * superblock.blocksPerGroup + 1 + nth)
  // Where a table lies never changes, so a copy is right about it; what changes is not kept up in copies.
  if (!isPossible(copy, superblock) || stored?.inodeTable === copy.inodeTable) return stored
  tell({
    message: `group descriptors of the ext4 file system are damaged: their copies in group ${copies ?? 1} were read instead`,
  })
  return { ...copy, neverUsed: false, bitmapSum: null }
}

function isPossible(group: Group | null, { blocks }: Superblock): group is Group {
  return group !== null && group.inodeTable > 0 && group.inodeTable < blocks
}

/**
 *     0x00 0x20 map of blocks   0x08 0x28 inode table   0x12 flags: 2 no block ever used   0x18 0x38 checksum of the map of blocks
 */
function descriptor(volume: Volume, number: number, place: number): Group | null {
  const { descriptorSize, roCompat } = volume.superblock
  const block = volume.block(place)
  if (!block) return null
  const at = (number % eachBlock(volume.superblock)) * descriptorSize
  const bytes = block.subarray(at, at + descriptorSize)
  const isWide = descriptorSize >= 64
  const wide = (low: number, high: number): number => bytes.readUInt32LE(low) + (isWide ? bytes.readUInt32LE(high) * 2 ** 32 : 0)
  return {
    blockBitmap: wide(0, 0x20),
    inodeTable: wide(8, 0x28),
    neverUsed: (roCompat & HAS_FLAGS) !== 0 && (bytes.readUInt16LE(0x12) & NEVER_USED) !== 0,
    bitmapSum: {
      value: bytes.readUInt16LE(0x18) + (isWide ? bytes.readUInt16LE(0x38) * 65536 : 0),
      bits: isWide ? 32 : 16,
    },
  }
}

function eachBlock({ blockSize, descriptorSize }: Superblock): number {
  return Math.floor(blockSize / descriptorSize)
}

/** With blocks of 1 KiB the superblock is block 1, even where clusters make the first data block 0 (fs/ext4/super.c, descriptor_loc). */
function front({ blockSize }: Superblock): number {
  return Math.floor(1024 / blockSize)
}

function metaPlace(superblock: Superblock, nth: number): number {
  const first = nth * eachBlock(superblock)
  const before = hasSuperblock(superblock, first) ? 1 + (nth === 0 ? front(superblock) - superblock.firstDataBlock : 0) : 0
  return superblock.firstDataBlock + first * superblock.blocksPerGroup + before
}

/** With sparse_super: groups 0, 1 and the powers of 3, 5 and 7. */
function hasSuperblock(superblock: Superblock, group: number): boolean {
  if (group <= 1 || (superblock.roCompat & 1) === 0) return true
  return [3, 5, 7].some(base => {
    let power = base
    while (power < group) power *= base
    return power === group
  })
}
