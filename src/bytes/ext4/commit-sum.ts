import type { JournalSuperblock } from './journal-superblock.ts'

/**
 * The first kind of checksum (journal_checksum in Linux 2.6.28 to 3.5): one CRC-32, big-endian and without inversion, over a transaction's
 * descriptors and the blocks they name, kept in its commit block (fs/jbd2/recovery.c, calc_chksums). It needs all blocks read.
 */
export interface CommitSum {
  value: number | null
  add(descriptor: Buffer, blocks: readonly number[]): void
}

const CRC32 = 1
const SIZE = 4

export function commitSum(journal: JournalSuperblock, read: (block: number) => Buffer | null): CommitSum {
  if (!journal.sumsOfCommits) return { value: null, add: () => {} }
  const sum: CommitSum = {
    value: 0xffffffff,
    add: (descriptor, blocks) => {
      sum.value = crc32(sum.value ?? 0, descriptor)
      for (const block of blocks) sum.value = crc32(sum.value, read(block) ?? Buffer.alloc(0))
    },
  }
  return sum
}

/** A commit without a sum is taken as it is: journal_checksum was not on when it was written. */
export function commitSumFits(commit: Buffer, sum: CommitSum): boolean {
  if (sum.value === null) return true
  const kind = commit[12] ?? 0
  const size = commit[13] ?? 0
  const stored = commit.readUInt32BE(16)
  if (kind === 0 && size === 0 && stored === 0) return true
  return kind === CRC32 && size === SIZE && stored === sum.value
}

let table: Uint32Array | null = null

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, value) => {
    let crc = value << 24
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
    return crc >>> 0
  })
}

function crc32(crc: number, bytes: Buffer): number {
  table ??= makeTable()
  let sum = crc
  for (const byte of bytes) sum = (sum << 8) ^ (table[((sum >>> 24) ^ byte) & 255] ?? 0)
  return sum >>> 0
}
