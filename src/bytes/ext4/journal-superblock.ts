import { crc32c } from '../crc32c.ts'

/**
 * The journal's first block (Documentation/filesystems/ext4/journal.rst, "Super Block"); the whole journal is big-endian.
 *
 *     0 magic c03b3998   4 type: 3 without features, 4 with   12 block size   16 blocks   20 first block of the log
 *     24 sequence number to expect first   28 block to begin at, 0: nothing to replay   36 compatible, 40 incompatible features
 *     48 UUID   84 blocks for fast commits   252 checksum
 */
export interface JournalSuperblock {
  blockSize: number
  /** The log is a ring from `first` up to `end`, without it. */
  first: number
  end: number
  sequence: number
  start: number
  /** Every commit carries a checksum over all blocks of its transaction (the first kind, of Linux 2.6.28). */
  sumsOfCommits: boolean
  asyncCommits: boolean
  bits64: boolean
  /** Version of the checksums of single blocks; 0: none. */
  sums: 0 | 2 | 3
  /** Where those start from. */
  seed: number
  /** The blocks behind the log that hold fast commits; `count` is 0 where there are none. */
  fast: { first: number; count: number }
}

export const MAGIC = 0xc03b3998
export const TYPE = { descriptor: 1, commit: 2, superblock1: 3, superblock2: 4, revoke: 5 } as const
const FEATURE = { revoke: 1, bits64: 2, asyncCommit: 4, sums2: 8, sums3: 16, fastCommit: 32 } as const
const KNOWN = 63
/** include/linux/jbd2.h, JBD2_DEFAULT_FAST_COMMIT_BLOCKS and JBD2_MIN_JOURNAL_BLOCKS. */
const FAST_BLOCKS = 256
const LEAST_BLOCKS = 1024

/** What the superblock says, or in a sentence why the journal cannot be replayed. */
export function parseJournalSuperblock(bytes: Buffer, blockSize: number, blocks: number): JournalSuperblock | string {
  const type = bytes.readUInt32BE(4)
  if (bytes.readUInt32BE(0) !== MAGIC || (type !== TYPE.superblock1 && type !== TYPE.superblock2)) return 'it has no superblock'
  const second = type === TYPE.superblock2
  const incompat = second ? bytes.readUInt32BE(40) : 0
  const unknown = (incompat & ~KNOWN) >>> 0
  if (unknown !== 0) return `it has a feature that is not known here, bit 0x${unknown.toString(16)}`
  const sums = (incompat & FEATURE.sums3) !== 0 ? 3 : (incompat & FEATURE.sums2) !== 0 ? 2 : 0
  if (bytes.readUInt32BE(12) !== blockSize)
    return `its blocks have ${bytes.readUInt32BE(12)} bytes, those of the file system ${blockSize}`
  if (sums !== 0 && !sumFits(bytes)) return 'its superblock does not fit its checksum'
  const most = bytes.readUInt32BE(16)
  const first = bytes.readUInt32BE(20)
  const start = bytes.readUInt32BE(28)
  const wanted = (incompat & FEATURE.fastCommit) !== 0 ? bytes.readUInt32BE(84) || FAST_BLOCKS : 0
  const count = most - wanted >= LEAST_BLOCKS ? wanted : 0
  const end = most - count
  if (most > blocks || first === 0 || first >= end || start >= end)
    return `its superblock speaks of ${most} blocks from ${first}, starting at ${start}, and it has ${blocks}`
  return {
    blockSize,
    first,
    end,
    sequence: bytes.readUInt32BE(24),
    start,
    sumsOfCommits: second && (bytes.readUInt32BE(36) & 1) !== 0,
    asyncCommits: (incompat & FEATURE.asyncCommit) !== 0,
    bits64: (incompat & FEATURE.bits64) !== 0,
    sums,
    seed: crc32c(0xffffffff, bytes.subarray(48, 64)),
    fast: { first: end + 1, count: Math.max(0, count - 1) },
  }
}

function sumFits(bytes: Buffer): boolean {
  const copy = Buffer.from(bytes.subarray(0, 1024))
  copy.writeUInt32BE(0, 252)
  return crc32c(0xffffffff, copy) === bytes.readUInt32BE(252)
}
