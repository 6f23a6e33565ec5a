import type { ByteSource } from '../../source.ts'
import { BB } from '../overlay.ts'

/**
 * The log: a ring of basic blocks, written round and round. Every block's first word is the number of the round, its cycle, in which it was
 * written; a record's header begins with its magic number instead and has the cycle behind it.
 */
export interface LogArea {
  source: ByteSource
  /** Where it begins on the device, in bytes. */
  at: number
  /** How many basic blocks it has. */
  blocks: number
}

/** First word of a record's header (kernel fs/xfs/libxfs/xfs_log_format.h, XLOG_HEADER_MAGIC_NUM). */
export const RECORD_MAGIC = 0xfeedbabe

/** Blocks from `first` on, going on at the ring's front where it ends. */
export function blocksOf(area: LogArea, first: number, count: number): Buffer {
  const bytes = Buffer.alloc(count * BB)
  const before = Math.min(count, area.blocks - first)
  area.source.read(area.at + first * BB, bytes.subarray(0, before * BB))
  if (before < count) area.source.read(area.at, bytes.subarray(before * BB))
  return bytes
}

export function cycleAt(area: LogArea, block: number): number {
  return cycleIn(blocksOf(area, block, 1), 0)
}

/** The cycle of a block that lies at `at` (xlog_get_cycle). */
export function cycleIn(bytes: Buffer, at: number): number {
  const first = bytes.readUInt32BE(at)
  return first === RECORD_MAGIC ? bytes.readUInt32BE(at + 4) : first
}
