import { crc32c } from '../crc32c.ts'
import { Changes } from './changes.ts'
import type { JournalSuperblock } from './journal-superblock.ts'

/**
 * Fast commits (Documentation/filesystems/ext4/journal.rst, "Fast commits"; fs/ext4/fast_commit.h): behind the log, changes as records of tag,
 * length and value, little-endian. A commit is a head, records, a tail with the checksum of all before it, and fills its last block.
 *
 *     0 tag   2 length   4 value: head    features, transaction           add     inode, extent of 12 bytes
 *                                 tail    transaction, checksum           remove  inode, first block, blocks
 *                                 inode   number, the inode               names   directory, inode, name
 */
const TAG = { add: 1, remove: 2, create: 3, link: 4, unlink: 5, inode: 6, pad: 7, tail: 8, head: 9 } as const
/** Shortest values (fs/ext4/fast_commit.c, ext4_fc_value_len_isvalid). */
const LEAST = new Map<number, number>([
  [TAG.add, 16],
  [TAG.remove, 12],
  [TAG.create, 9],
  [TAG.link, 9],
  [TAG.unlink, 9],
  [TAG.inode, 4 + 128],
  [TAG.pad, 0],
  [TAG.tail, 8],
  [TAG.head, 8],
])

interface Record {
  tag: number
  value: Buffer
}

/** What the whole fast commits that go with transaction `next` change; null where there are none. */
export function fastCommits(
  journal: JournalSuperblock,
  next: number,
  read: (block: number) => Buffer | null,
  tell: (message: string) => void,
): Changes | null {
  const records = wholeCommits(journal, next, read, tell)
  if (records.length === 0) return null
  const changes = new Changes()
  for (const { tag, value } of records) apply(changes, tag, value)
  return changes
}

/** Records up to the last tail that fits: what follows it was never committed. */
function wholeCommits(
  journal: JournalSuperblock,
  next: number,
  read: (block: number) => Buffer | null,
  tell: (message: string) => void,
): Record[] {
  const whole: Record[] = []
  let open: Record[] = []
  let sum = 0
  for (let nth = 0; nth < journal.fast.count; nth++) {
    const bytes = read(journal.fast.first + nth)
    if (!bytes || (nth === 0 && bytes.readUInt16LE(0) !== TAG.head)) return whole
    for (let at = 0; at + 4 <= bytes.length; ) {
      const tag = bytes.readUInt16LE(at)
      const end = at + 4 + bytes.readUInt16LE(at + 2)
      const value = bytes.subarray(at + 4, Math.min(end, bytes.length))
      // Old blocks, and those never written, lie behind the last commit.
      if (end > bytes.length || value.length < (LEAST.get(tag) ?? Number.POSITIVE_INFINITY)) return whole
      if (tag === TAG.head && value.readUInt32LE(4) !== next) return whole
      if (tag === TAG.head && value.readUInt32LE(0) !== 0) {
        tell(
          `holds fast commits with a feature that is not known here (0x${value.readUInt32LE(0).toString(16)}): they were not replayed`,
        )
        return whole
      }
      sum = crc32c(sum, bytes.subarray(at, tag === TAG.tail ? at + 8 : end))
      if (tag === TAG.tail) {
        if (value.readUInt32LE(0) !== next) return whole
        if (value.readUInt32LE(4) !== sum) {
          tell(`a fast commit of transaction ${next} does not fit its checksum: it and what follows it were not replayed`)
          return whole
        }
        whole.push(...open)
        open = []
        sum = 0
      } else open.push({ tag, value })
      at = end
    }
  }
  return whole
}

function apply(changes: Changes, tag: number, value: Buffer): void {
  const number = value.length >= 4 ? value.readUInt32LE(0) : 0
  if (tag === TAG.inode) changes.addInode(number, value.subarray(4))
  else if (tag === TAG.add) changes.addRange(number, extentIn(value))
  else if (tag === TAG.remove)
    changes.addRange(number, { from: value.readUInt32LE(4), count: value.readUInt32LE(8), physical: 0 })
  else if (tag === TAG.create || tag === TAG.link)
    changes.addName(number, value.readUInt32LE(4), value.subarray(8), tag === TAG.create)
  else if (tag === TAG.unlink) changes.removeName(number, value.readUInt32LE(4), value.subarray(8))
}

/** As a leaf of an extent tree has it; above 32768 the blocks are promised and not written. */
function extentIn(value: Buffer): { from: number; count: number; physical: number } {
  const length = value.readUInt16LE(8)
  const from = value.readUInt32LE(4)
  if (length > 32768) return { from, count: length - 32768, physical: 0 }
  return { from, count: length, physical: value.readUInt32LE(12) + value.readUInt16LE(10) * 2 ** 32 }
}
