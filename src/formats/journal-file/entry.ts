import type { Datum } from './datum.ts'
import type { JournalFile } from './file.ts'
import type { Hash64 } from './hash64.ts'
import { Hex, hex32 } from './hex.ts'

/** One entry of a journal file with its data. */
export interface JournalEntry {
  file: JournalFile
  offset: number
  seqnum: number
  /** µs since the epoch: when journald received it. */
  realtime: number
  /** µs since the boot began. */
  monotonic: number
  boot: string
  xor: Hash64
  data: Datum[]
  /** Data that it had and that could not be read. */
  missing: number
  /** Numbers of its head that contradict those of its neighbours, so that nobody knows what they were. */
  doubtful: readonly string[]
  /** No list leads to it: it was found by walking. */
  recovered: boolean
}

const [numbers, uptimes, times] = [new Hex(), new Hex(), new Hex()]

/** `__CURSOR` (systemd v252 src/libsystemd/sd-journal/sd-journal.c, sd_journal_get_cursor): all numbers in hexadecimal. */
export function cursorOf(entry: JournalEntry): string {
  const { seqnum, boot, monotonic, realtime, xor } = entry
  const id = entry.file.header?.seqnumId ?? '0'.repeat(32)
  const contents = xor.hi >>> 28 === 0 ? (xor.hi === 0 ? '' : xor.hi.toString(16)) : hex32(xor.hi)
  const rest = xor.hi === 0 ? xor.lo.toString(16) : hex32(xor.lo)
  return `s=${id};i=${numbers.of(seqnum)};b=${boot};m=${uptimes.of(monotonic)};t=${times.of(realtime)};x=${contents}${rest}`
}

/** The last value of a field, as journalctl's short form takes it; undefined where the entry has none. */
export function lastOf(entry: JournalEntry, name: string): Datum | undefined {
  return entry.data.findLast(datum => datum.name === name)
}
