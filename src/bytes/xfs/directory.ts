import { u64be } from '../number64.ts'
import { nameOf } from '../tree.ts'
import { sumFits } from './checksum.ts'
import type { Inode, Kind } from './inode.ts'
import { Mapping } from './mapping.ts'
import { readAt, type Volume } from './volume.ts'

export interface DirectoryEntry {
  name: string
  inode: number
  /** As the directory says; null where it does not. */
  kind: Kind | null
}

/** Names of a directory that are kept; one with more is told. */
const MOST = 1_000_000
/** Directory blocks that are damaged before the rest is given up. */
const BAD_BLOCKS = 64
/** Where the index of names begins, in bytes of the directory (xfs_da_format.h, XFS_DIR2_LEAF_OFFSET): names lie before it. */
const INDEX = 2 ** 35
const KINDS: readonly (Kind | null)[] = [null, 'file', 'directory', 'other', 'other', 'other', 'other', 'link', 'other']

/** What a directory names, without `.` and `..`; damage is told and costs only what it touches. */
export function readDirectory(volume: Volume, inode: Inode): DirectoryEntry[] {
  const entries: DirectoryEntry[] = []
  if (inode.format === 'local') readShort(volume, inode, entries)
  else readBlocks(volume, inode, entries)
  return entries
}

/**
 * Inside the inode (XFS Algorithms & Data Structures, "Short Form Directories"; struct xfs_dir2_sf_hdr):
 *
 *     count(1) i8count(1) parent(4 or 8) │ namelen(1) offset(2) name kind(1, ftype) inode(4 or 8) │ …
 */
function readShort(volume: Volume, inode: Inode, entries: DirectoryEntry[]): void {
  const { fork } = inode
  const end = Math.min(inode.size, fork.length)
  const wide = fork.length > 1 && fork.readUInt8(1) > 0 ? 8 : 4
  const kinds = volume.superblock.hasFileTypes ? 1 : 0
  let at = 2 + wide
  for (let left = end > at ? fork.readUInt8(0) : 0; left > 0; left--) {
    const name = at + 3
    const after = at < end ? name + fork.readUInt8(at) : end
    if (after + kinds + wide > end) {
      volume.tell({ message: `the directory of inode ${inode.number} is damaged: ${left} of its names cannot be read` })
      return
    }
    const number = wide === 8 ? u64be(fork, after + kinds) : fork.readUInt32BE(after + kinds)
    add(volume, inode, entries, fork.subarray(name, after), number, kinds ? fork.readUInt8(after) : 0)
    at = after + kinds + wide
  }
}

function readBlocks(volume: Volume, inode: Inode, entries: DirectoryEntry[]): void {
  const { directoryBlockSize, blockSize, blocks } = volume.superblock
  const mapping = new Mapping(volume, inode)
  const step = directoryBlockSize / blockSize
  const end = Math.min(inode.size, INDEX) / blockSize
  let bad = 0
  for (let at = 0, reads = 0; at < end && bad < BAD_BLOCKS && reads * step <= blocks && entries.length < MOST; ) {
    const run = mapping.find(at)
    if (run.place === null && !run.lost) {
      at = Math.ceil((run.start + run.count) / step) * step
      continue
    }
    if (!readBlock(volume, inode, mapping, at, entries)) bad++
    reads++
    at += step
  }
  if (bad === BAD_BLOCKS || entries.length >= MOST)
    volume.tell({
      message: `the directory of inode ${inode.number} was not read to its end: ${bad === BAD_BLOCKS ? 'too much of it is damaged' : 'it has too many names'}`,
    })
}

/**
 * A block of names (struct xfs_dir2_data_hdr, xfs_dir3_data_hdr); in the block form the index lies at its end (xfs_dir2_block_tail):
 *
 *     "XD2B"/"XD2D" bestfree(12) │ entries …                                                                              v4
 *     "XDB3"/"XDD3" crc(4) blkno(8) lsn(8) uuid(16) owner(8) bestfree(12) pad(4) │ entries … [index (8 each), count(4) stale(4)]   v5
 */
function readBlock(volume: Volume, inode: Inode, mapping: Mapping, at: number, entries: DirectoryEntry[]): boolean {
  const { block, place } = gather(volume, mapping, at)
  const bad = (why: string): false => {
    volume.tell({
      message: `the directory of inode ${inode.number} is damaged: ${why}`,
      ...(place === null ? {} : { offset: place }),
    })
    return false
  }
  if (!block || place === null) return bad('a block of its names cannot be reached')
  const magic = block.toString('latin1', 0, 4)
  const v5 = volume.superblock.version === 5
  const whole = magic === (v5 ? 'XDB3' : 'XD2B')
  if (!whole && magic !== (v5 ? 'XDD3' : 'XD2D')) return bad('a block of its names holds something else')
  if (v5 && u64be(block, 40) !== inode.number) return bad(`a block of its names belongs to inode ${u64be(block, 40)}`)
  const known = !v5 || volume.device.changed(place, block.length) || sumFits(block, 4)
  if (!known) bad('a block of its names does not fit its checksum; it was read all the same')
  const index = whole ? 8 + block.readUInt32BE(block.length - 8) * 8 : 0
  return (
    readEntries(volume, inode, block, v5 ? 64 : 16, block.length - index, entries) ||
    bad('names in one of its blocks cannot be read')
  )
}

/**
 *     inode(8) namelen(1) name kind(1, ftype) … tag(2)     filled up to 8 bytes; the tag is the entry's own offset
 *     ffff length(2) … tag(2)                              free
 */
function readEntries(volume: Volume, inode: Inode, block: Buffer, from: number, end: number, entries: DirectoryEntry[]): boolean {
  const kinds = volume.superblock.hasFileTypes ? 1 : 0
  for (let at = from; at < end; ) {
    const free = at + 8 <= end && block.readUInt16BE(at) === 0xffff
    if (!free && at + 16 > end) return false
    const size = free ? block.readUInt16BE(at + 2) : (9 + block.readUInt8(at + 8) + kinds + 2 + 7) & ~7
    if (size === 0 || size % 8 !== 0 || at + size > end || block.readUInt16BE(at + size - 2) !== at) return false
    if (!free) {
      const after = at + 9 + block.readUInt8(at + 8)
      add(volume, inode, entries, block.subarray(at + 9, after), u64be(block, at), kinds ? block.readUInt8(after) : 0)
    }
    at += size
  }
  return true
}

/** A directory block, which may lie in pieces. */
function gather(volume: Volume, mapping: Mapping, at: number): { block: Buffer | null; place: number | null } {
  const { blockSize, directoryBlockSize } = volume.superblock
  const pieces: Buffer[] = []
  let first: number | null = null
  for (let index = at; index < at + directoryBlockSize / blockSize; index++) {
    const run = mapping.find(index)
    const place = run.place === null ? null : run.place + (index - run.start) * blockSize
    const piece = place === null ? null : readAt(volume.device, place, blockSize)
    first ??= place
    if (!piece) return { block: null, place: first }
    pieces.push(piece)
  }
  return { block: Buffer.concat(pieces), place: first }
}

function add(volume: Volume, inode: Inode, entries: DirectoryEntry[], bytes: Buffer, number: number, kind: number): void {
  const own = bytes.length <= 2 && bytes.length > 0 && bytes.every(byte => byte === 0x2e)
  if (own) return
  if (bytes.length === 0 || bytes.includes(0) || bytes.includes(0x2f))
    volume.tell({ message: `the directory of inode ${inode.number} is damaged: it holds a name that cannot be one` })
  else entries.push({ name: nameOf(bytes), inode: number, kind: KINDS[kind] ?? null })
}
