import { BB, type Overlay } from '../overlay.ts'
import type { Superblock } from '../superblock.ts'
import { readAt } from '../volume.ts'
import { coreToDisk } from './core.ts'
import type { HostOrder } from './host.ts'
import { isNewer, type Lsn } from './record.ts'
import type { Item } from './transactions.ts'

/**
 * An inode item's first region (xfs_log_format.h, struct xfs_inode_log_format), host order. A 32-bit kernel leaves out the padding:
 *
 *     type(2) regions(2) fields(4) asize(2) dsize(2) [pad(4)] ino(8) rdev(16) blkno(8) len(4) boffset(4)      56 or 52 bytes
 *
 * The second is the inode's core, the others are what changed of its data and attribute forks.
 */
export interface InodeItem {
  inode: number
  fields: number
  device: number
  /** Of the buffer that holds it, in basic blocks. */
  place: number
  count: number
  /** Where it lies in that. */
  within: number
}

const DATA_FORK = 0x00e // XFS_ILOG_DDATA, DEXT, DBROOT
const DATA_ROOT = 0x008
const DEVICE = 0x010
const ATTRIBUTE_FORK = 0x1c0 // XFS_ILOG_ADATA, AEXT, ABROOT
const ATTRIBUTE_ROOT = 0x100
const MAGIC = 0x494e
const SIZE = { padded: 56, packed: 52 }

export function readInodeItem(item: Item, host: HostOrder): InodeItem | null {
  const [format] = item.regions
  if (!format || format.length < SIZE.packed) return null
  const at = format.length < SIZE.padded ? 12 : 16
  return {
    inode: host.u64(format, at),
    fields: host.u32(format, 4),
    device: host.u32(format, at + 8),
    place: host.u64(format, at + 24),
    count: host.u32(format, at + 32),
    within: host.u32(format, at + 36),
  }
}

/** Puts a logged inode in its place, unless the disk's is newer (xlog_recover_inode_commit_pass2). A string says why that cannot be. */
export function replayInode(device: Overlay, superblock: Superblock, item: Item, host: HostOrder, lsn: Lsn): string | null {
  const logged = readInodeItem(item, host)
  const core = item.regions[1]
  if (!logged || !core) return 'an item of an inode is too short'
  const name = `inode ${logged.inode}`
  const size = superblock.inodeSize
  if (logged.within % size !== 0 || logged.within + size > logged.count * BB)
    return `${name} is logged for a place that cannot be its`
  const place = logged.place * BB + logged.within
  const bytes = place + size <= superblock.blocks * superblock.blockSize ? readAt(device, place, size) : null
  if (!bytes) return `${name} is logged for a place outside of the image`
  if (bytes.readUInt16BE(0) !== MAGIC) return `${name} is logged, but its place holds no inode`
  const length = superblock.version === 5 ? 176 : 96
  if (core.length < length || host.u16(core, 0) !== MAGIC) return `${name} is logged without its core`
  if (diskIsNewer(bytes, core, superblock, host, lsn)) return null
  coreToDisk(core, bytes, superblock, host, lsn)
  if (logged.fields & DEVICE) bytes.writeUInt32BE(logged.device, superblock.version === 5 ? 176 : 100)
  const fault = forksToDisk(bytes, item, logged.fields, superblock)
  if (fault) return `${name}: ${fault}`
  device.write(place, bytes)
  return null
}

/** v5 has an LSN in the inode; v4 counts how often it was flushed, in 16 bits that go round. */
function diskIsNewer(disk: Buffer, core: Buffer, superblock: Superblock, host: HostOrder, lsn: Lsn): boolean {
  if (superblock.version === 5) {
    const onDisk = { cycle: disk.readUInt32BE(112), block: disk.readUInt32BE(116) }
    return onDisk.cycle !== 0 && onDisk.cycle !== 0xffffffff && isNewer(onDisk, lsn)
  }
  const before = disk.readUInt16BE(30)
  const flushed = host.u16(core, 30)
  return flushed < before && !(before === 0xffff && flushed < 0x7fff)
}

function forksToDisk(disk: Buffer, item: Item, fields: number, superblock: Superblock): string | null {
  const start = superblock.version === 5 ? 176 : 100
  const attributes = disk.readUInt8(82) === 0 ? disk.length : start + disk.readUInt8(82) * 8
  if (attributes > disk.length) return 'its attributes would lie outside of it'
  let region = 2
  if (fields & DATA_FORK) {
    const fault = forkToDisk(disk.subarray(start, attributes), item.regions[region++], (fields & DATA_ROOT) !== 0, superblock)
    if (fault) return fault
  }
  const room = disk.subarray(attributes)
  return fields & ATTRIBUTE_FORK ? forkToDisk(room, item.regions[region], (fields & ATTRIBUTE_ROOT) !== 0, superblock) : null
}

function forkToDisk(room: Buffer, data: Buffer | undefined, root: boolean, superblock: Superblock): string | null {
  if (!data) return 'a fork is said to be logged, but is not'
  if (root) return rootToDisk(room, data, superblock.version === 5 ? 72 : 24)
  if (data.length > room.length) return 'more of a fork is logged than has room in it'
  data.copy(room)
  return null
}

/** A tree's root is logged with a whole block's header, and packed on the disk (xfs_bmbt_to_bmdr): level(2) count(2) keys … children …. */
function rootToDisk(room: Buffer, data: Buffer, header: number): string | null {
  const count = data.length < header ? 0 : data.readUInt16BE(6)
  const had = Math.floor((data.length - header) / 16)
  const fitting = Math.floor((room.length - 4) / 16)
  if (count === 0 || count > had || count > fitting) return 'the root of its extents is logged with a count that cannot be'
  data.copy(room, 0, 4, 8)
  data.copy(room, 4, header, header + count * 8)
  data.copy(room, 4 + fitting * 8, header + had * 8, header + had * 8 + count * 8)
  return null
}
