import { type Free, MOST_UNSOUND } from '../free.ts'
import { sumFits } from './checksum.ts'
import { readAt, type Volume } from './volume.ts'

const HEADER = 0x58414746 // 'XAGF'
const TREE = { 4: 0x41425442 /* 'ABTB' */, 5: 0x41423342 /* 'AB3B' */ } as const
/** No tree over a group's blocks is higher (kernel fs/xfs/libxfs/xfs_alloc_btree.c, xfs_allocbt_maxlevels_ondisk). */
const HIGHEST = 9
const RECORD = 8

/**
 * What each allocation group's tree of free space, ordered by place, says (XFS Algorithms & Data Structures, "AG Free Space Management").
 * A group whose tree cannot be trusted is told and left out.
 */
export function* freeOf(volume: Volume): Generator<Free> {
  const { superblock, tell } = volume
  for (let number = 0, unsound = 0; number < superblock.groups && unsound < MOST_UNSOUND; number++) {
    const length = Math.min(superblock.groupBlocks, superblock.blocks - number * superblock.groupBlocks)
    const group: Group = { volume, start: number * superblock.groupBlocks, length, last: 0 }
    const root = rootOf(group)
    const whole = root !== null && (yield* below(group, root.block, root.level - 1))
    if (whole) continue
    if (group.start * superblock.blockSize >= volume.device.size) return
    unsound++
    tell({
      message: `allocation group ${number} of the XFS file system has no sound tree of its free space: not all of it was searched`,
    })
  }
}

interface Group {
  volume: Volume
  /** Its first block, counted through the whole device. */
  start: number
  length: number
  /** The end of the last stretch: they rise, so that no tree goes in circles. */
  last: number
}

/**
 * The group's header, its second sector (xfs_format.h, struct xfs_agf), big-endian:
 *
 *     0 "XAGF"   8 number   12 length   16 root of the tree by place   28 its levels   216 crc (v5)
 */
function rootOf({ volume, start }: Group): { block: number; level: number } | null {
  const { device, superblock } = volume
  const place = start * superblock.blockSize + superblock.sectorSize
  const bytes = readAt(device, place, superblock.sectorSize)
  if (bytes?.readUInt32BE(0) !== HEADER) return null
  if (superblock.version === 5 && !device.changed(place, bytes.length) && !sumFits(bytes, 216)) return null
  const level = bytes.readUInt32BE(28)
  return level >= 1 && level <= HIGHEST ? { block: bytes.readUInt32BE(16), level } : null
}

/**
 * A block of the tree (struct xfs_btree_block, short form): its records or keys are a first block and a count each.
 *
 *     0 magic  4 level(2) numrecs(2)  8 left right   16 blkno(8) lsn(8) uuid(16) owner  52 crc       from 16 on: v5 only
 */
function* below(group: Group, block: number, level: number): Generator<Free, boolean> {
  const { superblock, device } = group.volume
  const { blockSize, version } = superblock
  const header = version === 5 ? 56 : 16
  const place = (group.start + block) * blockSize
  const bytes = block < group.length ? readAt(device, place, blockSize) : null
  if (bytes?.readUInt32BE(0) !== TREE[version] || bytes.readUInt16BE(4) !== level) return false
  if (version === 5 && !device.changed(place, blockSize) && !sumFits(bytes, 52)) return false
  const count = bytes.readUInt16BE(6)
  const room = Math.floor((blockSize - header) / (level === 0 ? RECORD : RECORD + 4))
  if (count > room) return false
  for (let nth = 0; nth < count; nth++) {
    const from = bytes.readUInt32BE(header + nth * RECORD)
    if (level > 0) {
      const before = group.last
      const child = bytes.readUInt32BE(header + room * RECORD + nth * 4)
      if (from < before || !(yield* below(group, child, level - 1)) || group.last === before) return false
      continue
    }
    const size = bytes.readUInt32BE(header + nth * RECORD + 4)
    if (size === 0 || from < group.last || from + size > group.length) return false
    group.last = from + size
    yield { from: (group.start + from) * blockSize, size: size * blockSize, neverUsed: false }
  }
  return true
}
