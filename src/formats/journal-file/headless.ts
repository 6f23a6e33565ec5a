import type { ByteSource } from '../../bytes/source.ts'
import type { Carved } from './carve.ts'
import { Places } from './chain.ts'
import type { JournalEntry } from './entry.ts'
import { emptyHead, JournalFile } from './file.ts'
import { long } from './header.ts'
import { DATA, ENTRY, mayBeObject } from './object.ts'
import { verifiedData } from './verify.ts'
import { walk } from './walk.ts'

/** The pieces of one lost file must agree so many times on where it began. */
const LEAST_VOTES = 3

/**
 * Entries whose file's header is gone. An entry names its data by their places in the file, so where the file began must be found out: a
 * DATA object names the first entry that has it, and stands shortly before that entry. The difference between where an entry lies and
 * where its data say that it lies is where the file's byte 0 was; pieces that agree are of one file.
 *
 *     raw bytes  …┊ DATA: first entry 4242 ┊ … ┊ ENTRY at 14242 ┊…   →  byte 0 of the file at 10000
 */
export function* headless(path: string, source: ByteSource, from: number, to: number): Generator<Carved> {
  for (const compact of [true, false]) {
    const raw = new JournalFile(path, source)
    raw.compact = compact
    const found = new Places()
    walk(raw, Math.ceil(from / 8) * 8, found, to)
    const groups = new Map<number, number[]>()
    let last: number | null = null
    for (let index = 0; index < found.count; index++) {
      const place = found.at(index)
      // One that brought no new data with it lies behind others of its file.
      const base: number | null = baseOf(raw, place) ?? last
      last = base
      if (base === null) continue
      const group = groups.get(base)
      if (group) group.push(place)
      else groups.set(base, [place])
    }
    for (const [base, places] of groups) {
      if (places.length < LEAST_VOTES) continue
      const entries = proven(path, source, base, places, compact)
      if (entries.length > 0) yield { offset: base, header: false, entries }
    }
  }
}

/** Objects before an entry that are asked: its own data are written right before it. */
const REACH = 16_384

function baseOf(raw: JournalFile, entry: number): number | null {
  const { pages } = raw
  for (let at = entry - 8; at >= Math.max(0, entry - REACH); at -= 8) {
    if (!pages.at(at, 64)) return null
    const { bytes, pos } = pages
    if (!mayBeObject(bytes, pos, entry - at)) continue
    if (bytes[pos] === ENTRY) return null
    if (bytes[pos] !== DATA) continue
    const first = long(bytes, pos + 40)
    if (first > 0 && first % 8 === 0) return entry - first
  }
  return null
}

/** Only what an entry's own hash proves: where the file began was a conclusion. */
function proven(path: string, source: ByteSource, base: number, places: readonly number[], compact: boolean): JournalEntry[] {
  const file = new JournalFile(`${path}@${base}`, shifted(source, base))
  file.compact = compact
  const head = emptyHead()
  return places.flatMap((place): JournalEntry[] => {
    if (!file.entryHead(place - base, head)) return []
    const { data, missing } = verifiedData(file, head)
    if (missing > 0) return []
    const { offset, seqnum, realtime, monotonic, boot, xor } = head
    return [{ file, offset, seqnum, realtime, monotonic, boot, xor: { ...xor }, data, missing, doubtful: [], recovered: true }]
  })
}

/** The source as the lost file saw it; its beginning may lie before the source's. */
function shifted(source: ByteSource, base: number): ByteSource {
  return {
    size: source.size - base,
    read: (offset, target) => {
      const before = Math.max(0, Math.min(target.length, -(base + offset)))
      target.fill(0, 0, before)
      return before + (before < target.length ? source.read(base + offset + before, target.subarray(before)) : 0)
    },
    close: () => {},
  }
}
