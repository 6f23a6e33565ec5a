import { InputError } from '../../problems/problem.ts'
import { u64be } from '../number64.ts'
import { nameOf } from '../tree.ts'
import type { Inode } from './inode.ts'
import { Mapping } from './mapping.ts'
import { readAt, type Volume } from './volume.ts'

/** No link is longer (xfs_format.h, XFS_SYMLINK_MAXLEN). */
const LONGEST = 1024
/** Before the text in each piece, v5 only: "XSLM" offset bytes crc uuid(16) owner(8) blkno(8) lsn(8). */
const HEADER = 56

/**
 * Where a symbolic link leads (XFS Algorithms & Data Structures, "Symbolic Links"): in the inode where it fits, else in its extents, one
 * piece with a header each.
 *
 * @throws InputError
 */
export function readLink(volume: Volume, inode: Inode): string {
  if (inode.size > LONGEST)
    throw new InputError(`inode ${inode.number} is a link with ${inode.size} bytes, more than a link can have`)
  return nameOf(inode.format === 'local' ? inode.fork.subarray(0, inode.size) : distant(volume, inode))
}

function distant(volume: Volume, inode: Inode): Buffer {
  const { blockSize, version } = volume.superblock
  const header = version === 5 ? HEADER : 0
  const mapping = new Mapping(volume, inode)
  const pieces: Buffer[] = []
  let left = inode.size
  for (let at = 0; left > 0; ) {
    const run = mapping.find(at)
    const count = Math.min(run.count, Math.ceil((left + header) / blockSize))
    const bytes = run.place === null ? null : readAt(volume.device, run.place, count * blockSize)
    if (!bytes || (header > 0 && !isPiece(bytes, inode.number)))
      throw new InputError(`inode ${inode.number} is a link whose text cannot be reached`)
    const text = bytes.subarray(header, header + left)
    pieces.push(text)
    left -= text.length
    at = run.start + count
  }
  return Buffer.concat(pieces)
}

function isPiece(bytes: Buffer, inode: number): boolean {
  return bytes.toString('latin1', 0, 4) === 'XSLM' && u64be(bytes, 32) === inode
}
