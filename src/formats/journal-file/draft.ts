import type { Draft } from '../draft.ts'
import { AT, FIELD_COUNT, type Fields, fromFields, placeOf } from '../fields.ts'
import { textOf } from './datum.ts'
import { cursorOf, type JournalEntry } from './entry.ts'

/** The entry as a record: the same that journalctl's JSON of it makes. Of a repeated field the last value counts. */
export function draftOfEntry(entry: JournalEntry): Draft {
  const fields: Fields = new Array(FIELD_COUNT).fill(undefined)
  for (const datum of entry.data) {
    const place = placeOf(datum.name)
    if (place !== undefined) fields[place] = textOf(datum)
  }
  fields[AT.__REALTIME_TIMESTAMP] = String(entry.realtime)
  fields[AT.__MONOTONIC_TIMESTAMP] = String(entry.monotonic)
  fields[AT._BOOT_ID] = entry.boot
  fields[AT.__CURSOR] = cursorOf(entry)
  return fromFields(fields)
}
