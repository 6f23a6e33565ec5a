import { bytesAt } from '../disk/pieces.ts'
import { u64be } from '../number64.ts'
import { type ByteSource, memorySource } from '../source.ts'
import { sumFits, sumOf } from './checksum.ts'
import { MAGIC, readSuperblock } from './superblock.ts'

/** A copy of the superblock, at the front of another allocation group. */
export interface Copy {
  at: number
  bytes: Buffer
}

const LOG_BLOCKS = [12, 9, 10, 11, 13, 14, 15, 16]
/** As many groups of one size are tried: mkfs makes 4 on one disk, and more where that was grown. */
const MOST_GROUPS = 256
/** What mkfs.xfs makes of a disk of 4 TiB and more: the largest group there may be (xfsprogs, XFS_AG_MAX_BLOCKS). */
const LARGEST = 2 ** 40 - 1
const NO_INODE = 2 ** 64
const MOST_SECTOR = 32_768

/**
 * A sound copy of the superblock that knows the root directory (mkfs writes that into some of them only). Where the second group begins only
 * the superblock tells, so it is looked for where mkfs would let it begin on a disk of this size.
 */
export function findCopy(source: ByteSource): Copy | null {
  for (const log of LOG_BLOCKS) {
    const blockSize = 2 ** log
    const blocks = Math.floor(source.size / blockSize)
    const sizes = new Set([Math.floor(LARGEST / blockSize)])
    for (let groups = 2; groups <= MOST_GROUPS && groups * 64 <= blocks; groups++) sizes.add(Math.ceil(blocks / groups))
    for (const groupBlocks of sizes) {
      const second = bytesAt(source, groupBlocks * blockSize, 4)
      if (second?.readUInt32BE(0) !== MAGIC) continue
      const found = among(source, groupBlocks * blockSize)
      if (found) return found
    }
  }
  return null
}

function among(source: ByteSource, groupSize: number): Copy | null {
  for (let group = 1; group <= MOST_GROUPS && group * groupSize < source.size; group++) {
    const at = group * groupSize
    const bytes = finished(bytesAt(source, at, MOST_SECTOR) ?? bytesAt(source, at, 512))
    if (!bytes || u64be(bytes, 56) >= NO_INODE) continue
    let told = false
    const superblock = readSuperblock(memorySource(bytes), false, () => {
      told = true
    })
    if (superblock && !told && superblock.groupBlocks * superblock.blockSize === groupSize) return { at, bytes }
  }
  return null
}

/** mkfs leaves its mark "being made" (126) in the copies. Without it they are what the first one is; null where it is no sound copy. */
function finished(bytes: Buffer | null): Buffer | null {
  if (bytes?.readUInt32BE(0) !== MAGIC) return null
  const sector = bytes.subarray(0, bytes.readUInt16BE(102))
  if (sector.length < 512) return null
  const isFive = (sector.readUInt16BE(100) & 0xf) === 5
  if (isFive && !sumFits(sector, 224)) return null
  sector.writeUInt8(0, 126)
  if (isFive) sector.writeUInt32LE(sumOf(sector, 224), 224)
  return sector
}
