import { InputError } from '../../problems/problem.ts'
import type { ByteSource } from '../source.ts'
import { originOf, type Tree, type TreeEntry } from '../tree.ts'

/** A root with other file systems at some of its directories, as fstab puts them there. Links are followed by whoever reads it. */
export class JoinedTree implements Tree {
  /** Deepest first: the innermost mount has a path. */
  readonly deleted: readonly string[]
  private readonly mounts: readonly { path: string; tree: Tree }[]

  constructor(
    readonly label: string,
    private readonly root: Tree,
    mounts: ReadonlyMap<string, Tree>,
    /** Folders that this very joining puts there. */
    made: readonly string[] = [],
  ) {
    const below = [...mounts].flatMap(([path, { deleted = [] }]) => deleted.map(inside => `${path}/${inside}`))
    this.deleted = [...made, ...(root.deleted ?? []), ...below]
    this.mounts = [...mounts].map(([path, tree]) => ({ path, tree })).sort((one, other) => other.path.length - one.path.length)
  }

  list(path: string): readonly TreeEntry[] {
    const { tree, inside } = this.at(path)
    const mounted = new Set(this.mounts.map(mount => nameIn(path, mount.path)).filter(name => name !== null))
    const entries = mounted.size > 0 ? listed(tree, inside) : tree.list(inside)
    for (const { name } of entries) mounted.delete(name)
    return [...entries, ...[...mounted].map(name => ({ name, kind: 'directory' as const, size: 0, mtime: null }))]
  }

  readlink(path: string): string {
    const { tree, inside } = this.at(path)
    return tree.readlink(inside)
  }

  open(path: string): ByteSource {
    const { tree, inside } = this.at(path)
    return tree.open(inside)
  }

  /** A file of another volume is named by that volume. */
  origin(path: string): string {
    const { tree, inside } = this.at(path)
    return tree === this.root || tree.label === this.label ? `${this.label}:${path}` : originOf(tree, inside)
  }

  close(): void {
    this.root.close()
    for (const { tree } of this.mounts) tree.close()
  }

  private at(path: string): { tree: Tree; inside: string } {
    const mount = this.mounts.find(one => path === one.path || path.startsWith(`${one.path}/`))
    return mount ? { tree: mount.tree, inside: path.slice(mount.path.length + 1) } : { tree: this.root, inside: path }
  }
}

/** The name under which a mount, or the way to it, is seen in a directory. */
function nameIn(directory: string, mount: string): string | null {
  const front = directory === '' ? '' : `${directory}/`
  return mount.startsWith(front) && mount !== directory ? (mount.slice(front.length).split('/')[0] ?? null) : null
}

/** A directory that is there only because something is mounted below it. */
function listed(tree: Tree, path: string): readonly TreeEntry[] {
  try {
    return tree.list(path)
  } catch (error) {
    if (error instanceof InputError) return []
    throw error
  }
}

/** No files at all: the root of a machine of which only /var was found. */
export function emptyTree(label: string): Tree {
  function nothing(path: string): never {
    throw new InputError(`${label}:${path}: no such file`)
  }
  return { label, list: path => (path === '' ? [] : nothing(path)), readlink: nothing, open: nothing, close: () => {} }
}
