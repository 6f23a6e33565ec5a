import type { Problem } from '../../problems/problem.ts'
import { followChain, Places } from './chain.ts'
import type { Datum } from './datum.ts'
import type { JournalEntry } from './entry.ts'
import { type EntryHead, emptyHead, type JournalFile } from './file.ts'
import type { Header } from './header.ts'
import { isOneFlip, judgeHead, type Numbers } from './heads.ts'
import { settleLayout } from './layout.ts'
import { mendEntry } from './mend.ts'
import { ENTRY_HEAD } from './object.ts'
import { verifiedData } from './verify.ts'
import { type Gap, walk } from './walk.ts'

/** What was read of one file, and how. */
export interface Account {
  /** Entries that the file's own list leads to. */
  byChain: number
  /** Entries found by walking. */
  recovered: number
  /** Entries known to be lost; null: some are, number unknown. */
  lost: number | null
  /** Nothing is missing, nothing is damaged. */
  complete: boolean
  problems: Problem[]
}

/** Problems of single entries kept; more are counted. */
const MOST_PROBLEMS = 20
/** Entries behind one that are asked what its numbers must be. */
const MOST_AHEAD = 4

/** Reads a file's entries in their order: by its list while that holds together, else every entry that a walk over all objects finds. */
export class JournalReader {
  readonly account: Account = { byChain: 0, recovered: 0, lost: 0, complete: true, problems: [] }
  private places: Places
  /** Places that the list leads to; null while it leads to all. */
  private chained: Set<number> | null = null
  private index = 0
  private gaps: Gap[] = []
  private walked = false
  private incomplete = 0
  private untold = 0
  private head = emptyHead()
  /** The head of the entry behind, read ahead, and where it lies. */
  private spare = emptyHead()
  private ahead = -1
  /** Where the last entry ends. */
  private end = 0
  private before: Numbers | null = null

  constructor(readonly file: JournalFile) {
    this.checkHeader()
    const chain = followChain(file)
    // Of many files read side by side most wait for their turn now.
    file.forget()
    this.places = chain.places
    if (chain.fault) {
      this.tell(chain.fault)
      this.widen()
    } else if (file.header?.state === 'online') this.lookBehind()
  }

  /** Entries that will be tried. */
  get count(): number {
    return this.places.count
  }

  /** The next entry that can be read; null after the last. */
  next(): JournalEntry | null {
    while (this.index < this.places.count) {
      const offset = this.places.at(this.index)
      const entry = this.find(offset) ? this.read(this.head) : null
      if (entry) {
        this.index++
        return entry
      }
      // What the list led to is no entry: whether others lie near it, only a walk can tell.
      if (!this.walked) this.widen()
      else this.index++
    }
    this.conclude()
    return null
  }

  /** Brings the head of the entry at this place to `head`; false where there is none. */
  private find(offset: number): boolean {
    const { ahead, file, head } = this
    this.ahead = -1
    if (ahead === offset) {
      this.head = this.spare
      this.spare = head
    } else if (!file.entryHead(offset, head)) {
      // Entries do not overlap: a list that leads into one leads astray.
      if (offset < this.end || !mendEntry(file, offset, head)) return false
      this.tell({ message: 'an entry whose object head had a flipped bit; its own hash tells the rest', offset })
    }
    return offset >= this.end
  }

  private read(head: EntryHead): JournalEntry | null {
    const { file } = this
    const { data, missing } = verifiedData(file, head)
    if (data.length === 0) return null
    const { offset } = head
    this.settleBoot(head, data)
    const doubtful = this.judge(head)
    const recovered = this.chained !== null && !this.chained.has(offset)
    if (missing > 0) this.missed(offset, missing)
    if (recovered) this.account.recovered++
    else this.account.byChain++
    const { seqnum, realtime, monotonic, boot, xor } = head
    this.end = offset + (missing > 0 ? ENTRY_HEAD : head.size)
    // Not `{ ...xor }`: that alone would be a tenth of the time of an entry.
    const own = { hi: xor.hi, lo: xor.lo }
    const entry = { file, offset, seqnum, realtime, monotonic, boot, xor: own, data, missing, doubtful, recovered }
    this.before = entry
    return entry
  }

  /** The head says in which boot the entry was made, and so does a datum, which a hash covers. */
  private settleBoot(head: EntryHead, data: readonly Datum[]): void {
    if (head.boot === this.before?.boot) return
    const told = data.find(datum => datum.name === '_BOOT_ID')
    if (told?.proven && told.value.length === 32 && isOneFlip(told.value.toString('latin1'), head.boot)) {
      this.tell({ message: 'an entry whose boot id was damaged; its _BOOT_ID field tells it', offset: head.offset + 40 })
      head.boot = told.value.toString('latin1')
    }
  }

