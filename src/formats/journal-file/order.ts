import type { JournalEntry } from './entry.ts'

/**
 * The order in which journalctl interleaves files: by number where both come from one counter, by the clock since boot within a boot,
 * else by the wall clock, at last by contents; nought for the same entry in two files (systemd v252 src/libsystemd/sd-journal/sd-journal.c,
 * compare_locations).
 */
export function compareEntries(a: JournalEntry, b: JournalEntry): number {
  const counter = a.file.header?.seqnumId
  const oneCounter = counter !== undefined && counter === b.file.header?.seqnumId
  if (oneCounter && a.seqnum !== b.seqnum) return a.seqnum - b.seqnum
  if (a.boot === b.boot && a.monotonic !== b.monotonic) return a.monotonic - b.monotonic
  if (a.realtime !== b.realtime) return a.realtime - b.realtime
  return a.xor.hi - b.xor.hi || a.xor.lo - b.xor.lo
}

/** Whether two files hold one and the same entry: every word of its head agrees. */
export function isSame(a: JournalEntry, b: JournalEntry): boolean {
  return (
    a.seqnum === b.seqnum &&
    a.realtime === b.realtime &&
    a.monotonic === b.monotonic &&
    a.xor.lo === b.xor.lo &&
    a.xor.hi === b.xor.hi &&
    a.boot === b.boot &&
    a.file.header !== null &&
    a.file.header.seqnumId === b.file.header?.seqnumId
  )
}
