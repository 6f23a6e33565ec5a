import { type ByteSource, bytesOf } from '../bytes/source.ts'
import type { Tree, TreeEntry } from '../bytes/tree.ts'
import { InputError } from '../problems/problem.ts'

/** Links followed on one way; the kernel's own limit (path_resolution(7)). */
const MOST_LINKS = 40

/** What a path leads to, after links. */
export interface Real {
  /** Path in the tree. */
  path: string
  entry: TreeEntry
}

/** A directory of a tree that stands for `/`: links are followed inside it, and `..` never leads out. */
export class Root {
  private readonly listed = new Map<string, ReadonlyMap<string, TreeEntry>>()

  constructor(
    readonly tree: Tree,
    readonly base: string,
  ) {}

  /** The path in the tree of one in the root. */
  inTree(path: string): string {
    return [this.base, path].filter(part => part !== '').join('/')
  }

  /** What a path leads to; null where nothing is there, or a link turns in a circle. */
  real(path: string): Real | null {
    const done: string[] = []
    const ahead = parts(path)
    let entry: TreeEntry = { name: '', kind: 'directory', size: 0, mtime: null }
    for (let links = 0; ahead.length > 0; ) {
      const name = ahead.shift() ?? ''
      if (name === '..') {
        done.pop()
        entry = { name: '', kind: 'directory', size: 0, mtime: null }
        continue
      }
      const found = this.entries(done.join('/')).get(name)
      if (!found) return null
      if (found.kind === 'link') {
        if (++links > MOST_LINKS) return null
        const target = this.readlink([...done, name].join('/'))
        if (target === null) return null
        if (target.startsWith('/')) done.length = 0
        ahead.unshift(...parts(target))
        entry = { name: '', kind: 'directory', size: 0, mtime: null }
        continue
      }
      entry = found
      done.push(name)
    }
    return { path: this.inTree(done.join('/')), entry }
  }

  /** What lies at a path itself, links not followed in its last name. */
  own(path: string): TreeEntry | null {
    const all = parts(path)
    const name = all.pop()
    if (name === undefined) return null
    const folder = this.real(all.join('/'))
    return folder?.entry.kind === 'directory' ? (this.listing(folder.path).get(name) ?? null) : null
  }

  /** Names in a directory, sorted; none where it is not there. @throws InputError where it cannot be read. */
  names(path: string): string[] {
    const folder = this.real(path)
    if (folder?.entry.kind !== 'directory') return []
    return [...this.listing(folder.path).keys()].sort()
  }

  /** The same, none where it cannot be read. */
  safeNames(path: string): string[] {
    try {
      return this.names(path)
    } catch (error) {
      if (error instanceof InputError) return []
      throw error
    }
  }

  isDirectory(path: string): boolean {
    return this.real(path)?.entry.kind === 'directory'
  }

  /** Where a link leads to, as written; null where it is none. */
  readlink(path: string): string | null {
    try {
      return this.own(path)?.kind === 'link' ? this.tree.readlink(this.linkPath(path)) : null
    } catch (error) {
      if (error instanceof InputError) return null
      throw error
    }
  }

  /** A small file as text; null where it cannot be had. */
  text(path: string, most = 1 << 20): string | null {
    const found = this.real(path)
    if (found?.entry.kind !== 'file' || found.entry.size > most) return null
    let source: ByteSource | null = null
    try {
      source = this.tree.open(found.path)
      return bytesOf(source).toString('utf8')
    } catch (error) {
      if (error instanceof InputError) return null
      throw error
    } finally {
      source?.close()
    }
  }

  private linkPath(path: string): string {
    const all = parts(path)
    const name = all.pop() ?? ''
    return [this.real(all.join('/'))?.path ?? '', name].filter(part => part !== '').join('/')
  }

  /** Of a path in the root without links; empty where it cannot be read. */
  private entries(path: string): ReadonlyMap<string, TreeEntry> {
    try {
      return this.listing(this.inTree(path))
    } catch (error) {
      if (error instanceof InputError) return new Map()
      throw error
    }
  }

  private listing(path: string): ReadonlyMap<string, TreeEntry> {
    let entries = this.listed.get(path)
    if (!entries) {
      entries = new Map(this.tree.list(path).map(entry => [entry.name, entry]))
      this.listed.set(path, entries)
    }
    return entries
  }
}

function parts(path: string): string[] {
  return path.split('/').filter(part => part !== '' && part !== '.')
}
