import type { JournalFile } from '../file.ts'
import { long } from '../header.ts'
import { doubt } from './doubt.ts'
import type { Exact } from './exact.ts'

/** journald knows 1024 fields an entry; a file that has seen more names than this is no machine's. */
const MOST_FIELDS = 65_536
const FIELD_HEAD = 40
const BUCKET = 16
const FIELD = 2

/**
 * The newest DATA object of each field, by the field's name: from there `next_field_offset` leads to all others.
 *
 *     field hash table: head_hash_offset (8), tail_hash_offset (8), …
 *     FIELD: 0 type ¦ 8 size ¦ 16 hash ¦ 24 next_hash_offset ¦ 32 head_data_offset ¦ 40 name
 */
export function headsOfFields({ header, size }: JournalFile, exact: Exact): Map<string, number> {
  const found = new Map<string, number>()
  if (!header || header.fieldTableSize <= 0 || header.fieldTableSize > MOST_FIELDS * BUCKET) doubt('no table of fields')
  const table = exact.at(header.fieldTable, header.fieldTableSize)
  if (!table) doubt('the table of fields is cut off')
  const buckets: number[] = []
  for (let at = 0; at + BUCKET <= table.length; at += BUCKET) buckets.push(long(table, at))
  for (const bucket of buckets) {
    for (let field = bucket, before = 0; field !== 0; ) {
      if (field <= before || field % 8 !== 0 || field >= size || found.size > MOST_FIELDS)
        doubt('a list of fields that leads astray')
      before = field
      const bytes = exact.upTo(field, FIELD_HEAD + 64)
      const length = bytes.length < FIELD_HEAD ? 0 : long(bytes, 8)
      if (bytes[0] !== FIELD || length <= FIELD_HEAD || length > bytes.length) doubt('no field where its list leads')
      const name = bytes.toString('latin1', FIELD_HEAD, length)
      if (found.has(name)) doubt('a field given twice')
      found.set(name, long(bytes, 32))
      field = long(bytes, 24)
    }
  }
  return found
}
