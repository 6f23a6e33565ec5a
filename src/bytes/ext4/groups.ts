import { INCOMPAT } from './features.ts'
import type { Superblock } from './superblock.ts'
import type { Volume } from './volume.ts'

/**
 * Where the inodes of a group lie; null where its descriptor cannot be read.
 *
 * Group descriptors lie in the blocks after the superblock; with meta groups, each block of them at the front of the groups it describes
 * (Documentation/filesystems/ext4/blockgroup.rst, "Meta Block Groups").
 */
export function inodeTable(volume: Volume, group: number): number | null {
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
  return bytes.readUInt32LE(at + 8) + (superblock.descriptorSize >= 64 ? bytes.readUInt32LE(at + 0x28) * 2 ** 32 : 0)
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
