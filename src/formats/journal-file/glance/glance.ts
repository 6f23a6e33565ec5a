import { followChain, Places } from '../chain.ts'
import type { JournalInput } from '../directory.ts'
import { draftOfEntry } from '../draft.ts'
import type { JournalEntry } from '../entry.ts'
import { emptyHead, JournalFile } from '../file.ts'
import type { Account } from '../reader.ts'
import { verifiedData } from '../verify.ts'
import { walk } from '../walk.ts'
import { dataOf, entriesOf } from './data-list.ts'
import { doubt } from './doubt.ts'
import { Exact } from './exact.ts'
import { headsOfFields } from './fields.ts'
import { columnOf, type Group, groupsOf, openers } from './groups.ts'
import { indexOf, type Roster, rosterOf } from './roster.ts'
import { SOURCE_TIME, takeSourceTimes } from './times.ts'

/** What a message may mean for the report: `decisive` asks for the whole story, `telling` for this entry. */
export type Meaning = 'decisive' | 'telling' | null

/** A file of which the entries that matter were read, and the others counted. */
export interface Glance {
  entries: JournalEntry[]
  groups: Group[]
  seqnums: Float64Array
  account: Account
}

/** Small, for what is read lies far apart. */
const PAGE = 512
const CACHE = 1 << 20
const MESSAGE = 'MESSAGE='
/** More entries to read than this, or than this share of all: then the file may as well be read whole. */
const MOST_READ = 20_000
const MOST_SHARE = 0.2
const FEW = 64
/** Times read again because another one turned out wrong. */
const MOST_ROUNDS = 64

/** A file whose texts were looked through. */
export interface Skimmed {
  file: JournalFile
  exact: Exact
  roster: Roster
  fields: Map<string, number>
  /** Entries to read. */
  wanted: Set<number>
}

/**
 * Looks at each distinct message of a file, by its index; null where one is decisive.
 *
 * @throws Doubt where the index does not hold together.
 */
export function skim({ path, source }: JournalInput, meaningOf: (text: string) => Meaning): Skimmed | null {
  const file = new JournalFile(path, source, CACHE, PAGE)
  const exact = new Exact(source)
  const chain = soundChain(file)
  const fields = chain.count === 0 ? new Map<string, number>() : headsOfFields(file, exact)
  const message = fields.get('MESSAGE')
  const listed: { entries: number; firstEntry: number; array: number }[] = []
  const alone = new Places()
  const shared: typeof listed = []
  let covered = 0
  for (const { payload, ...rest } of message === undefined ? [] : dataOf(file, exact, message, 'MESSAGE')) {
    const meaning = meaningOf(payload.toString('utf8', MESSAGE.length))
    if (meaning === 'decisive') return null
    if (meaning === 'telling') listed.push(rest)
    covered += rest.entries
    if (rest.entries === 1) alone.push(rest.firstEntry)
    else shared.push(rest)
  }
  const roster = rosterOf(exact, chain)
  const wanted = new Set<number>()
  for (const datum of listed) for (const place of entriesOf(file, exact, datum)) want(roster, wanted, place)
  if (covered !== chain.count) {
    const seen = new Set(alone.offsets.subarray(0, alone.count))
    for (const datum of shared) for (const place of entriesOf(file, exact, datum)) seen.add(place)
    for (const place of roster.places) if (!seen.has(place)) want(roster, wanted, place)
  }
  checkEnd(file, roster)
  return { file, exact, roster, fields, wanted }
}

function want(roster: Roster, wanted: Set<number>, place: number): void {
  wanted.add(indexOf(roster, place))
  if (wanted.size > Math.min(MOST_READ, Math.max(FEW, roster.places.length * MOST_SHARE))) doubt('many entries that matter')
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

/** A file left open by a crash may hold an entry that its list does not lead to yet. */
function checkEnd({ path, source, header }: JournalFile, { places }: Roster): void {
  if (header?.state !== 'online') return
  const file = new JournalFile(path, source, CACHE)
  const last = places.at(-1) ?? -1
  const found = new Places()
  const { gaps } = walk(file, Math.max(last, file.begin), found)
  if (gaps.length > 0 || found.count > 1 || (found.count === 1 && found.at(0) !== last)) doubt('something behind the last entry')
}

/** Reads the entries that matter, counts the others. @throws Doubt */
export function glanceAt({ file, exact, roster, fields, wanted }: Skimmed): Glance {
  const account = { byChain: roster.places.length, recovered: 0, lost: 0, complete: true, problems: [] }
  if (roster.places.length === 0) return { entries: [], groups: [], seqnums: roster.seqnums, account }
  checkBoots(file, exact, fields, roster)
  const source = fields.get(SOURCE_TIME)
  if (source !== undefined) takeSourceTimes(file, exact, source, roster)
  const hosts = columnOf(file, exact, fields.get('_HOSTNAME'), '_HOSTNAME', roster)
  const machines = columnOf(file, exact, fields.get('_MACHINE_ID'), '_MACHINE_ID', roster)
  for (const index of openers(roster, hosts, machines)) wanted.add(index)
  const entries = [...wanted].sort((a, b) => a - b).map(index => entryAt(file, roster, index))
  const groups = settledGroups(file, roster, hosts, machines, wanted)
  file.forget()
  return { entries, groups, seqnums: roster.seqnums, account }
}

/** A boot's first and last time is believed only of an entry that was read. */
function settledGroups(
  file: JournalFile,
  roster: Roster,
  hosts: Parameters<typeof groupsOf>[1],
  machines: Parameters<typeof groupsOf>[2],
  wanted: ReadonlySet<number>,
): Group[] {
  const sure = new Set<number>()
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const groups = groupsOf(roster, hosts, machines, wanted)
    let wrong = false
    for (const { boot, host, machineId, at } of groups) {
      for (const index of [at.first, at.last]) {
        if (sure.has(index)) continue
        sure.add(index)
        const draft = draftOfEntry(entryAt(file, roster, index))
        if (draft.boot !== boot || draft.host !== host || draft.machineId !== machineId || draft.time === null)
          doubt('an entry of another host')
        if (draft.time !== roster.times[index]) wrong = true
        roster.times[index] = draft.time
      }
    }
    if (!wrong) return groups.map(({ at: _, ...group }) => group)
  }
  return doubt('times that do not settle')
}

function checkBoots(file: JournalFile, exact: Exact, fields: Map<string, number>, { bootIds }: Roster): void {
  const head = fields.get('_BOOT_ID')
  const told = new Set<string>()
  if (head !== undefined)
    for (const { payload } of dataOf(file, exact, head, '_BOOT_ID')) told.add(payload.toString('latin1', '_BOOT_ID='.length))
  if (!bootIds.every(id => told.has(id))) doubt('a boot that no field tells')
}

function entryAt(file: JournalFile, { places, bootIds, boots }: Roster, index: number): JournalEntry {
  const head = emptyHead()
  const offset = places[index] ?? 0
  if (!file.entryHead(offset, head) || head.boot !== bootIds[boots[index] ?? 0]) doubt('no entry where the list leads')
  const { data, missing } = verifiedData(file, head)
  if (missing > 0 || data.length === 0) doubt('an entry that is not whole')
  const { seqnum, realtime, monotonic, boot, xor } = head
  return { file, offset, seqnum, realtime, monotonic, boot, xor, data, missing, doubtful: [], recovered: false }
}
