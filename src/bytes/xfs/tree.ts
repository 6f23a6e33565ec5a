import { InputError } from '../../problems/problem.ts'
import type { ByteSource } from '../source.ts'
import type { Tree, TreeEntry } from '../tree.ts'
import { contentOf } from './content.ts'
import { type DirectoryEntry, readDirectory } from './directory.ts'
import { type Inode, readInode } from './inode.ts'
import { readLink } from './link.ts'
import type { Volume } from './volume.ts'

type Directory = ReadonlyMap<string, DirectoryEntry>

/** Names of directories that are kept for the next question. */
const KEPT = 200_000

/** No inode has this number: the root has no name. */
const NOWHERE = 0

/** The files of an XFS file system by name. */
export class Files implements Tree {
  private readonly directories = new Map<number, Directory>()
  private kept = 0
  /**
   * The directory through which each directory was entered first. XFS has no second name for a directory: one that is met again elsewhere
   * is damage, and following it could go in circles.
   */
  private readonly homes = new Map<number, number>()

  constructor(
    readonly label: string,
    private readonly volume: Volume,
  ) {
    this.homes.set(volume.superblock.rootInode, NOWHERE)
  }

  list(path: string): TreeEntry[] {
    const directory = this.directory(this.at(path), path)
    return [...directory.values()].map(entry => this.entry(entry))
  }

  readlink(path: string): string {
    const inode = this.at(path)
    if (inode.kind !== 'link') throw new InputError(`${this.label}:${path}: is no symbolic link`)
    return this.within(path, () => readLink(this.volume, inode))
  }

  open(path: string): ByteSource {
    const inode = this.at(path)
    if (inode.kind !== 'file') throw new InputError(`${this.label}:${path}: is no regular file`)
    return contentOf(this.volume, inode)
  }

  close(): void {
    this.directories.clear()
    this.volume.device.close()
  }

  private at(path: string): Inode {
    return this.within(path, () => {
      let inode = readInode(this.volume, this.volume.superblock.rootInode)
      for (const name of path === '' ? [] : path.split('/')) {
        const entry = this.directory(inode, path).get(name)
        if (!entry) throw new InputError('there is no such file')
        const next = readInode(this.volume, entry.inode)
        if (next.kind === 'directory') this.enter(next.number, inode.number)
        inode = next
      }
      return inode
    })
  }

  private enter(directory: number, from: number): void {
    const home = this.homes.get(directory) ?? from
    if (home !== from) {
      const message = `inode ${directory} is a directory that has a second name, in inode ${from}`
      this.volume.tell({ message: `${message}: it was followed only by its first` })
      throw new InputError(message)
    }
    this.homes.set(directory, from)
  }

  private directory(inode: Inode, path: string): Directory {
    if (inode.kind !== 'directory') throw new InputError(`${this.label}:${path}: a part of the path is no directory`)
    const known = this.directories.get(inode.number)
    if (known) return known
    const read = new Map(readDirectory(this.volume, inode).map(entry => [entry.name, entry]))
    if (this.kept + read.size > KEPT) {
      this.directories.clear()
      this.kept = 0
    }
    this.directories.set(inode.number, read)
    this.kept += read.size
    return read
  }

  /** An entry whose inode cannot be read stays visible, with what its directory says of it. */
  private entry({ name, inode, kind }: DirectoryEntry): TreeEntry {
    try {
      const found = readInode(this.volume, inode)
      return { name, kind: found.kind, size: found.kind === 'file' ? found.size : 0, mtime: found.mtime }
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      this.volume.tell({ message: error.message })
      return { name, kind: kind ?? 'other', size: 0, mtime: null }
    }
  }

  /** Says where, before what. */
  private within<T>(path: string, read: () => T): T {
    try {
      return read()
    } catch (error) {
      if (error instanceof InputError && !error.message.startsWith(`${this.label}:`))
        throw new InputError(`${this.label}:${path}: ${error.message}`)
      throw error
    }
  }
}