  private judge(head: EntryHead): readonly string[] {
    const { mended, doubtful } = judgeHead(this.before, head, this.lookAhead() ? this.spare : null)
    for (const name of mended)
      this.tell({ message: `an entry whose ${name} had one flipped bit, which its neighbours tell`, offset: head.offset })
    if (doubtful.length > 0)
      this.tell({ message: `an entry whose ${doubtful.join(' or ')} contradicts its neighbours'`, offset: head.offset })
    return doubtful
  }

  /** Brings the next head that can be read to `spare`: the entry right behind may have been hit as well. */
  private lookAhead(): boolean {
    for (let step = 1; step <= MOST_AHEAD && this.index + step < this.places.count; step++) {
      const next = this.places.at(this.index + step)
      if (!this.file.entryHead(next, this.spare)) continue
      if (step === 1) this.ahead = next
      return true
    }
    return false
  }

  private checkHeader(): void {
    const { header, size } = this.file
    if (!header) return
    for (const flag of header.unknownFlags)
      this.tell({
        message: `an incompatible flag that this reader does not know (${flag}): read as far as the known parts allow`,
        offset: 12,
      })
    const end = header.headerSize + header.arenaSize
    if (size >= end) return
    const spare = header.tailObject > 0 && header.tailObject + 16 <= size
    if (!spare) this.tell({ message: `the file ends at byte ${size}, its objects reached beyond`, offset: size })
  }

  /** A file left open by a crash may hold an entry that its list does not lead to yet. */
  private lookBehind(): void {
    const last = this.places.at(this.places.count - 1)
    const found = new Places()
    walk(this.file, Math.max(last, this.file.begin), found)
    this.take(found)
  }

  /** Walks over all objects; what lies behind the place reached joins what the list leads to. */
  private widen(): void {
    this.walked = true
    settleLayout(this.file)
    const found = new Places()
    this.gaps = walk(this.file, this.file.begin, found).gaps
    this.take(found)
  }

  private take(found: Places): void {
    const reached = this.index === 0 ? 0 : this.places.at(this.index - 1)
    const listed = this.chained ?? new Set(this.places.offsets.subarray(0, this.places.count))
    this.chained = listed
    const all = [...new Set([...listed, ...found.offsets.subarray(0, found.count)])].filter(offset => offset > reached)
    const merged = new Places()
    for (const offset of all.sort((a, b) => a - b)) merged.push(offset)
    this.places = merged
    this.index = 0
    this.ahead = -1
  }

  private missed(offset: number, count: number): void {
    this.incomplete++
    this.account.complete = false
    if (this.incomplete <= MOST_PROBLEMS)
      this.tell({ message: `an entry of which ${count} field${count === 1 ? '' : 's'} could not be read`, offset })
    else this.untold++
  }

  private tell(problem: Problem): void {
    this.account.complete = false
    this.account.problems.push(problem)
  }

  private conclude(): void {
    const { account, file } = this
    if (this.concluded) return
    this.concluded = true
    const read = account.byChain + account.recovered
    const stated = file.header?.entries ?? null
    const bytes = this.gaps.reduce((all, gap) => all + gap.to - gap.from, 0)
    if (stated !== null && stated >= read && isLikely(file.header, stated)) account.lost = stated - read
    // Without a header nobody says how many there were.
    else account.lost = stated === null || this.gaps.length > 0 || (stated !== null && stated > read) ? null : 0
    if (account.lost !== 0) account.complete = false
    if (this.untold > 0) account.problems.push({ message: `and ${this.untold} more entries of which fields could not be read` })
    for (const gap of this.gaps.slice(0, MOST_PROBLEMS))
      account.problems.push({ message: `${gap.to - gap.from} bytes in which no object can be made out`, offset: gap.from })
    if (this.gaps.length > MOST_PROBLEMS)
      account.problems.push({ message: `and ${this.gaps.length - MOST_PROBLEMS} more such stretches, ${bytes} bytes in all` })
  }

  private concluded = false
}

/** Whether the header's other numbers leave room for so many entries: a bit may have been flipped in this one. */
function isLikely(header: Header | null, entries: number): boolean {
  return header !== null && entries <= header.tailSeqnum - header.headSeqnum + 1 && entries <= header.objects
}
