import type { ByteSource } from '../../bytes/source.ts'

/** The first bytes of every journal file. */
export const MAGIC = 'LPKSHHRH'

/** Header size of systemd v187's files, the oldest that anyone reads. */
const LEAST_HEADER = 208
const MOST_HEADER = 272

/** `incompatible_flags`: a reader that does not know one of them cannot read the file (systemd v252 journal-def.h, HEADER_INCOMPATIBLE_*). */
const INCOMPATIBLE: readonly string[] = ['COMPRESSED-XZ', 'COMPRESSED-LZ4', 'KEYED-HASH', 'COMPRESSED-ZSTD', 'COMPACT']
const KEYED = 4
const COMPACT = 16

const STATES = ['offline', 'online', 'archived'] as const

/**
 * The header of a journal file (JOURNAL_FILE_FORMAT, "Header"; systemd v257 src/libsystemd/sd-journal/journal-def.h).
 *
 *       0  signature LPKSHHRH          8  compatible_flags (4)   12  incompatible_flags (4)
 *      16  state (1) reserved (7)     24  file_id (16)           40  machine_id (16)
 *      56  tail_entry_boot_id (16)    72  seqnum_id (16)         88  header_size
 *      96  arena_size                104  data_hash_table_offset, _size     120  field_hash_table_offset, _size
 *     136  tail_object_offset        144  n_objects             152  n_entries
 *     160  tail_entry_seqnum         168  head_entry_seqnum     176  entry_array_offset
 *     184  head_entry_realtime       192  tail_entry_realtime   200  tail_entry_monotonic
 *     208  n_data, n_fields (v187)   224  n_tags, n_entry_arrays (v189)    240  chain depths (v246)   256  tail places (v252, v254)
 */
export interface Header {
  state: (typeof STATES)[number] | null
  sealed: boolean
  keyed: boolean
  compact: boolean
  /** Names or numbers of incompatible flags that nobody here knows. */
  unknownFlags: string[]
  fileId: Buffer
  machineId: string
  seqnumId: string
  headerSize: number
  arenaSize: number
  dataTable: number
  dataTableSize: number
  fieldTable: number
  fieldTableSize: number
  tailObject: number
  objects: number
  entries: number
  tailSeqnum: number
  headSeqnum: number
  entryArray: number
  headRealtime: number
  tailRealtime: number
}

/** Null where this is no header: another magic, or not even the oldest header's bytes. */
export function readHeader(source: ByteSource): Header | null {
  const bytes = Buffer.alloc(MOST_HEADER)
  if (source.read(0, bytes) < LEAST_HEADER || bytes.toString('latin1', 0, 8) !== MAGIC) return null
  const flags = bytes.readUInt32LE(12)
  return {
    state: STATES[bytes[16] ?? 255] ?? null,
    sealed: (bytes.readUInt32LE(8) & 1) !== 0,
    keyed: (flags & KEYED) !== 0,
    compact: (flags & COMPACT) !== 0,
    unknownFlags: unknown(flags),
    fileId: bytes.subarray(24, 40),
    machineId: bytes.toString('hex', 40, 56),
    seqnumId: bytes.toString('hex', 72, 88),
    headerSize: long(bytes, 88),
    arenaSize: long(bytes, 96),
    dataTable: long(bytes, 104),
    dataTableSize: long(bytes, 112),
    fieldTable: long(bytes, 120),
    fieldTableSize: long(bytes, 128),
    tailObject: long(bytes, 136),
    objects: long(bytes, 144),
    entries: long(bytes, 152),
    tailSeqnum: long(bytes, 160),
    headSeqnum: long(bytes, 168),
    entryArray: long(bytes, 176),
    headRealtime: long(bytes, 184),
    tailRealtime: long(bytes, 192),
  }
}

/** A 64-bit number; inexact above 2^53, where no true one lies. */
export function long(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 4294967296
}

function unknown(flags: number): string[] {
  const found: string[] = []
  for (let bit = INCOMPATIBLE.length; bit < 32; bit++) if ((flags >>> bit) & 1) found.push(`bit ${bit}`)
  return found
}
