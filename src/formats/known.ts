import { cat } from './cat.ts'
import { Reader } from './reader.ts'

/** How many records of a text's beginning are of a form that is known, how many of those say when they were written, and how many there are. */
export function recordsIn(head: Buffer, whole: boolean, path: string): { known: number; dated: number; all: number } {
  const reader = new Reader(path, null)
  reader.feed.push(head)
  if (whole) reader.feed.end()
  const found = { known: 0, dated: 0, all: 0 }
  for (let record = reader.next(); record; record = reader.next()) {
    const { time, civil, mono } = record.draft
    found.all++
    if (record.form === cat) continue
    found.known++
    if (time !== null || civil !== null || mono !== null) found.dated++
  }
  return found
}
