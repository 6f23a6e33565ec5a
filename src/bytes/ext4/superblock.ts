import { crc32c } from '../crc32c.ts'
import type { ByteSource } from '../source.ts'
import { COMPAT, INCOMPAT, RO_COMPAT } from './features.ts'

/**
 * The superblock, 1024 bytes at offset 1024 whatever the block size (Documentation/filesystems/ext4/super.rst); little-endian.
 *
 *     0x00 inodes   0x04 blocks (low)   0x14 first data block   0x18 log2(block size) - 10   0x1c the same of clusters   0x20 blocks per group
 *     0x28 inodes per group   0x38 magic 0xEF53   0x4c revision   0x58 inode size   0x5c 0x60 0x64 feature bits
 *     0x68 UUID   0x78 label   0xe0 journal inode   0xfe descriptor size   0x104 first meta group   0x150 blocks (high)
 *     0x270 checksum seed   0x3fc checksum
 */
export interface Superblock {
  blockSize: number
  blocks: number
  firstDataBlock: number
  blocksPerGroup: number
  /** Blocks that one bit of a map of blocks stands for: more than one with the feature bigalloc. */
  clusterBlocks: number
  inodesPerGroup: number
  inodes: number
  inodeSize: number
  descriptorSize: number
  firstMetaGroup: number
  compat: number
  incompat: number
  roCompat: number
  uuid: string
  label: string
  journalInode: number
  /** A UUID where the journal lies on another device. */
  journalUuid: string
  /** Where metadata checksums start from; null where there are none. */
  checksumSeed: number | null
  /** Whether the superblock's own checksum, where it has one, fits. */
  whole: boolean
}

const SUPERBLOCK_AT = 1024
const SIZE = 1024
const MAGIC = 0xef53

export function readSuperblock(source: ByteSource): Buffer {
  const bytes = Buffer.alloc(SIZE)
  source.read(SUPERBLOCK_AT, bytes)
  return bytes
}

export function isSuperblock(bytes: Buffer): boolean {
  return bytes.readUInt16LE(0x38) === MAGIC
}

/** What the superblock says, or in one sentence why it cannot be true. */
export function parseSuperblock(bytes: Buffer): Superblock | string {
  const dynamic = bytes.readUInt32LE(0x4c) >= 1
  const incompat = dynamic ? bytes.readUInt32LE(0x60) : 0
  const roCompat = dynamic ? bytes.readUInt32LE(0x64) : 0
  const wide = (incompat & INCOMPAT.bits64) !== 0
  const logBlock = bytes.readUInt32LE(0x18)
  if (logBlock > 6) return `a block size of 2^${logBlock + 10} bytes`
  const checksummed = (roCompat & RO_COMPAT.metadataChecksums) !== 0
  const uuid = bytes.subarray(0x68, 0x78)
  const seed = (incompat & INCOMPAT.checksumSeed) !== 0 ? bytes.readUInt32LE(0x270) : crc32c(0xffffffff, uuid)
  const found: Superblock = {
    blockSize: 1024 << logBlock,
    blocks: bytes.readUInt32LE(0x04) + (wide ? bytes.readUInt32LE(0x150) * 2 ** 32 : 0),
    firstDataBlock: bytes.readUInt32LE(0x14),
    blocksPerGroup: bytes.readUInt32LE(0x20),
    clusterBlocks: (roCompat & RO_COMPAT.clusters) === 0 ? 1 : 2 ** (bytes.readUInt32LE(0x1c) - logBlock),
    inodesPerGroup: bytes.readUInt32LE(0x28),
    inodes: bytes.readUInt32LE(0x00),
    inodeSize: dynamic ? bytes.readUInt16LE(0x58) : 128,
    descriptorSize: wide ? bytes.readUInt16LE(0xfe) : 32,
    firstMetaGroup: bytes.readUInt32LE(0x104),
    compat: dynamic ? bytes.readUInt32LE(0x5c) : 0,
    incompat,
    roCompat,
    uuid: uuidText(uuid),
    label: bytes.toString('utf8', 0x78, 0x88).replace(/\0.*$/s, ''),
    journalInode: bytes.readUInt32LE(0xe0),
    journalUuid: uuidText(bytes.subarray(0xd0, 0xe0)),
    checksumSeed: checksummed ? seed : null,
    whole: !checksummed || crc32c(0xffffffff, bytes.subarray(0, 0x3fc)) === bytes.readUInt32LE(0x3fc),
  }
  return impossible(found) ?? found
}

export function hasJournal(superblock: Superblock): boolean {
  return (superblock.compat & COMPAT.hasJournal) !== 0
}

/** The file system was not unmounted: its journal holds what is not in place yet. */
export function needsRecovery(superblock: Superblock): boolean {
  return (superblock.incompat & INCOMPAT.recover) !== 0
}

/** 16 bytes in the order in which they lie, as `8a01d3b1-1356-415f-9af8-b3b406dde7db`. */
function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function impossible(one: Superblock): string | null {
  const { blockSize, inodeSize, descriptorSize } = one
  if (inodeSize < 128 || inodeSize > blockSize || (inodeSize & (inodeSize - 1)) !== 0) return `inodes of ${inodeSize} bytes`
  if (descriptorSize < 32 || descriptorSize > blockSize || descriptorSize % 4 !== 0)
    return `group descriptors of ${descriptorSize} bytes`
  if (one.blocksPerGroup === 0 || one.blocksPerGroup > blockSize * 8 * 32768) return `groups of ${one.blocksPerGroup} blocks`
  if (one.clusterBlocks < 1 || one.clusterBlocks > 32768) return `clusters of ${one.clusterBlocks} blocks`
  if (one.inodesPerGroup === 0 || one.inodesPerGroup > blockSize * 8) return `groups of ${one.inodesPerGroup} inodes`
  if (one.firstDataBlock > 1 || one.blocks <= one.firstDataBlock)
    return `${one.blocks} blocks from block ${one.firstDataBlock} on`
  return null
}
