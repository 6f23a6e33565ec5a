import { crc32c } from '../../crc32c.ts'
import { BB } from '../overlay.ts'
import { blocksOf, cycleIn, type LogArea, RECORD_MAGIC } from './area.ts'

/** A place in the log and the round in which it was written: a log sequence number. Two words, for a cycle may need all of its 32 bits. */
export interface Lsn {
  cycle: number
  block: number
}

export interface LogRecord {
  /** Where its header begins, in blocks of the log. */
  block: number
  lsn: Lsn
  /** Everything before this one had reached its place on the disk. */
  tail: Lsn
  cycle: number
  /** Bytes behind its headers. */
  length: number
  operations: number
  crc: number
  /** What is inside was written by a little-endian machine; null: by one that is not known. */
  little: boolean | null
  uuid: Buffer
  headers: number
  /** Blocks with the headers. */
  blocks: number
}

/** Data whose cycle words one header block holds; a longer record has more headers (XLOG_HEADER_CYCLE_SIZE). */
const PER_HEADER = 32 * 1024
/** XLOG_MAX_RECORD_BSIZE: no record is larger. */
const LARGEST = 256 * 1024

export function isNewer(a: Lsn, b: Lsn): boolean {
  return a.cycle !== b.cycle ? a.cycle > b.cycle : a.block > b.block
}

/**
 * A record's header (XFS Algorithms & Data Structures, "Log Records"; xfs_log_format.h, struct xlog_rec_header); null where none is.
 *
 *       0 feedbabe cycle version length   16 lsn(8) tail_lsn(8)   32 crc(LE) prev_block operations   44 cycle words(64 × 4)
 *     300 format uuid(16) size
 */
export function recordAt(area: LogArea, block: number): LogRecord | null {
  return readHeader(area, blocksOf(area, block, 1), block)
}

export function readHeader(area: LogArea, bytes: Buffer, block: number): LogRecord | null {
  const version = bytes.readUInt32BE(8)
  const length = bytes.readUInt32BE(12)
  if (bytes.readUInt32BE(0) !== RECORD_MAGIC || version < 1 || version > 3 || length > LARGEST) return null
  const size = version & 2 ? bytes.readUInt32BE(320) : PER_HEADER
  const headers = size > PER_HEADER && size <= LARGEST ? Math.ceil(size / PER_HEADER) : 1
  const blocks = headers + Math.ceil(length / BB)
  const operations = bytes.readUInt32BE(40)
  // An old mkfs wrote its record as long as a stripe of the log, but with one header; it has one operation (xlog_do_recovery_pass).
  const headed = Math.ceil(length / PER_HEADER) <= headers || operations === 1
  if (blocks >= area.blocks || !headed) return null
  return {
    block,
    lsn: { cycle: bytes.readUInt32BE(16), block: bytes.readUInt32BE(20) },
    tail: { cycle: bytes.readUInt32BE(24), block: bytes.readUInt32BE(28) },
    cycle: bytes.readUInt32BE(4),
    length,
    operations,
    crc: bytes.readUInt32LE(32),
    little: [null, true, false, false][bytes.readUInt32BE(300)] ?? null,
    uuid: Buffer.from(bytes.subarray(304, 320)),
    headers,
    blocks,
  }
}

/**
 * What a record holds, its first words put back in their places; null where it was torn: not all of its blocks had been written.
 *
 * Records of a kernel since 3.8 carry a sum. mkfs writes none, and older kernels did not: there the cycles of its blocks tell.
 */
export function payloadOf(area: LogArea, record: LogRecord): Buffer | null {
  const bytes = blocksOf(area, record.block, record.blocks)
  const from = record.headers * BB
  if (record.crc !== 0 ? !sumFits(bytes, record) : !cyclesFit(area, bytes, record)) return null
  for (let index = 0; index * BB < record.length && index < record.headers * 64; index++) {
    const header = Math.floor(index / 64) * BB
    const word = header === 0 ? 44 + index * 4 : header + 4 + (index % 64) * 4
    bytes.copy(bytes, from + index * BB, word, word + 4)
  }
  return bytes.subarray(from, from + record.length)
}

/** xlog_cksum: the header, whose size a 32-bit kernel took for 324, not 328; of further headers 260 bytes; what they head. */
function sumFits(bytes: Buffer, record: LogRecord): boolean {
  const bare = Buffer.from(bytes.subarray(0, 328))
  bare.fill(0, 32, 36)
  return [328, 324].some(size => {
    let sum = crc32c(0xffffffff, bare.subarray(0, size))
    for (let index = 1; index < Math.ceil(record.length / PER_HEADER); index++)
      sum = crc32c(sum, bytes.subarray(index * BB, index * BB + 260))
    const from = record.headers * BB
    return ~crc32c(sum, bytes.subarray(from, from + record.length)) >>> 0 === record.crc
  })
}

/** Where a record goes on at the ring's front, the next cycle has begun. */
function cyclesFit(area: LogArea, bytes: Buffer, record: LogRecord): boolean {
  for (let index = record.headers; index < record.blocks; index++) {
    const expected = record.block + index < area.blocks ? record.cycle : record.cycle + 1
    if (cycleIn(bytes, index * BB) !== expected && expected !== RECORD_MAGIC) return false
  }
  return true
}
