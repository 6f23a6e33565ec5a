import { crc32c } from '../crc32c.ts'
import { groupAt } from './groups.ts'
import type { Superblock } from './superblock.ts'
import type { Volume } from './volume.ts'

/**
 * An inode (Documentation/filesystems/ext4/inodes.rst); little-endian.
 *
 *     0x00 mode   0x04 size (low)   0x10 mtime   0x20 flags   0x28 60 bytes: block map, extents, or the data itself
 *     0x64 generation   0x6c size (high)   0x7c checksum (low)   0x80 size of what follows   0x82 checksum (high)   0x88 mtime (extra)
 */
export interface Inode {
  number: number
  mode: number
  size: number
  flags: number
  /** µs since the epoch. */
  mtime: number
  generation: number
  /** The 60 bytes of the block map. */
  map: Buffer
  /** The whole inode, for what lies behind its fixed part. */
  raw: Buffer
}

export const FLAG = { encrypted: 0x800, indexed: 0x1000, extents: 0x80000, inline: 0x10000000 } as const

export const KIND = {
  pipe: 0x1000,
  character: 0x2000,
  directory: 0x4000,
  block: 0x6000,
  file: 0x8000,
  link: 0xa000,
  socket: 0xc000,
} as const

export function kindOf(inode: Inode): number {
  return inode.mode & 0xf000
}

/** An inode by number, or in one sentence why there is none. */
export function readInode(volume: Volume, number: number): Inode | string {
  const { superblock } = volume
  if (number === 0 || number > superblock.inodes) return `inode ${number} of ${superblock.inodes}`
  const group = Math.floor((number - 1) / superblock.inodesPerGroup)
  const index = (number - 1) % superblock.inodesPerGroup
  const table = groupAt(volume, group)?.inodeTable ?? null
  if (table === null || table === 0 || table >= superblock.blocks)
    return `the inode table of group ${group} at block ${table ?? '?'}`
  const at = index * superblock.inodeSize
  const block = volume.block(table + Math.floor(at / superblock.blockSize))
  if (!block) return `the inode table of group ${group} past the last block`
  const inside = at % superblock.blockSize
  const stored = block.subarray(inside, inside + superblock.inodeSize)
  const changed = volume.changes?.inode(number, stored)
  // The checksum of a changed one is that of what it was.
  return parseInode(volume, number, changed ?? stored, !changed)
}

function parseInode(volume: Volume, number: number, raw: Buffer, checked: boolean): Inode {
  const mode = raw.readUInt16LE(0)
  const extra = raw.length > 128 ? raw.readUInt16LE(0x80) : 0
  const inode: Inode = {
    number,
    mode,
    size: raw.readUInt32LE(4) + raw.readUInt32LE(0x6c) * 2 ** 32,
    flags: raw.readUInt32LE(0x20),
    mtime: microseconds(raw.readInt32LE(0x10), extra >= 0x8c - 0x80 && raw.length >= 0x8c ? raw.readUInt32LE(0x88) : 0),
    generation: raw.readUInt32LE(0x64),
    map: raw.subarray(0x28, 0x64),
    raw,
  }
  // A never used inode is all zeros, without a checksum.
  if (checked && mode !== 0 && !sumFits(volume.superblock, inode, extra)) {
    volume.tell({ message: `inode ${number} does not fit its checksum: what it leads to may be wrong` })
  }
  return inode
}

/** The checksum runs over the number, the generation and the inode with its checksum fields as zeros (fs/ext4/inode.c, ext4_inode_csum). */
export function inodeSeed(superblock: Superblock, inode: Inode): number {
  const head = Buffer.alloc(8)
  head.writeUInt32LE(inode.number, 0)
  head.writeUInt32LE(inode.generation, 4)
  return crc32c(superblock.checksumSeed ?? 0, head)
}

function sumFits(superblock: Superblock, inode: Inode, extra: number): boolean {
  if (superblock.checksumSeed === null) return true
  const wide = inode.raw.length > 128 && extra >= 4
  const bytes = Buffer.from(inode.raw)
  bytes.writeUInt16LE(0, 0x7c)
  if (wide) bytes.writeUInt16LE(0, 0x82)
  const sum = crc32c(inodeSeed(superblock, inode), bytes)
  const low = inode.raw.readUInt16LE(0x7c)
  return wide ? sum === low + inode.raw.readUInt16LE(0x82) * 65536 : (sum & 0xffff) === low
}

/** The extra field: 2 bits that carry the seconds on beyond 2038, 30 bits of nanoseconds. */
function microseconds(seconds: number, extra: number): number {
  return (seconds + (extra & 3) * 2 ** 32) * 1_000_000 + Math.floor((extra >>> 2) / 1000)
}
