import { BB } from '../overlay.ts'
import { blocksOf, cycleAt, cycleIn, type LogArea, RECORD_MAGIC } from './area.ts'
import { type LogRecord, payloadOf, readHeader, recordAt } from './record.ts'

/** The part of the ring whose changes may not have reached their places. */
export interface Unfinished {
  tail: number
  /** Behind its last record. */
  head: number
  last: LogRecord
}

/** Writes that can have been under way at once, eight of the largest records: so far behind the head blocks may be missing. */
const UNDER_WAY = (8 * 256 * 1024) / BB
const LONGEST = (256 * 1024) / BB
const WRITERS = 8
const UNMOUNT = 0x20

/**
 * Where the log begins and ends (kernel fs/xfs/xfs_log_recover.c, xlog_find_head, xlog_find_tail, xlog_verify_head): the head is where the
 * cycle falls, less what was torn; the last record before it names the tail. `clean`: there is nothing to replay. `lost`: no end was found.
 *
 *     cycle   8 8 8 8 8 8 8 8 8 7 7 7 7 7 7 7 7
 *                 └ tail      └ head
 */
export function findUnfinished(area: LogArea): Unfinished | 'clean' | 'lost' {
  const [first, last] = [cycleAt(area, 0), cycleAt(area, area.blocks - 1)]
  // Never written to; or its beginning, which is written first, is gone.
  if (first === 0) return last === 0 ? 'clean' : 'lost'
  return findTail(area, findHead(area, first, last))
}

function findTail(area: LogArea, written: number): Unfinished | 'clean' | 'lost' {
  const newest = recordBefore(area, written, area.blocks)
  if (!newest) return 'lost'
  if (isUnmount(area, newest, written)) return 'clean'
  const torn = firstTorn(area, newest)
  const head = torn === null ? written : torn
  const last = torn === null ? newest : recordBefore(area, head, area.blocks)
  if (!last) return 'lost'
  if (torn !== null && isUnmount(area, last, head)) return 'clean'
  if (last.tail.block >= area.blocks) return 'lost'
  return last.tail.block === head ? 'clean' : { tail: last.tail.block, head, last }
}

/** The block behind the newest that was written. */
function findHead(area: LogArea, first: number, last: number): number {
  let head = first === last ? area.blocks : bisect(area, last)
  // Blocks that were under way when the machine stopped may be missing before others that were written.
  const stop = first === last ? last - 1 : last
  if (head < UNDER_WAY && last !== 0) {
    const from = area.blocks - Math.min(UNDER_WAY - head, area.blocks - head)
    const behind = firstWith(area, from, area.blocks, stop - 1)
    if (behind !== null) head = behind
  }
  head = firstWith(area, Math.max(0, head - UNDER_WAY), head, stop) ?? head
  return lessPart(area, head) % area.blocks
}

/** The first block of the cycle that the ring ends with (xlog_find_cycle_start). */
function bisect(area: LogArea, cycle: number): number {
  let before = 0
  let at = area.blocks - 1
  while (at - before > 1) {
    const middle = (before + at) >>> 1
    if (cycleAt(area, middle) === cycle) at = middle
    else before = middle
  }
  return at
}

function firstWith(area: LogArea, from: number, to: number, cycle: number): number | null {
  if (to <= from) return null
  const bytes = blocksOf(area, from, to - from)
  for (let at = 0; at < bytes.length; at += BB) if (cycleIn(bytes, at) === cycle) return from + at / BB
  return null
}

/** Backs up over a record that does not end at the head (xlog_find_verify_log_record): only a part of it was written. */
function lessPart(area: LogArea, head: number): number {
  const record = recordBefore(area, head % area.blocks, LONGEST + WRITERS)
  if (!record) return head
  return (record.block + record.blocks) % area.blocks === head % area.blocks ? head : record.block
}

/** The last record that begins before a block, looked for so many blocks back, round the ring. */
function recordBefore(area: LogArea, block: number, most: number): LogRecord | null {
  const reach = Math.min(most, area.blocks)
  for (let done = 0; done < reach; done += LONGEST) {
    const count = Math.min(LONGEST, reach - done)
    const from = (block - done - count + 2 * area.blocks) % area.blocks
    const bytes = blocksOf(area, from, count)
    for (let at = bytes.length - BB; at >= 0; at -= BB) {
      if (bytes.readUInt32BE(at) !== RECORD_MAGIC) continue
      const record = readHeader(area, bytes.subarray(at, at + BB), (from + at / BB) % area.blocks)
      if (record) return record
    }
  }
  return null
}

/** The first of the records under way at the end that is torn (xlog_verify_head): the log ends there. */
function firstTorn(area: LogArea, newest: LogRecord): number | null {
  let torn: number | null = null
  let record: LogRecord | null = newest
  for (let count = 0, span = 0; record && count < WRITERS; count++) {
    span += record.blocks
    if (payloadOf(area, record) === null) torn = record.block
    if (record.block === newest.tail.block || span > UNDER_WAY + 2 * WRITERS) break
    const before: LogRecord | null = recordBefore(area, record.block, LONGEST + WRITERS)
    record =
      before && before.block !== record.block && (before.block + before.blocks) % area.blocks === record.block ? before : null
  }
  return torn
}

/** A clean unmount leaves one record of one operation, and nothing behind it. */
function isUnmount(area: LogArea, record: LogRecord, head: number): boolean {
  if (record.operations !== 1 || (record.block + record.blocks) % area.blocks !== head) return false
  const payload = payloadOf(area, record)
  return payload !== null && payload.length >= 12 && (payload.readUInt8(9) & UNMOUNT) !== 0
}

/** Records from the tail on, in the order they were written; the last one answered is null where the log cannot be followed further. */
export function* recordsOf(area: LogArea, { tail, head }: Unfinished): Generator<LogRecord | null> {
  const length = (head - tail + area.blocks) % area.blocks
  for (let passed = 0; passed < length; ) {
    const record = recordAt(area, (tail + passed) % area.blocks)
    if (!record || passed + record.blocks > length) return yield null
    yield record
    passed += record.blocks
  }
}
