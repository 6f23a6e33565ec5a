import type { JournalSuperblock } from './journal-superblock.ts'

/**
 * Fast commits (Documentation/filesystems/ext4/journal.rst, "Fast Commit Block"; fs/ext4/fast_commit.h): behind the log, changes as records of
 * tag, length and value, little-endian. The first is a head with the number of the transaction they go with.
 *
 *     0 tag: 9 head   2 length: 8   4 features   8 transaction
 */
const HEAD = 9
const TAIL = 8
const NAMES = new Map<number, string>([
  [1, 'blocks added to a file'],
  [2, 'blocks taken from a file'],
  [3, 'a file made'],
  [4, 'a name added'],
  [5, 'a name removed'],
  [6, 'an inode changed'],
])

/** They are not replayed: says so, with what was in them, where there are any for the transaction that was due. */
export function namedFastCommits(
  journal: JournalSuperblock,
  next: number,
  read: (block: number) => Buffer | null,
  tell: (message: string) => void,
): void {
  const counts = new Map<number, number>()
  for (let nth = 0; nth < journal.fast.count; nth++) {
    const bytes = read(journal.fast.first + nth)
    if (!bytes || (nth === 0 && !isHead(bytes, next))) break
    if (!count(bytes, next, counts)) break
  }
  if (counts.size === 0) return
  const what = [...counts].map(([tag, times]) => `${NAMES.get(tag) ?? `tag ${tag}`} (${times})`).join(', ')
  tell(
    `holds fast commits after its last transaction, which are not replayed here: ${what}; e2fsck on a copy of the image replays them`,
  )
}

function isHead(bytes: Buffer, next: number): boolean {
  return bytes.readUInt16LE(0) === HEAD && bytes.readUInt32LE(8) === next
}

/** Counts the records of a block; false where the fast commits end. */
function count(bytes: Buffer, next: number, counts: Map<number, number>): boolean {
  for (let at = 0; at + 4 <= bytes.length; ) {
    const tag = bytes.readUInt16LE(at)
    const length = bytes.readUInt16LE(at + 2)
    if (at + 4 + length > bytes.length) return false
    if (tag === HEAD && bytes.readUInt32LE(at + 8) !== next) return false
    if (tag === 0 || tag > HEAD) return false
    if (NAMES.has(tag)) counts.set(tag, (counts.get(tag) ?? 0) + 1)
    at += 4 + length
    // A commit fills its block to the end.
    if (tag === TAIL) return true
  }
  return true
}
