import type { Problem } from '../../problems/problem.ts'
import { openExt4 } from '../ext4/open.ts'
import { isSuperblock, readSuperblock } from '../ext4/superblock.ts'
import type { ByteSource } from '../source.ts'
import type { Tree } from '../tree.ts'

/** The files of a volume. */
export interface FileSystem {
  tree: Tree
  /** As fstab writes it; '' where it has none. */
  uuid: string
  label: string
  /** How many transactions of its journal were put in place, in memory. */
  replayed: number
}

/** A file system that is read here. A new one is a line in this list. */
interface FileSystemKind {
  name: string
  sniff(source: ByteSource): boolean
  /** The file system; or in a sentence why it cannot be read. */
  open(source: ByteSource, label: string, tell: (problem: Problem) => void): FileSystem | string
}

export const fileSystems: readonly FileSystemKind[] = [
  { name: 'ext4', sniff: source => isSuperblock(readSuperblock(source)), open: openExt4 },
]
