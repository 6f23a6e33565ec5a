import type { Problem } from '../../problems/problem.ts'
import { u64be } from '../number64.ts'
import type { ByteSource } from '../source.ts'
import { sumFits } from './checksum.ts'
import { unreadable } from './features.ts'
import { uuidText } from './uuid.ts'

/**
 * What the superblock says of the whole file system (XFS Algorithms & Data Structures, "Superblocks"; kernel fs/xfs/libxfs/xfs_format.h,
 * struct xfs_dsb). The first sector of the device:
 *
 *       0 "XFSB"  blocksize  dblocks(8)     100 versionnum sectsize inodesize inopblock
 *      32 uuid(16)           logstart(8)    108 fname(12)  120 blocklog sectlog inodelog inopblog agblklog …
 *      56 rootino(8)                        192 dirblklog logsectlog logsectsize logsunit
 *      84 agblocks agcount … logblocks      200 features2  208 compat ro_compat incompat log_incompat crc
 *                                           248 meta_uuid(16)
 */
export interface Superblock {
  version: 4 | 5
  blockSize: number
  sectorSize: number
  /** Of the data device. */
  blocks: number
  groupBlocks: number
  groups: number
  /** How many bits of a block number count blocks inside a group; the rest counts groups. */
  groupBlockLog: number
  inodeSize: number
  inodesPerBlockLog: number
  rootInode: number
  /** 0: the log lies on a device of its own. */
  logStart: number
  logBlocks: number
  directoryBlockSize: number
  /** Directory entries carry the kind of what they name. */
  hasFileTypes: boolean
  /** The one fstab names. */
  uuid: string
  /** The one that metadata blocks carry. */
  metaUuid: Buffer
  label: string
}

export const MAGIC = 0x58465342 // 'XFSB'
const SIZE = 512
const DIRECTORIES_V2 = 0x2000
const MORE_BITS = 0x8000
const FILE_TYPES_V4 = 0x200
const FILE_TYPES_V5 = 1
const META_UUID = 4
const NEEDS_REPAIR = 16

/** `replayed`: the log was laid over it, so that its checksum cannot fit. */
export function readSuperblock(source: ByteSource, replayed: boolean, tell: (problem: Problem) => void): Superblock | null {
  const bytes = Buffer.alloc(SIZE)
  if (source.read(0, bytes) < SIZE || bytes.readUInt32BE(0) !== MAGIC) return null
  const refuse = (why: string): null => {
    tell({ message: `the XFS file system cannot be read: ${why}`, offset: 0 })
    return null
  }
  const version = bytes.readUInt16BE(100) & 0xf
  if (version !== 4 && version !== 5) return refuse(`its superblock is of version ${version}; only 4 and 5 are known here`)
  if (version === 5 && !replayed && !checked(source, bytes))
    tell({ message: 'the superblock of the XFS file system does not fit its checksum', offset: 0 })
  const block = parse(bytes, version)
  const wrong = implausible(bytes, block) ?? unreadable(bytes, version)
  if (wrong !== null) return refuse(wrong)
  if (version === 5 && bytes.readUInt32BE(216) & NEEDS_REPAIR)
    tell({ message: 'the XFS file system is marked as damaged (needsrepair); what can be read of it is', offset: 0 })
  return block
}

/** Whether its own checksum proves the superblock: then what it says is meant, also where that keeps it from being read. Version 4 has none. */
export function isProven(source: ByteSource): boolean {
  const bytes = Buffer.alloc(SIZE)
  const isFive = source.read(0, bytes) === SIZE && bytes.readUInt32BE(0) === MAGIC && (bytes.readUInt16BE(100) & 0xf) === 5
  return isFive && checked(source, bytes)
}

function parse(bytes: Buffer, version: 4 | 5): Superblock {
  const incompatible = version === 5 ? bytes.readUInt32BE(216) : 0
  const features2 = bytes.readUInt16BE(100) & MORE_BITS ? bytes.readUInt32BE(200) : 0
  const blockSize = bytes.readUInt32BE(4)
  return {
    version,
    blockSize,
    sectorSize: bytes.readUInt16BE(102),
    blocks: u64be(bytes, 8),
    groupBlocks: bytes.readUInt32BE(84),
    groups: bytes.readUInt32BE(88),
    groupBlockLog: bytes.readUInt8(124),
    inodeSize: bytes.readUInt16BE(104),
    inodesPerBlockLog: bytes.readUInt8(123),
    rootInode: u64be(bytes, 56),
    logStart: u64be(bytes, 48),
    logBlocks: bytes.readUInt32BE(96),
    directoryBlockSize: blockSize * 2 ** bytes.readUInt8(192),
    hasFileTypes: version === 5 ? (incompatible & FILE_TYPES_V5) !== 0 : (features2 & FILE_TYPES_V4) !== 0,
    uuid: uuidText(bytes.subarray(32, 48)),
    metaUuid: Buffer.from(incompatible & META_UUID ? bytes.subarray(248, 264) : bytes.subarray(32, 48)),
    label: bytes.toString('latin1', 108, 120).replace(/\0.*$/s, ''),
  }
}

/** The sum covers the whole sector, which may be larger than what is parsed. */
function checked(source: ByteSource, bytes: Buffer): boolean {
  const size = bytes.readUInt16BE(102)
  if (!isPower(size, 512, 32768)) return false
  const sector = Buffer.alloc(size)
  return source.read(0, sector) === size && sumFits(sector, 224)
}

/** What cannot be, though the rest may look well: the bounds that every later calculation stands on (xfs_sb.c, xfs_validate_sb_common). */
function implausible(bytes: Buffer, block: Superblock): string | null {
  const { blockSize, inodeSize, groupBlocks, groups, blocks } = block
  if (!isPower(blockSize, 512, 65536) || 2 ** bytes.readUInt8(120) !== blockSize)
    return `its block size is said to be ${blockSize}`
  if (!isPower(block.sectorSize, 512, 32768) || block.sectorSize > blockSize)
    return `its sector size is said to be ${block.sectorSize}`
  if (!isPower(inodeSize, 256, 2048) || inodeSize > blockSize) return `its inode size is said to be ${inodeSize}`
  if (2 ** block.inodesPerBlockLog * inodeSize !== blockSize) return 'its counts of inodes a block contradict each other'
  if (!isPower(block.directoryBlockSize, blockSize, 65536)) return 'its directory block size is out of range'
  if (groupBlocks === 0 || groups === 0) return 'it has no allocation groups'
  if (block.groupBlockLog > 31 || 2 ** block.groupBlockLog < groupBlocks)
    return 'its group size does not fit in its block numbers'
  if (blocks > groups * groupBlocks || blocks <= (groups - 1) * groupBlocks)
    return 'its groups and its size contradict each other'
  if (blocks * blockSize > Number.MAX_SAFE_INTEGER) return `it is said to have ${blocks} blocks`
  if ((bytes.readUInt16BE(100) & DIRECTORIES_V2) === 0) return 'its directories are of version 1, older than 2001'
  return bytes.readUInt8(126) === 0 ? null : 'it was being made when the machine stopped (sb_inprogress)'
}

function isPower(value: number, least: number, most: number): boolean {
  return value >= least && value <= most && (value & (value - 1)) === 0
}
