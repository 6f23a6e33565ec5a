import { INCOMPAT } from './features.ts'
import type { Superblock } from './superblock.ts'
import type { Volume } from './volume.ts'

/** What a group's descriptor says of it. */
export interface Group {
  inodeTable: number
  blockBitmap: number
  /** No block of it was ever given to a file. */
  neverUsed: boolean
  /** The checksum of its map of blocks, as far as it is kept. */
  bitmapSum: { value: number; bits: 16 | 32 }
}

const NEVER_USED = 2
/** Features by which flags mean something in descriptors (gdt_csum, metadata_csum). */
const HAS_FLAGS = 0x410

/** Null where the descriptor cannot be read. */
export function groupAt(volume: Volume, number: number): Group | null {
  const bytes = descriptor(volume, number)
  if (!bytes) return null
  const wide = volume.superblock.descriptorSize >= 64
  const place = (low: number, high: number): number => bytes.readUInt32LE(low) + (wide ? bytes.readUInt32LE(high) * 2 ** 32 : 0)
  return {
    blockBitmap: place(0, 0x20),
    inodeTable: place(8, 0x28),
    neverUsed: (volume.superblock.roCompat & HAS_FLAGS) !== 0 && (bytes.readUInt16LE(0x12) & NEVER_USED) !== 0,
    bitmapSum: {
      value: bytes.readUInt16LE(0x18) + (wide ? bytes.readUInt16LE(0x38) * 65536 : 0),
      bits: wide ? 32 : 16,
    },
  }
}

/**
 *     0x00 0x20 map of blocks   0x08 0x28 inode table   0x12 flags: 2 no block ever used   0x18 0x38 checksum of the map of blocks
 *
 * Group descriptors lie in the blocks after the superblock; with meta groups, each block of them at the front of the groups it describes
 * (Documentation/filesystems/ext4/blockgroup.rst, "Meta Block Groups").
 */
function descriptor(volume: Volume, group: number): Buffer | null {
  const { superblock } = volume
  const each = Math.floor(superblock.blockSize / superblock.descriptorSize)
  const nth = Math.floor(group / each)
  const meta = (superblock.incompat & INCOMPAT.metaGroups) !== 0 && nth >= superblock.firstMetaGroup
  const first = nth * each
  // With blocks of 1 KiB the superblock is block 1, even where clusters make the first data block 0 (fs/ext4/super.c, descriptor_loc).
  const front = Math.floor(1024 / superblock.blockSize)
  const before = hasSuperblock(superblock, first) ? 1 + (nth === 0 ? front - superblock.firstDataBlock : 0) : 0
  const block = meta ? superblock.firstDataBlock + first * superblock.blocksPerGroup + before : front + 1 + nth
  const bytes = volume.block(block)
  if (!bytes) return null
  const at = (group % each) * superblock.descriptorSize
  return bytes.subarray(at, at + superblock.descriptorSize)
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
