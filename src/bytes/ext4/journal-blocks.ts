import { crc32c } from '../crc32c.ts'
import type { JournalSuperblock } from './journal-superblock.ts'

/**
 * The blocks of the log (Documentation/filesystems/ext4/journal.rst). Each begins with magic, type and the transaction's number, 12 bytes.
 *
 *     descriptor  │ header │ tag │ 16 bytes UUID │ tag │ tag … │ checksum │   followed by the blocks that the tags name
 *     revoke      │ header │ 12: bytes in use │ numbers of 4 or 8 bytes … │ checksum │
 *     commit      │ header │ 12: kind and size of the checksum │ 16: checksum │ 48: seconds │ 56: nanoseconds │
 */
export interface Tag {
  /** The block's place in the file system. */
  block: number
  /** Its first four bytes were those of a journal block, and were zeroed in the log. */
  escaped: boolean
  sum: number
}

const HEADER = 12
const FLAG = { escaped: 1, sameUuid: 2, last: 8 } as const

/**
 *     version 3:  0 block   4 flags   8 block (high)   12 checksum                     16 bytes
 *     before:     0 block   4 checksum   6 flags   8 block (high, if 64bit)            8 or 12 bytes, 2 more in version 2
 */
export function tagsOf(bytes: Buffer, journal: JournalSuperblock): Tag[] {
  const size = journal.sums === 3 ? 16 : 8 + (journal.bits64 ? 4 : 0) + (journal.sums === 2 ? 2 : 0)
  const end = bytes.length - (journal.sums === 0 ? 0 : 4)
  const tags: Tag[] = []
  for (let at = HEADER; at + size <= end; ) {
    const flags = bytes.readUInt16BE(at + 6)
    tags.push({
      block: bytes.readUInt32BE(at) + (journal.bits64 ? bytes.readUInt32BE(at + 8) * 2 ** 32 : 0),
      escaped: (flags & FLAG.escaped) !== 0,
      sum: journal.sums === 3 ? bytes.readUInt32BE(at + 12) : bytes.readUInt16BE(at + 4),
    })
    if ((flags & FLAG.last) !== 0) break
    at += size + ((flags & FLAG.sameUuid) !== 0 ? 0 : 16)
  }
  return tags
}

/** The blocks that a revoke block takes back; null where its count cannot be. */
export function revokedBy(bytes: Buffer, journal: JournalSuperblock): number[] | null {
  const used = bytes.readUInt32BE(HEADER)
  if (used > bytes.length - (journal.sums === 0 ? 0 : 4)) return null
  const width = journal.bits64 ? 8 : 4
  const blocks: number[] = []
  for (let at = HEADER + 4; at + width <= used; at += width) {
    blocks.push(journal.bits64 ? bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4) : bytes.readUInt32BE(at))
  }
  return blocks
}

/** Descriptors and revoke blocks end with their checksum (fs/jbd2/recovery.c, jbd2_descriptor_block_csum_verify). */
export function tailFits(bytes: Buffer, journal: JournalSuperblock): boolean {
  if (journal.sums === 0) return true
  return sumWithout(bytes, bytes.length - 4, journal.seed) === bytes.readUInt32BE(bytes.length - 4)
}

export function commitFits(bytes: Buffer, journal: JournalSuperblock): boolean {
  return journal.sums === 0 || sumWithout(bytes, 16, journal.seed) === bytes.readUInt32BE(16)
}

/** Seconds, with the nanoseconds as a fraction left out: what tells a stale block from a damaged one. */
export function commitTime(bytes: Buffer): number {
  return bytes.readUInt32BE(48) * 2 ** 32 + bytes.readUInt32BE(52)
}

/** The sum over a block as it lies in the log; version 2 kept 16 bits of it (jbd2_block_tag_csum_verify). */
export function blockFits(bytes: Buffer, sequence: number, sum: number, journal: JournalSuperblock): boolean {
  if (journal.sums === 0) return true
  const number = Buffer.alloc(4)
  number.writeUInt32BE(sequence)
  const found = crc32c(crc32c(journal.seed, number), bytes)
  return journal.sums === 3 ? found === sum : (found & 0xffff) === sum
}

function sumWithout(bytes: Buffer, field: number, seed: number): number {
  const before = crc32c(seed, bytes.subarray(0, field))
  return crc32c(crc32c(before, Buffer.alloc(4)), bytes.subarray(field + 4))
}
