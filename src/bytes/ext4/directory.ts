import { crc32c } from '../crc32c.ts'
import { nameOf } from '../tree.ts'
import { contentOf, runsOf } from './content.ts'
import { INCOMPAT } from './features.ts'
import { FLAG, type Inode, inodeSeed } from './inode.ts'
import type { Volume } from './volume.ts'

/**
 * A directory is blocks of entries (Documentation/filesystems/ext4/directory.rst):
 *
 *     0 inode   4 length of the entry   6 length of the name   7 kind   8 name
 *
 * A hashed directory's inner blocks look like entries without an inode, so that reading block by block finds every name in either.
 * With checksums, the last 12 bytes of a block look like one more: inode 0, length 12, kind 0xDE, then the sum.
 */
export type Names = ReadonlyMap<string, number>

/** A directory with more names than this is cut: no log directory has them, and memory is bounded. */
const MOST_NAMES = 500_000

/** Names and the numbers of their inodes, without `.` and `..`. */
export function readDirectory(volume: Volume, inode: Inode): Names {
  const stored = (): Map<string, number> => storedNames(volume, inode)
  return volume.changes?.namesIn(inode.number, stored) ?? stored()
}

function storedNames(volume: Volume, inode: Inode): Map<string, number> {
  const names = new Map<string, number>()
  if ((inode.flags & FLAG.inline) !== 0) readInline(volume, inode, names)
  else readBlocks(volume, inode, names)
  return names
}

function readBlocks(volume: Volume, inode: Inode, names: Map<string, number>): void {
  const blocks = Math.ceil(inode.size / volume.blockSize)
  for (const run of runsOf(volume, inode, blocks)) {
    for (let nth = 0; nth < run.count; nth++) {
      const bytes = volume.block(run.physical + nth)
      if (!bytes) return
      if (!isInner(inode, run.logical + nth, bytes) && !sumFits(volume, inode, bytes))
        damaged(volume, inode, 'does not fit its checksum')
      readEntries(volume, inode, bytes, names)
      if (names.size <= MOST_NAMES) continue
      damaged(volume, inode, `holds more than ${MOST_NAMES} names: the rest was not read`)
      return
    }
  }
}

/** Inline: 4 bytes with the parent's inode, entries up to byte 60, and more entries behind it. */
function readInline(volume: Volume, inode: Inode, names: Map<string, number>): void {
  const source = contentOf(volume, inode)
  const bytes = Buffer.alloc(source.size)
  source.read(0, bytes)
  readEntries(volume, inode, bytes.subarray(4, 60), names)
  if (bytes.length > 60) readEntries(volume, inode, bytes.subarray(60), names)
}

function readEntries(volume: Volume, inode: Inode, bytes: Buffer, names: Map<string, number>): void {
  const twoBytes = (volume.superblock.incompat & INCOMPAT.filetype) === 0
  for (let at = 0; at + 8 <= bytes.length; ) {
    const child = bytes.readUInt32LE(at)
    const length = entryLength(bytes.readUInt16LE(at + 4), bytes.length)
    const nameLength = twoBytes ? bytes.readUInt16LE(at + 6) : (bytes[at + 6] ?? 0)
    if (length < 8 || length % 4 !== 0 || at + length > bytes.length || 8 + nameLength > length) {
      damaged(volume, inode, 'has a damaged block: names in it may be missing')
      return
    }
    if (child !== 0 && nameLength > 0) add(volume, inode, nameOf(bytes.subarray(at + 8, at + 8 + nameLength)), child, names)
    at += length
  }
}

/** In blocks of 64 KiB a length of 65536 has no room in 16 bits (fs/ext4/ext4.h, ext4_rec_len_from_disk). */
function entryLength(stored: number, blockSize: number): number {
  if (blockSize < 65536) return stored
  return stored === 65535 || stored === 0 ? blockSize : (stored & 65532) + (stored & 3) * 65536
}

function add(volume: Volume, inode: Inode, name: string, child: number, names: Map<string, number>): void {
  if (name === '.' || name === '..') return
  if (name.includes('/') || name.includes('\0')) damaged(volume, inode, 'holds a name that no name can be')
  else if (names.has(name)) damaged(volume, inode, 'holds one name twice')
  else names.set(name, child)
}

/** The first block of a hash tree, or one whose only entry is an empty one: its tail is another, with an old one's traces in it. */
function isInner(inode: Inode, logical: number, bytes: Buffer): boolean {
  if ((inode.flags & FLAG.indexed) === 0) return false
  return logical === 0 || (bytes.readUInt32LE(0) === 0 && entryLength(bytes.readUInt16LE(4), bytes.length) === bytes.length)
}

/** The sum over a block of entries (fs/ext4/namei.c, ext4_dirblock_csum). */
function sumFits(volume: Volume, inode: Inode, bytes: Buffer): boolean {
  const tail = bytes.length - 12
  const present = bytes.readUInt32LE(tail) === 0 && bytes.readUInt32LE(tail + 4) === 0xde00000c
  if (volume.superblock.checksumSeed === null || !present) return true
  return crc32c(inodeSeed(volume.superblock, inode), bytes.subarray(0, tail)) === bytes.readUInt32LE(tail + 8)
}

function damaged(volume: Volume, inode: Inode, what: string): void {
  volume.tell({ message: `the directory of inode ${inode.number} ${what}` })
}
