import { InputError } from '../../problems/problem.ts'
import type { ByteSource } from '../source.ts'
import { nameOf, type Tree, type TreeEntry } from '../tree.ts'
import { contentOf, sizeOf } from './content.ts'
import { type Names, readDirectory } from './directory.ts'
import { FLAG, type Inode, KIND, kindOf, readInode } from './inode.ts'
import type { Volume } from './volume.ts'

const ROOT = 2
/** A link is at most one block long. */
const LONGEST_LINK = 65536
/** Names of directories kept in memory, all in all. */
const KEPT_NAMES = 200_000

/** The files of an ext2, ext3 or ext4 file system. */
export class Ext4Tree implements Tree {
  private readonly directories = new Map<number, Names>()
  private kept = 0
  /** The path at which each directory was first met: one that lies at a second path too makes a loop. */
  private readonly places = new Map<number, string>()

  constructor(
    readonly label: string,
    private readonly volume: Volume,
  ) {}

  list(path: string): TreeEntry[] {
    const inode = this.directory(path)
    const entries: TreeEntry[] = []
    for (const [name, number] of this.names(inode)) {
      const child = readInode(this.volume, number)
      const at = path === '' ? name : `${path}/${name}`
      if (typeof child === 'string') this.volume.tell({ message: `${at}: ${child}` })
      else if (child.mode === 0) this.volume.tell({ message: `${at}: its inode ${number} is not in use` })
      else if (this.inPlace(child, at))
        entries.push({ name, kind: kindName(child), size: sizeOf(this.volume, child), mtime: child.mtime })
    }
    return entries
  }

  readlink(path: string): string {
    const inode = this.find(path)
    if (kindOf(inode) !== KIND.link) throw new InputError(`${this.label}:${path}: is no link`)
    this.refuseEncrypted(inode, path)
    // A target shorter than 60 bytes lies in the inode, in place of the block map.
    const fast = inode.size < 60 && (inode.flags & (FLAG.extents | FLAG.inline)) === 0
    if (fast) return nameOf(inode.map.subarray(0, inode.size))
    const source = contentOf(this.volume, inode)
    if (source.size > LONGEST_LINK) throw new InputError(`${this.label}:${path}: a link of ${source.size} bytes`)
    const bytes = Buffer.alloc(source.size)
    source.read(0, bytes)
    return nameOf(bytes)
  }

  open(path: string): ByteSource {
    const inode = this.find(path)
    if (kindOf(inode) !== KIND.file) throw new InputError(`${this.label}:${path}: is no file`)
    this.refuseEncrypted(inode, path)
    return contentOf(this.volume, inode)
  }

  close(): void {
    this.volume.source.close()
  }

  /** The inode at a path; links on the way are not followed. */
  private find(path: string): Inode {
    const names = path === '' ? [] : path.split('/')
    let inode = this.inode(ROOT, path)
    for (const name of names) {
      const child = kindOf(inode) === KIND.directory ? this.names(inode).get(name) : undefined
      if (child === undefined) throw new InputError(`${this.label}:${path}: no such file`)
      inode = this.inode(child, path)
    }
    return inode
  }

  private directory(path: string): Inode {
    const inode = this.find(path)
    if (kindOf(inode) !== KIND.directory) throw new InputError(`${this.label}:${path}: is no directory`)
    this.refuseEncrypted(inode, path)
    return inode
  }

  private inode(number: number, path: string): Inode {
    const inode = readInode(this.volume, number)
    if (typeof inode === 'string') throw new InputError(`${this.label}:${path}: ${inode}`)
    return inode
  }

  private names(inode: Inode): Names {
    const known = this.directories.get(inode.number)
    if (known) return known
    const names = readDirectory(this.volume, inode)
    for (const [number, oldest] of this.directories) {
      if (this.kept + names.size <= KEPT_NAMES) break
      this.directories.delete(number)
      this.kept -= oldest.size
    }
    this.directories.set(inode.number, names)
    this.kept += names.size
    return names
  }

  /** Whether an entry may be shown: a directory lies in one place only, or whoever walks the tree walks for ever. */
  private inPlace(child: Inode, path: string): boolean {
    if (kindOf(child) !== KIND.directory) return true
    const first = child.number === ROOT ? '' : (this.places.get(child.number) ?? path)
    this.places.set(child.number, first)
    if (first === path) return true
    this.volume.tell({
      message: `${path}: is the directory ${first === '' ? 'at the top' : first} once more: a loop, not followed`,
    })
    return false
  }

  private refuseEncrypted(inode: Inode, path: string): void {
    if ((inode.flags & FLAG.encrypted) === 0) return
    throw new InputError(`${this.label}:${path}: encrypted (fscrypt); only the running machine with its key can read it`)
  }
}

function kindName(inode: Inode): TreeEntry['kind'] {
  const kind = kindOf(inode)
  if (kind === KIND.file) return 'file'
  if (kind === KIND.directory) return 'directory'
  return kind === KIND.link ? 'link' : 'other'
}
