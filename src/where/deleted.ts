import type { FileSystem } from '../bytes/image/file-system.ts'
import { JoinedTree } from '../bytes/image/joined-tree.ts'
import { type ByteSource, stretch } from '../bytes/source.ts'
import type { Tree, TreeEntry } from '../bytes/tree.ts'
import { InputError, type Problem } from '../problems/problem.ts'
import type { DiskRead } from './disk-read.ts'
import { type Remnant, Unallocated } from './unallocated.ts'

/** The folder of a volume, on no disk, in which what was found in its unallocated space lies. */
export const DELETED = 'deleted'

/**
 * What was deleted from a volume and still lies in its unallocated space, as files by their place: `deleted/33554432.journal`. Names are lost
 * with a file; so is the order of its pieces, and each is a file here.
 */
export class Deleted implements Tree {
  readonly search: Unallocated
  private readonly going: Generator<void>
  private done = false

  constructor(
    readonly label: string,
    private readonly fileSystem: FileSystem,
    /** Which of the images given it is on. */
    readonly image: number,
    most: number,
    private readonly tell: (problem: Problem) => void,
  ) {
    this.search = new Unallocated(fileSystem, most)
    this.going = this.search.search()
  }

  /** A step of the search; false when it is over. */
  step(): boolean {
    if (!this.done && this.going.next().done) {
      this.done = true
      this.conclude()
    }
    return !this.done
  }

  get remnants(): readonly Remnant[] {
    while (this.step()) {
      // Each step goes on from the last.
    }
    return this.search.found
  }

  list(path: string): TreeEntry[] {
    if (path !== '') throw new InputError(`${this.label}:${DELETED}/${path}: is no directory`)
    return this.remnants.map(one => ({ name: nameOf(one), kind: 'file', size: one.size, mtime: one.last }))
  }

  readlink(path: string): string {
    throw new InputError(`${this.label}:${DELETED}/${path}: is no link`)
  }

  open(path: string): ByteSource {
    const remnant = this.remnants.find(one => nameOf(one) === path)
    if (!remnant) throw new InputError(`${this.label}:${DELETED}/${path}: no such file`)
    return stretch(this.fileSystem.source, remnant.from, remnant.size)
  }

  close(): void {
    // The volume's own tree closes what both read.
  }

  private conclude(): void {
    const { left, more, unreadable, fault } = this.search
    if (fault !== null)
      this.tell({ message: `${unreadable} bytes of its unallocated space were not searched for deleted logs: ${fault}` })
    if (left > 0)
      this.tell({
        message: `${left} bytes of its unallocated space were not searched for deleted logs: they are more than is read of it (--max-expanded SIZE reads further)`,
      })
    if (more > 0) this.tell({ message: `${more} more pieces of deleted logs lie in its unallocated space than are shown` })
  }
}

/** What became of an image's unallocated space; nothing where that was not asked for. */
export function unallocatedOf(all: readonly Deleted[], image: number): Pick<DiskRead, 'unallocated'> {
  const own = all.filter(one => one.image === image).map(({ search }) => search)
  if (own.length === 0) return {}
  const sum = (key: 'searched' | 'empty' | 'neverUsed' | 'left' | 'unreadable'): number =>
    own.reduce((all, one) => all + one[key], 0)
  const found = own.reduce((all, one) => all + one.found.length + one.more, 0)
  return {
    unallocated: {
      searched: sum('searched'),
      empty: sum('empty'),
      neverUsed: sum('neverUsed'),
      left: sum('left') + sum('unreadable'),
      found,
    },
  }
}

export function nameOf({ from, kind }: Remnant): string {
  return `${from}.${kind}`
}

/** A volume's files with what was deleted among them. */
export function withDeleted(tree: Tree, deleted: Deleted, tell: (problem: Problem) => void): Tree {
  if (hasOwn(tree)) tell({ message: `it has a directory /${DELETED} of its own, which cannot be seen while --deleted is given` })
  return new JoinedTree(tree.label, tree, new Map([[DELETED, deleted]]), [DELETED])
}

function hasOwn(tree: Tree): boolean {
  try {
    return tree.list('').some(({ name }) => name === DELETED)
  } catch (error) {
    if (error instanceof InputError) return false
    throw error
  }
}
