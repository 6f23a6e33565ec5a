import { type CommitSum, commitSum, commitSumFits } from './commit-sum.ts'
import { blockFits, commitFits, commitTime, revokedBy, type Tag, tagsOf, tailFits } from './journal-blocks.ts'
import { type JournalSuperblock, MAGIC, TYPE } from './journal-superblock.ts'
import type { Overlay } from './volume.ts'

/** Reads a block of the journal by its number in it; null where the image lacks it. */
export type ReadJournal = (block: number) => Buffer | null

/** What a journal puts in place. */
export interface Replay extends Overlay {
  transactions: number
  /** The number that the next transaction would have had: fast commits carry it. */
  next: number
}

interface Copy {
  /** Where it lies in the journal. */
  at: number
  sequence: number
  escaped: boolean
  sum: number
  older: Copy | undefined
}

interface Transaction {
  sequence: number
  tags: { tag: Tag; at: number }[]
  revoked: number[]
}

/**
 * Recovery as fs/jbd2/recovery.c does it, in memory: whole transactions only, up to the first that is not; a block that a later transaction
 * revoked is left as it lies. Instead of writing the blocks, it keeps where in the journal the newest copy of each lies. Copies are checked
 * when they are read: one that does not fit its checksum is passed over and told, and the one before it counts, as the kernel would have it.
 */
export function replay(journal: JournalSuperblock, read: ReadJournal, tell: (message: string) => void): Replay {
  const transactions = scan(journal, read, tell)
  const revoked = new Map<number, number>()
  for (const { sequence, revoked: blocks } of transactions) for (const block of blocks) revoked.set(block, sequence)
  const newest = new Map<number, Copy>()
  for (const { sequence, tags } of transactions) {
    for (const { tag, at } of tags) {
      const since = revoked.get(tag.block)
      // Revoked by this transaction or a later one: `since` is the last of them.
      if (since !== undefined && !isAfter(sequence, since)) continue
      newest.set(tag.block, { at, sequence, escaped: tag.escaped, sum: tag.sum, older: newest.get(tag.block) })
    }
  }
  return {
    transactions: transactions.length,
    next: (journal.sequence + transactions.length) >>> 0,
    size: newest.size,
    has: block => newest.has(block),
    read: (block, target) => {
      for (let copy = newest.get(block); copy; copy = copy.older) {
        if (readCopy(copy, target, journal, read)) return true
        tell(`the copy of block ${block} in transaction ${copy.sequence} does not fit its checksum: an older one was read`)
      }
      return false
    },
  }
}

function readCopy(copy: Copy, target: Buffer, journal: JournalSuperblock, read: ReadJournal): boolean {
  const bytes = read(copy.at)
  if (!bytes || !blockFits(bytes, copy.sequence, copy.sum, journal)) return false
  bytes.copy(target)
  if (copy.escaped) target.writeUInt32BE(MAGIC)
  return true
}

/** Transaction numbers wrap around at 2^32. */
function isAfter(one: number, other: number): boolean {
  return ((one - other) | 0) > 0
}

/** The whole transactions from the journal's start on. The log ends where a block is none of the transaction that is due. */
function scan(journal: JournalSuperblock, read: ReadJournal, tell: (message: string) => void): Transaction[] {
  const done: Transaction[] = []
  if (journal.start === 0) return done
  let sequence = journal.sequence
  let open: Transaction = { sequence, tags: [], revoked: [] }
  let sum: CommitSum = commitSum(journal, read)
  let doubtful = false
  let lastTime = 0
  let at = journal.start
  const ring = journal.end - journal.first
  for (let steps = 0; steps <= ring; steps++) {
    const bytes = read(at)
    if (!bytes || bytes.readUInt32BE(0) !== MAGIC || bytes.readUInt32BE(8) !== sequence) return done
    const type = bytes.readUInt32BE(4)
    const place = at
    at = wrapped(at + 1, journal)
    if (type === TYPE.descriptor) {
      if (!tailFits(bytes, journal)) doubtful = true
      const tags = tagsOf(bytes, journal)
      sum.add(
        bytes,
        tags.map((_, nth) => wrapped(at + nth, journal)),
      )
      for (const tag of tags) {
        open.tags.push({ tag, at })
        at = wrapped(at + 1, journal)
        steps++
      }
    } else if (type === TYPE.revoke) {
      if (!tailFits(bytes, journal)) doubtful = true
      const blocks = revokedBy(bytes, journal)
      if (blocks) open.revoked.push(...blocks)
      else doubtful = true
    } else if (type === TYPE.commit) {
      const time = commitTime(bytes)
      const sound = !doubtful && commitFits(bytes, journal) && commitSumFits(bytes, sum)
      // A block of an older round of the ring that happens to carry the number: its time is before that of what went before it.
      if (!sound && time < lastTime) return done
      if (!sound) {
        tell(
          `transaction ${sequence}, in block ${place} of the journal, does not fit its checksum: it and what follows it were not replayed`,
        )
        return done
      }
      done.push(open)
      lastTime = time
      sequence = (sequence + 1) >>> 0
      open = { sequence, tags: [], revoked: [] }
      sum = commitSum(journal, read)
    } else return done
  }
  return done
}

function wrapped(block: number, journal: JournalSuperblock): number {
  return block >= journal.end ? block - (journal.end - journal.first) : block
}
