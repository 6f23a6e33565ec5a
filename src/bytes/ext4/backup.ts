import { bytesAt } from '../disk/pieces.ts'
import type { ByteSource } from '../source.ts'
import { isSuperblock, parseSuperblock } from './superblock.ts'

/** A copy of the superblock at the front of another group. */
export interface Backup {
  at: number
  group: number
  bytes: Buffer
}

/** Groups that have one, whether all do or, with sparse_super, few: 1 and powers of 3, 5 and 7. */
const GROUPS = [1, 3, 5, 7, 9, 25, 27, 49]
const LOG_BLOCKS = [2, 0, 1, 3, 4, 5, 6]

/**
 * The first sound copy of the superblock, where groups are as large as mke2fs makes them: as many blocks as one block of their map has bits
 * (Documentation/filesystems/ext4/blockgroup.rst). A copy says which group's it is, so that no stray one is taken for it. Copies are not
 * kept up: whether the journal is to be replayed they do not know.
 */
export function findBackup(source: ByteSource): Backup | null {
  for (const log of LOG_BLOCKS) {
    const blockSize = 1024 << log
    const first = log === 0 ? 1 : 0
    for (const group of GROUPS) {
      const at = (first + group * blockSize * 8) * blockSize
      const bytes = bytesAt(source, at, 1024)
      if (!bytes) break
      if (isSuperblock(bytes) && bytes.readUInt16LE(0x5a) === group && isSound(bytes, log)) return { at, group, bytes }
    }
  }
  return null
}

function isSound(bytes: Buffer, log: number): boolean {
  const superblock = parseSuperblock(bytes)
  return typeof superblock !== 'string' && superblock.whole && superblock.blockSize === 1024 << log
}
