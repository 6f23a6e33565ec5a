import type { ByteSource } from '../../bytes/source.ts'
import { stretch } from '../../bytes/source.ts'
import type { JournalEntry } from './entry.ts'
import { JournalFile } from './file.ts'
import { MAGIC, readHeader } from './header.ts'
import { headless } from './headless.ts'
import { JournalReader } from './reader.ts'

/** A run of raw bytes that hangs together as one journal. */
export interface Carved {
  /** Where in the raw bytes its byte 0 lies, or would lie. */
  offset: number
  /** Null where no header was found: the entries were put together by where they say that their data lie. */
  header: boolean
  entries: Iterable<JournalEntry>
}

/** Files begin at a block of a disk, at a page of memory. */
const BLOCK = 512
const LOOK = 1 << 20

/**
 * Finds journals in raw bytes: a disk, a memory dump, what is left of deleted files. A file that lies in one piece is read from its header;
 * then entries outside of all those, whose headers are gone, are looked for.
 */
export function* carve(path: string, source: ByteSource): Generator<Carved> {
  const covered: { from: number; to: number }[] = []
  for (const from of headersIn(source)) {
    if (covered.some(each => from < each.to)) continue
    const header = readHeader(stretch(source, from, source.size - from))
    if (!header) continue
    const size = Math.min(header.headerSize + header.arenaSize, source.size - from)
    if (size < header.headerSize) continue
    covered.push({ from, to: from + size })
    yield { offset: from, header: true, entries: read(new JournalFile(`${path}@${from}`, stretch(source, from, size))) }
  }
  let from = 0
  for (const { from: begin, to } of [...covered, { from: source.size, to: source.size }]) {
    if (begin > from) yield* headless(path, source, from, begin)
    from = to
  }
}

function* read(file: JournalFile): Generator<JournalEntry> {
  const reader = new JournalReader(file)
  for (let entry = reader.next(); entry; entry = reader.next()) yield entry
}

function* headersIn(source: ByteSource): Generator<number> {
  const magic = Buffer.from(MAGIC, 'latin1')
  const block = Buffer.alloc(LOOK)
  for (let at = 0; at < source.size; at += LOOK) {
    const count = source.read(at, block)
    for (let place = block.indexOf(magic); place !== -1 && place < count; place = block.indexOf(magic, place + 1)) {
      if (place % BLOCK === 0) yield at + place
    }
    if (count < LOOK) return
  }
}
