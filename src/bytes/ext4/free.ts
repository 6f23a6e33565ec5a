import { crc32c } from '../crc32c.ts'
import { type Free, MOST_UNSOUND } from '../free.ts'
import { type Group, groupAt } from './groups.ts'
import type { Volume } from './volume.ts'

/**
 * What the maps of blocks say is free, group by group: one bit a block, or a cluster of blocks, the lowest bit of a byte first
 * (Documentation/filesystems/ext4/bitmaps.rst). A group whose map cannot be trusted is told and left out.
 */
export function* freeOf(volume: Volume): Generator<Free> {
  const { blocks, blocksPerGroup, firstDataBlock, blockSize } = volume.superblock
  const groups = Math.ceil((blocks - firstDataBlock) / blocksPerGroup)
  for (let number = 0, unsound = 0; number < groups && unsound < MOST_UNSOUND; number++) {
    const first = firstDataBlock + number * blocksPerGroup
    const count = Math.min(blocksPerGroup, blocks - first)
    const group = groupAt(volume, number)
    if (group?.neverUsed) {
      yield { from: first * blockSize, size: count * blockSize, neverUsed: true }
      continue
    }
    const map = group ? mapOf(volume, group) : null
    if (first * blockSize >= volume.source.size) return
    if (map) {
      yield* freeIn(map, first, count, volume)
      continue
    }
    unsound++
    volume.tell({ message: `group ${number} of the ext4 file system has no sound map of its blocks: it was not searched` })
  }
}

function mapOf(volume: Volume, { blockBitmap, bitmapSum }: Group): Buffer | null {
  const { blocks, checksumSeed, blocksPerGroup, clusterBlocks } = volume.superblock
  if (blockBitmap === 0 || blockBitmap >= blocks) return null
  const map = volume.block(blockBitmap)
  if (!map || checksumSeed === null || bitmapSum === null) return map
  // fs/ext4/bitmap.c, ext4_block_bitmap_csum_verify: over the group's bits, however long the block is.
  const sum = crc32c(checksumSeed, map.subarray(0, blocksPerGroup / clusterBlocks / 8))
  return (bitmapSum.bits === 32 ? sum : sum & 0xffff) === bitmapSum.value ? map : null
}

function* freeIn(
  map: Buffer,
  first: number,
  count: number,
  { superblock: { clusterBlocks }, blockSize }: Volume,
): Generator<Free> {
  const bits = Math.min(Math.ceil(count / clusterBlocks), map.length * 8)
  for (let bit = 0; bit < bits; ) {
    const used = isUsed(map, bit)
    let end = bit + 1
    while (end < bits && isUsed(map, end) === used) end += end % 8 === 0 && map[end >> 3] === (used ? 255 : 0) ? 8 : 1
    const from = bit * clusterBlocks
    const to = Math.min(end * clusterBlocks, count)
    if (!used) yield { from: (first + from) * blockSize, size: (to - from) * blockSize, neverUsed: false }
    bit = end
  }
}

function isUsed(map: Buffer, bit: number): boolean {
  return (((map[bit >> 3] ?? 255) >> (bit & 7)) & 1) !== 0
}
