import { InputError, type Problem } from '../problems/problem.ts'
import type { Chunks } from './container.ts'
import { begins } from './packed.ts'
import type { ByteSource } from './source.ts'
import type { Tree, TreeEntry } from './tree.ts'

/** Which kind of archive begins like this: a tar's first header has `ustar` in it, a zip begins with a file or, when empty, with its end. */
export function archiveKind(head: Buffer): 'tar' | 'zip' | null {
  if (head.length >= 512 && head.toString('latin1', 257, 262) === 'ustar') return 'tar'
  return begins(head, 0x50, 0x4b, 3, 4) || begins(head, 0x50, 0x4b, 5, 6) ? 'zip' : null
}

/** Bytes that can be read from the front as often as wanted. */
export interface Unpacked {
  /** What reports call it. */
  label: string
  chunks(): Chunks
}

/** An archive's files as a tree; `problems` is what is wrong with the archive as a whole. */
export interface Archive extends Tree {
  problems: Problem[]
  /** Where a file lies in the stream: whoever reads several does best in this order. */
  position(path: string): number
}

export function isArchive(tree: Tree): tree is Archive {
  return 'position' in tree
}

/** One member as its archive names it. */
export interface Member {
  kind: TreeEntry['kind']
  size: number
  mtime: number | null
  /** Of a link: where it leads to. */
  target: string | null
}

/** What an archive must do for its tree; the rest is alike for all. */
interface Access<T extends Member> {
  open(member: T, path: string): ByteSource
  chunks(member: T, path: string): Chunks
  position(member: T): number
  close(): void
}

/** Members by path, with the directories that archives leave out. */
export class Listing<T extends Member> {
  readonly members = new Map<string, T>()
  private readonly children = new Map<string, Map<string, TreeEntry>>([['', new Map()]])
  /** Names that lead outside; they are told, never read. */
  outside = 0

  /** A later member of the same name replaces the earlier, as it would on disk. */
  add(name: string, member: T): void {
    const parts = name.split('/').filter(part => part !== '' && part !== '.')
    if (parts.includes('..')) {
      this.outside++
      return
    }
    const path = parts.join('/')
    if (path === '') return
    this.members.set(path, member)
    this.enter(parts, member)
  }

  tree(label: string, problems: Problem[], access: Access<T>): Archive {
    if (this.outside > 0) {
      problems.push({ message: `${this.outside} of its names lead outside the archive (../); those files were not read` })
    }
    const member = (path: string, kind: TreeEntry['kind']): T => {
      const found = this.members.get(path)
      if (found?.kind !== kind) throw new InputError(`${label}:${path}: there is no such ${kind} in the archive`)
      return found
    }
    return {
      label,
      problems,
      list: path => {
        const found = this.children.get(path)
        if (!found) throw new InputError(`${label}:${path}: there is no such directory in the archive`)
        return [...found.values()]
      },
      readlink: path => member(path, 'link').target ?? '',
      open: path => access.open(member(path, 'file'), path),
      chunks: path => access.chunks(member(path, 'file'), path),
      position: path => {
        const found = this.members.get(path)
        return found ? access.position(found) : 0
      },
      close: () => access.close(),
    }
  }

  private enter(parts: readonly string[], { kind, size, mtime }: Member): void {
    let folder = ''
    parts.forEach((name, index) => {
      const path = parts.slice(0, index + 1).join('/')
      const last = index === parts.length - 1
      const entry: TreeEntry = last ? { name, kind, size, mtime } : { name, kind: 'directory', size: 0, mtime: null }
      const inside = this.children.get(folder)
      if (inside && (last || inside.get(name)?.kind !== 'directory')) inside.set(name, entry)
      if ((!last || kind === 'directory') && !this.children.has(path)) this.children.set(path, new Map())
      folder = path
    })
  }
}
