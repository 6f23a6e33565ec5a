import type { Inode } from './inode.ts'
import { NOTHING, type Run } from './run.ts'
import type { Volume } from './volume.ts'

/**
 * The block map of ext2 and ext3 (Documentation/filesystems/ext4/ifork.rst, "Direct/Indirect Block Addressing"): twelve blocks, then one
 * block of block numbers, then one of such blocks, then one of those.
 */
export function mappedRun(volume: Volume, inode: Inode, logical: number): Run {
  const each = volume.blockSize / 4
  if (logical < 12) return follow(inode.map, logical, 12, volume)
  let left = logical - 12
  let span = each
  for (let level = 1; level <= 3; level++) {
    if (left < span) return indirect(volume, inode.map.readUInt32LE((11 + level) * 4), left, span)
    left -= span
    span *= each
  }
  return NOTHING
}

function indirect(volume: Volume, top: number, logical: number, size: number): Run {
  const each = volume.blockSize / 4
  let block = top
  let left = logical
  for (let span = size; ; ) {
    if (block === 0) return { physical: 0, count: span - left }
    const bytes = volume.block(block)
    if (!bytes) {
      volume.tell({ message: `a block map points at block ${block}, past the last block ${volume.superblock.blocks - 1}` })
      return { physical: 0, count: span - left }
    }
    if (span === each) return follow(bytes, left, each, volume)
    span /= each
    block = bytes.readUInt32LE(Math.floor(left / span) * 4)
    left %= span
  }
}

/** Neighbours in a list of block numbers. */
function follow(numbers: Buffer, from: number, end: number, volume: Volume): Run {
  const physical = numbers.readUInt32LE(from * 4)
  let count = 1
  while (from + count < end && numbers.readUInt32LE((from + count) * 4) === (physical === 0 ? 0 : physical + count)) count++
  if (physical + count <= volume.superblock.blocks) return { physical, count }
  volume.tell({
    message: `a block map points at block ${physical + count - 1}, past the last block ${volume.superblock.blocks - 1}`,
  })
  return { physical: 0, count: 1 }
}
