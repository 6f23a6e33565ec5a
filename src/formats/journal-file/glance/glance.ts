import { followChain, type Places } from '../chain.ts'
import { Room } from '../data-cache.ts'
import type { Datum } from '../datum.ts'
import type { JournalInput } from '../directory.ts'
import type { JournalEntry } from '../entry.ts'
import { emptyHead, JournalFile } from '../file.ts'
import type { Account } from '../reader.ts'
import { verifiedData } from '../verify.ts'
import { doubt } from './doubt.ts'
import type { Group, Walker } from './walker.ts'

/** A file of which the entries that matter were read, and the others proven and counted. */
export interface Glance {
  /** Without their data: see `withData`. */
  entries: JournalEntry[]
  groups: Group[]
  seqnums: Float64Array
  account: Account
}

/** Small, for the few entries that are read lie far apart. */
const PAGE = 512
const PAGES = 1 << 20
const DATA = 1 << 20
/** More entries to read than this, or than this share of all: then the file may as well be read whole. */
const MOST_READ = 20_000
const MOST_SHARE = 0.2
const FEW = 64

/**
 * Looks at every entry of a file; null where one is decisive.
 *
 * @throws Doubt where anything is wrong with the file, or much of it matters.
 */
export function glanceAt({ path, source }: JournalInput, walker: Walker): Glance | null {
  const file = new JournalFile(path, source, { pages: PAGES, page: PAGE, room: new Room(DATA / 2) })
  const chain = soundChain(file)
  const account = { byChain: chain.count, recovered: 0, lost: 0, complete: true, problems: [] }
  const walked = walker.walk(file, chain)
  if (!walked) return null
  const { wanted, groups, seqnums } = walked
  if (wanted.length > Math.min(MOST_READ, Math.max(FEW, chain.count * MOST_SHARE))) doubt('many entries that matter')
  // Of each its head is kept: many files lie open side by side, and their entries wait for their turns.
  const entries = wanted.map(place => ({ ...entryAt(file, place), data: NOT_YET }))
  file.forget()
  return { entries, groups, seqnums, account }
}

const NOT_YET: Datum[] = []

/** Brings the data of entries that were looked at before. */
export function* withData(entries: Iterable<JournalEntry>, accounts: ReadonlyMap<string, Account>): Generator<JournalEntry> {
  for (const entry of entries) {
    const { file, offset } = entry
    if (entry.data !== NOT_YET) {
      yield entry
      continue
    }
    const head = emptyHead()
    const { data, missing } = file.entryHead(offset, head) ? verifiedData(file, head) : { data: [], missing: 1 }
    file.forget()
    const account = accounts.get(file.path)
    if (missing > 0 && account) {
      account.complete = false
      account.problems.push({ message: 'an entry that changed while the file was read', offset })
    }
    yield { ...entry, data, missing }
  }
}

/** The entries' places, where nothing is wrong with header and list. */
function soundChain(file: JournalFile): Places {
  const { header, size } = file
  if (!header || header.unknownFlags.length > 0 || header.state === null) doubt('a header that is not known')
  if (size < header.headerSize + header.arenaSize) doubt('a file that was cut')
  const { places, fault } = followChain(file)
  if (fault || places.count !== header.entries) doubt('a list of entries that the header contradicts')
  return places
}

function entryAt(file: JournalFile, offset: number): JournalEntry {
  const head = emptyHead()
  if (!file.entryHead(offset, head)) doubt('no entry where the list leads')
  const { data, missing } = verifiedData(file, head)
  if (missing > 0 || data.length === 0) doubt('an entry that is not whole')
  const { seqnum, realtime, monotonic, boot, xor } = head
  return { file, offset, seqnum, realtime, monotonic, boot, xor, data, missing, doubtful: [], recovered: false }
}
