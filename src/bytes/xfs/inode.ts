import { InputError } from '../../problems/problem.ts'
import { u64be } from '../number64.ts'
import { sumFits } from './checksum.ts'
import { inodePlace, readAt, type Volume } from './volume.ts'

export type Kind = 'file' | 'directory' | 'link' | 'other'

export interface Inode {
  number: number
  kind: Kind
  format: 'local' | 'extents' | 'btree' | 'device'
  /** In bytes, as it is written there. */
  size: number
  /** µs since the epoch. */
  mtime: number
  /** How many extents the data fork has. */
  extents: number
  /** Its data lie on the realtime device. */
  realtime: boolean
  /** What the inode holds of its data, or of the map to them. */
  fork: Buffer
}

const MAGIC = 0x494e // 'IN'
const FORMATS = ['device', 'local', 'extents', 'btree'] as const
const KINDS: Record<number, Kind> = { 32768: 'file', 16384: 'directory', 40960: 'link' }
const REALTIME = 1
const BIGTIME = 8
const LARGE_COUNTS = 16
/** Seconds between bigtime's epoch, the least that 32 bits can say, and ours. */
const BIGTIME_EPOCH = 2 ** 31

/**
 * An inode by its number (XFS Algorithms & Data Structures, "On-disk Inode"; xfs_format.h, struct xfs_dinode):
 *
 *       0 "IN" mode version format   24 nextents(8, nrext64)   40 mtime(8)   56 size(8)   76 nextents   82 forkoff aformat   90 flags
 *     100 crc  104 …  120 flags2(8)  152 ino(8)  160 uuid(16)                                               version 3 (v5) only
 *     100 or 176: data fork ┃ attribute fork, from forkoff × 8 on
 *
 * @throws InputError where there is none.
 */
export function readInode(volume: Volume, number: number): Inode {
  const { superblock, device } = volume
  const place = inodePlace(superblock, number)
  if (place === null) throw new InputError(`inode ${number} would lie outside of the file system`)
  const bytes = readAt(device, place, superblock.inodeSize)
  if (!bytes) throw new InputError(`inode ${number} lies behind the end of the image`)
  if (bytes.readUInt16BE(0) !== MAGIC) throw new InputError(`inode ${number} is not there: its place holds something else`)
  const version = bytes.readUInt8(4)
  if (version > 3 || (version === 3) !== (superblock.version === 5))
    throw new InputError(`inode ${number} is of version ${version}`)
  if (version === 3) check(volume, number, place, bytes)
  return parse(number, bytes, version === 3 ? 176 : 100)
}

function check(volume: Volume, number: number, place: number, bytes: Buffer): void {
  if (u64be(bytes, 152) !== number)
    throw new InputError(`inode ${number} is not there: its place holds inode ${u64be(bytes, 152)}`)
  if (!bytes.subarray(160, 176).equals(volume.superblock.metaUuid))
    throw new InputError(`inode ${number} belongs to another file system, which was there before`)
  if (!volume.device.changed(place, bytes.length) && !sumFits(bytes, 100))
    volume.tell({ message: `inode ${number} does not fit its checksum; it was read all the same`, offset: place })
}

function parse(number: number, bytes: Buffer, core: number): Inode {
  const mode = bytes.readUInt16BE(2)
  const format = FORMATS[bytes.readUInt8(5)]
  if (mode === 0) throw new InputError(`inode ${number} is free`)
  if (!format) throw new InputError(`inode ${number} keeps its data in the unknown format ${bytes.readUInt8(5)}`)
  const flags2 = core === 176 ? bytes.readUInt32BE(124) : 0
  const end = core + bytes.readUInt8(82) * 8
  if (end > bytes.length) throw new InputError(`inode ${number} says that its attributes lie outside of it`)
  return {
    number,
    kind: KINDS[mode & 0xf000] ?? 'other',
    format,
    size: u64be(bytes, 56),
    mtime: flags2 & BIGTIME ? bigtime(bytes, 40) : bytes.readInt32BE(40) * 1e6 + Math.floor(bytes.readInt32BE(44) / 1000),
    extents: flags2 & LARGE_COUNTS ? u64be(bytes, 24) : bytes.readUInt32BE(76),
    realtime: (bytes.readUInt16BE(90) & REALTIME) !== 0,
    fork: bytes.subarray(core, end === core ? bytes.length : end),
  }
}

/** ns since bigtime's epoch as µs since ours: 64 bits are needed for that, once an inode. */
function bigtime(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64BE(at) / 1000n) - BIGTIME_EPOCH * 1e6
}
