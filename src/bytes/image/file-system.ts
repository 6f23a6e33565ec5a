import type { Problem } from '../../problems/problem.ts'
import { openExt4, wasExt4 } from '../ext4/open.ts'
import { isSuperblock, readSuperblock } from '../ext4/superblock.ts'
import type { Free } from '../free.ts'
import type { ByteSource } from '../source.ts'
import type { Tree } from '../tree.ts'
import { openXfs, sniffXfs, wasXfs } from '../xfs/index.ts'

/** The files of a volume. */
export interface FileSystem {
  tree: Tree
  /** As fstab writes it; '' where it has none. */
  uuid: string
  label: string
  /** How many transactions of its journal were put in place, in memory. */
  replayed: number
  /** The volume's bytes as they lie, without what its journal holds. */
  source: ByteSource
  blockSize: number
  /** What it has given to nobody, rising; damage of its maps is told. */
  free(): Iterable<Free>
}

/** A file system that is read here. A new one is a line in this list. */
interface FileSystemKind {
  name: string
  sniff(source: ByteSource): boolean
  /** Whether it was there, though its beginning is gone: by copies of its superblock. Asked where nothing else is known. */
  was(source: ByteSource): boolean
  /** The file system; or in a sentence why it cannot be read. */
  open(source: ByteSource, label: string, tell: (problem: Problem) => void): FileSystem | string
}

export const fileSystems: readonly FileSystemKind[] = [
  { name: 'ext4', sniff: source => isSuperblock(readSuperblock(source)), was: wasExt4, open: openExt4 },
  { name: 'xfs', sniff: sniffXfs, was: wasXfs, open: xfs },
]

/** What it tells last, where it cannot be read, is why. */
function xfs(source: ByteSource, label: string, tell: (problem: Problem) => void): FileSystem | string {
  const told: Problem[] = []
  const opened = openXfs(source, label, problem => {
    told.push(problem)
    tell(problem)
  })
  if (opened) return { ...opened, source, replayed: opened.replay.transactions }
  return `an XFS file system that cannot be read: ${told.at(-1)?.message ?? 'its superblock is damaged'}`
}
