/**
 * Object types and sizes (JOURNAL_FILE_FORMAT, "Objects"; systemd v252 src/libsystemd/sd-journal/journal-def.h). Objects lie one behind
 * the other from the header's end on, each at a multiple of 8.
 *
 *     0 type (1) ¦ 1 flags (1) ¦ 2 reserved (6, zero) ¦ 8 size (8, with this head) ¦ 16 …
 */
export const DATA = 1
export const ENTRY = 3
export const ENTRY_ARRAY = 6
/** The last type; between lie FIELD (2), and the hash tables of data (4) and fields (5). */
const TAG = 7

export const OBJECT_HEAD = 16

/**
 * DATA: a field's name and value, once for all entries that have it.
 *
 *     16 hash ¦ 24 next_hash_offset ¦ 32 next_field_offset ¦ 40 entry_offset ¦ 48 entry_array_offset ¦ 56 n_entries ¦ 64 NAME=value
 *     compact: 64 tail_entry_array_offset (4), 68 tail_entry_array_n_entries (4) ¦ 72 NAME=value
 */
export const DATA_HEAD = 64
export const COMPACT_DATA_HEAD = 72

/** `flags` of a DATA object: how its payload is compressed. */
export const XZ = 1
export const LZ4 = 2
export const ZSTD = 4

/**
 * ENTRY:
 *
 *     16 seqnum ¦ 24 realtime ¦ 32 monotonic ¦ 40 boot_id (16) ¦ 56 xor_hash ¦ 64 items: offset (8), hash (8) each; compact: offset (4)
 */
export const ENTRY_HEAD = 64
export const ITEM = 16
export const COMPACT_ITEM = 4

/** An entry of 1024 fields, journald's limit, has 16 kB. */
export const MOST_ENTRY = 1 << 18

/**
 * ENTRY_ARRAY: places of entries in order, a list of lists.
 *
 *     16 next_entry_array_offset ¦ 24 offsets (8 each; compact: 4), nought behind the last
 */
export const ARRAY_HEAD = 24

/** The fewest bytes of each type. */
const LEAST: readonly number[] = [OBJECT_HEAD, DATA_HEAD, 40, ENTRY_HEAD + COMPACT_ITEM, OBJECT_HEAD, OBJECT_HEAD, ARRAY_HEAD, 64]

/** Whether these 16 bytes may head an object that ends before `room` bytes are over. */
export function mayBeObject(bytes: Buffer, pos: number, room: number): boolean {
  const type = bytes[pos] ?? 0
  if (type < DATA || type > TAG) return false
  const flags = bytes[pos + 1] ?? 0
  if (flags !== 0 && (type !== DATA || (flags !== XZ && flags !== LZ4 && flags !== ZSTD))) return false
  if (bytes.readUInt32LE(pos + 2) !== 0 || bytes.readUInt16LE(pos + 6) !== 0) return false
  const size = bytes.readUInt32LE(pos + 8) + bytes.readUInt32LE(pos + 12) * 4294967296
  return size >= (LEAST[type] ?? 0) && size <= room
}
