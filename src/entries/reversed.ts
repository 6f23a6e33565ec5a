import type { Chunks } from '../bytes/container.ts'
import type { Spool } from '../bytes/spool.ts'
import type { Form } from '../formats/form.ts'
import { Reader, type Record } from '../formats/reader.ts'

/** Bytes of a log that are looked at to tell its direction. */
export const HEAD_SIZE = 64 * 1024

/** Steps back of less than this (µs) in all are disorder, in a log of few lines. */
const DISORDER = 2e6

/** After so many steps forward, and few back, nothing that follows makes a log one that is written newest first. */
const SURE = 16

/** Whether a log is written newest first (`journalctl -r`), by the stamps at its beginning. */
export function isNewestFirst(head: Buffer, whole: boolean, path: string, only: Form | null): boolean {
  const reader = new Reader(path, only)
  reader.feed.push(head)
  if (whole) reader.feed.end()
  let before: Record | null = null
  let rises = 0
  let falls = 0
  let fallen = 0
  for (let record = reader.next(); record && !(rises >= SURE && rises > falls); record = reader.next()) {
    const step = before ? stepBetween(before, record) : 0
    if (step > 0) rises++
    else if (step < 0) {
      falls++
      fallen -= step
    }
    before = record
  }
  return falls > 4 * rises && (falls >= 3 || (falls === 2 && fallen >= DISORDER))
}

function stepBetween({ draft: a }: Record, { draft: b }: Record): number {
  if (a.time !== null && b.time !== null) return b.time - a.time
  if (a.civil !== null && b.civil !== null) return b.civil - a.civil
  return a.mono !== null && b.mono !== null ? b.mono - a.mono : 0
}

/** Where a stretch of whole records begins, and what the reader knew there. */
interface Stretch {
  offset: number
  line: number
  reader: Reader
}

const STRETCH = 1 << 20

/**
 * Reads a log that is written newest first and delivers its records oldest first, a stretch at a time: once through to find where
 * stretches of whole records begin, then stretch by stretch from the end. `reader` keeps the tally.
 */
export async function* oldestFirst(spool: Spool, reader: Reader, chunks: Chunks, only: Form | null): AsyncGenerator<Record[]> {
  const stretches = await survey(reader, chunks, only)
  let separated = false
  for (let index = stretches.length - 1; index >= 0; index--) {
    const stretch = stretches[index]
    if (!stretch) continue
    const part = new Reader(reader.path, only, stretch)
    part.copyFrom(stretch.reader)
    part.feed.push(await spool.read(stretch.offset, stretches[index + 1]?.offset ?? reader.feed.offset))
    part.feed.end()
    const records: Record[] = []
    for (let record = part.next(); record; record = part.next()) records.push(record)
    records.reverse()
    for (const { draft } of records) {
      // A separator stands before the older boot here: the boundary is the younger record's.
      const begins = separated
      separated = draft.boots
      draft.boots = begins
    }
    yield records
  }
}

async function survey(reader: Reader, chunks: Chunks, only: Form | null): Promise<Stretch[]> {
  const stretches: Stretch[] = [{ offset: 0, line: 1, reader: new Reader(reader.path, only) }]
  let next = STRETCH
  function note(): void {
    for (let record = reader.next(); record; record = reader.next()) {
      if (reader.feed.offset < next) continue
      const state = new Reader(reader.path, only)
      state.copyFrom(reader)
      stretches.push({ offset: reader.feed.offset, line: reader.feed.line, reader: state })
      next = reader.feed.offset + STRETCH
    }
  }
  for await (const chunk of chunks) {
    reader.feed.push(chunk)
    note()
  }
  reader.feed.end()
  note()
  return stretches
}
