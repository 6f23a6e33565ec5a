import { crc32c } from '../crc32c.ts'
import { type Inode, inodeSeed } from './inode.ts'
import { NOTHING, type Run } from './run.ts'
import type { Volume } from './volume.ts'

/**
 * A node of an extent tree (Documentation/filesystems/ext4/ifork.rst, "Extent Tree"): in the inode's 60 bytes, below that in blocks.
 *
 *     ┌─ magic f30a  ┌─ entries ┌─ max ┌─ depth: 0 is a leaf            12 bytes, then entries of 12
 *     0              2          4      6
 *     leaf:   0 first block of the file   4 length (above 32768: promised, not written)   6 place (high)   8 place (low)
 *     above:  0 first block of the file   4 node's block (low)   8 (high)
 */
const HEADER = 12
const ENTRY = 12
const MAGIC = 0xf30a
/** fs/ext4/ext4_extents.h, EXT4_MAX_EXTENT_DEPTH. */
const MAX_DEPTH = 5
const WRITTEN = 32768

export function extentRun(volume: Volume, inode: Inode, logical: number): Run {
  let node = inode.map
  let end = Number.POSITIVE_INFINITY
  let depth = -1
  for (;;) {
    const count = entries(volume, inode, node, depth)
    if (count === 0) return { physical: 0, count: end - logical }
    depth = node.readUInt16LE(6)
    const at = lastNotAfter(node, count, logical)
    if (at + 1 < count) end = Math.min(end, Math.max(logical + 1, node.readUInt32LE(HEADER + (at + 1) * ENTRY)))
    if (at < 0) return { physical: 0, count: end - logical }
    const entry = HEADER + at * ENTRY
    if (depth === 0) return leaf(volume, inode, node, entry, logical, end)
    const below = volume.block(node.readUInt32LE(entry + 4) + node.readUInt16LE(entry + 8) * 2 ** 32)
    if (!below) {
      volume.tell({ message: `inode ${inode.number}: its extent tree leads past the last block` })
      return { physical: 0, count: end - logical }
    }
    node = below
  }
}

function leaf(volume: Volume, inode: Inode, node: Buffer, entry: number, logical: number, end: number): Run {
  const first = node.readUInt32LE(entry)
  const length = node.readUInt16LE(entry + 4)
  const blocks = length > WRITTEN ? length - WRITTEN : length
  const into = logical - first
  if (into >= blocks) return end === Number.POSITIVE_INFINITY ? NOTHING : { physical: 0, count: end - logical }
  const count = Math.min(blocks - into, end - logical)
  if (length > WRITTEN) return { physical: 0, count }
  const start = node.readUInt32LE(entry + 8) + node.readUInt16LE(entry + 6) * 2 ** 32
  if (start > 0 && start + blocks <= volume.superblock.blocks) return { physical: start + into, count }
  volume.tell({ message: `inode ${inode.number}: an extent at block ${start} leads past the last block` })
  return { physical: 0, count }
}

/** How many entries a node holds; 0 and told where it is none. */
function entries(volume: Volume, inode: Inode, node: Buffer, above: number): number {
  const count = node.readUInt16LE(2)
  const depth = node.readUInt16LE(6)
  const room = Math.floor((node.length - HEADER) / ENTRY)
  const sound = node.readUInt16LE(0) === MAGIC && count <= room && depth <= MAX_DEPTH && (above < 0 || depth === above - 1)
  if (!sound) {
    volume.tell({ message: `inode ${inode.number}: a node of its extent tree is damaged` })
    return 0
  }
  if (above >= 0 && !sumFits(volume, inode, node))
    volume.tell({ message: `inode ${inode.number}: a node of its extent tree does not fit its checksum` })
  return count
}

/** A node in a block ends with a checksum over what is before it (fs/ext4/extents.c, ext4_extent_block_csum). */
const checked = new WeakSet<Buffer>()
function sumFits(volume: Volume, inode: Inode, node: Buffer): boolean {
  if (volume.superblock.checksumSeed === null || checked.has(node)) return true
  checked.add(node)
  const tail = HEADER + node.readUInt16LE(4) * ENTRY
  if (tail + 4 > node.length) return false
  return crc32c(inodeSeed(volume.superblock, inode), node.subarray(0, tail)) === node.readUInt32LE(tail)
}

/** The last entry that begins at or before a block of the file; -1 where none does. */
function lastNotAfter(node: Buffer, count: number, logical: number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if (node.readUInt32LE(HEADER + middle * ENTRY) <= logical) low = middle + 1
    else high = middle
  }
  return low - 1
}
