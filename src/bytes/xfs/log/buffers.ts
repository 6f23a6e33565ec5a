import { u64be } from '../../number64.ts'
import { BB, type Overlay } from '../overlay.ts'
import type { Superblock } from '../superblock.ts'
import { readAt } from '../volume.ts'
import type { HostOrder } from './host.ts'
import { isNewer, type Lsn } from './record.ts'
import type { Item } from './transactions.ts'

/**
 * A buffer item's first region (xfs_log_format.h, struct xfs_buf_log_format), host order:
 *
 *     type(2) regions(2) flags(2) len(2)  blkno(8)  words(4) map(words × 4): one bit for each 128 bytes that were logged
 */
export interface BufferItem {
  /** In basic blocks. */
  place: number
  count: number
  /** Its blocks are freed: what was logged of them before must not be put back. */
  cancels: boolean
  /** Of a buffer of inodes, this logs only the chain of those that have no name any more. */
  chains: boolean
  quota: boolean
}

const CHUNK = 128
/** In basic blocks: 64 KiB, the largest block of a file system or a directory. */
const LARGEST = 128
const INODES = 1
const CANCEL = 2
const QUOTA = 0x1c
/** XFS_BLFT_RTBITMAP_BUF and XFS_BLFT_RTSUMMARY_BUF, in the flags' upper bits: they have no header that could say how new they are. */
const HEADERLESS = [19, 20]

export function readBufferItem(item: Item, host: HostOrder): BufferItem | null {
  const [format] = item.regions
  if (!format || format.length < 20) return null
  const flags = host.u16(format, 4)
  return {
    place: host.u64(format, 8),
    count: host.u16(format, 6),
    cancels: (flags & CANCEL) !== 0,
    chains: (flags & INODES) !== 0,
    quota: (flags & QUOTA) !== 0,
  }
}

/** Puts logged chunks into their buffer, unless the disk's is newer (xlog_recover_buf_commit_pass2). A string says why that cannot be. */
export function replayBuffer(device: Overlay, superblock: Superblock, item: Item, host: HostOrder, lsn: Lsn): string | null {
  const buffer = readBufferItem(item, host)
  const [format] = item.regions
  if (!buffer || !format) return 'an item of a buffer is too short'
  const { place, count } = buffer
  const end = (superblock.blocks * superblock.blockSize) / BB
  if (count === 0 || count > LARGEST || place + count > end)
    return `an item of a buffer names ${count} blocks at ${place}: none can lie there`
  const bytes = readAt(device, place * BB, count * BB)
  if (!bytes) return `a buffer at block ${place} lies behind the end of the image`
  const onDisk = superblock.version === 5 && !HEADERLESS.includes(host.u16(format, 4) >>> 11) ? lsnOf(bytes, superblock) : null
  if (onDisk && !isNewer(lsn, onDisk)) return null
  const fault = fill(bytes, format, item, host)
  if (!fault) device.write(place * BB, bytes)
  return fault
}

/** One region for each run of bits, or several where its memory lay in pieces. */
function fill(bytes: Buffer, format: Buffer, item: Item, host: HostOrder): string | null {
  const words = Math.min(host.u32(format, 16), Math.floor((format.length - 20) / 4))
  const logged = (bit: number): boolean => bit < words * 32 && ((host.u32(format, 20 + (bit >>> 5) * 4) >>> (bit & 31)) & 1) === 1
  let region = 1
  for (let bit = 0; bit < words * 32; ) {
    if (!logged(bit)) {
      bit++
      continue
    }
    const data = item.regions[region++]
    let length = 0
    while (logged(bit + length)) length++
    if (!data || data.length < CHUNK) return 'an item of a buffer has less data than it says'
    length = Math.min(length, Math.floor(data.length / CHUNK))
    if ((bit + length) * CHUNK > bytes.length) return 'an item of a buffer has more data than its buffer'
    data.copy(bytes, bit * CHUNK, 0, length * CHUNK)
    bit += length
  }
  return null
}

/** Where blocks of each kind keep their LSN and the uuid that makes it one of this file system (xlog_recover_get_buf_lsn). */
const SHORT_TREE = { lsn: 24, uuid: 32 }
const BLOCK = { lsn: 16, uuid: 24 }
const STAMPS: Readonly<Record<string, { lsn: number; uuid: number }>> = {
  AB3B: SHORT_TREE,
  AB3C: SHORT_TREE,
  IAB3: SHORT_TREE,
  FIB3: SHORT_TREE,
  RMB3: SHORT_TREE,
  R3FC: SHORT_TREE,
  BMA3: { lsn: 32, uuid: 40 },
  XAGF: { lsn: 208, uuid: 64 },
  XAGI: { lsn: 320, uuid: 296 },
  XAFL: { lsn: 24, uuid: 8 },
  XSLM: { lsn: 48, uuid: 16 },
  XDB3: BLOCK,
  XDD3: BLOCK,
  XDF3: BLOCK,
  XFSB: { lsn: 240, uuid: 32 },
}
/** Blocks of trees over names and attributes have their magic number behind two links: XFS_DA3_NODE, XFS_DIR3_LEAF1, LEAFN, ATTR3_LEAF. */
const NAME_TREES = [0x3ebe, 0x3df1, 0x3dff, 0x3bee]
const NAME_TREE = { lsn: 24, uuid: 32 }

/** Up to where in the log a block on the disk is; null where it does not say, or is not of this file system. */
function lsnOf(bytes: Buffer, superblock: Superblock): Lsn | null {
  const stamp = STAMPS[bytes.toString('latin1', 0, 4)] ?? (NAME_TREES.includes(bytes.readUInt16BE(8)) ? NAME_TREE : null)
  if (!stamp || u64be(bytes, stamp.lsn) === 0) return null
  const uuid = bytes.subarray(stamp.uuid, stamp.uuid + 16)
  if (!uuid.equals(superblock.metaUuid)) return null
  const lsn = { cycle: bytes.readUInt32BE(stamp.lsn), block: bytes.readUInt32BE(stamp.lsn + 4) }
  return lsn.cycle === 0xffffffff ? null : lsn
}
