import { BB, type Overlay } from '../overlay.ts'
import type { Superblock } from '../superblock.ts'
import { blockPlace } from '../volume.ts'
import type { Item } from './transactions.ts'

/**
 * New inodes, all free, where there was something else (xfs_log_format.h, struct xfs_icreate_log; big-endian but for its first word):
 *
 *     type(2) regions(2) group(4) block(4) count(4) inode size(4) length(4, blocks) generation(4)
 */
export interface CreateItem {
  /** In basic blocks. */
  place: number
  count: number
}

/** Inodes are made so many at a time, or a block of them where that is more (XFS_INODES_PER_CHUNK). */
const CHUNK = 64

export function readCreateItem(item: Item, superblock: Superblock): CreateItem | null {
  const [format] = item.regions
  if (!format || format.length < 28) return null
  const group = format.readUInt32BE(4)
  const block = format.readUInt32BE(8)
  const count = format.readUInt32BE(12)
  const size = format.readUInt32BE(16)
  const length = format.readUInt32BE(20)
  const most = Math.max(CHUNK, 2 ** superblock.inodesPerBlockLog)
  const fits = size === superblock.inodeSize && count > 0 && count <= most && count * size === length * superblock.blockSize
  const place = fits ? blockPlace(superblock, group * 2 ** superblock.groupBlockLog + block, length) : null
  return place === null ? null : { place: place / BB, count: (length * superblock.blockSize) / BB }
}

/**
 * What a free inode says that nothing has used yet. Its number and uuid are left out: whatever uses it logs them, and until then no name
 * leads to it. So all of them can share the same blocks in memory.
 */
export function replayCreate(device: Overlay, superblock: Superblock, { place, count }: CreateItem): void {
  const blank = Buffer.alloc(superblock.inodeSize)
  blank.write('IN', 0)
  blank.writeUInt8(superblock.version === 5 ? 3 : 2, 4)
  const blanks = blank.length < BB ? Buffer.concat([blank, blank]) : blank
  for (let at = 0; at < count * BB; at += blanks.length) device.write(place * BB + at, blanks)
}
