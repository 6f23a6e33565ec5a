import { type Archive, archiveKind, isArchive, type Unpacked } from '../bytes/archive.ts'
import type { Chunks } from '../bytes/container.ts'
import { isDirectory } from '../bytes/file.ts'
import { fileTree } from '../bytes/file-tree.ts'
import { isDisk, wasDisk } from '../bytes/image/sniff.ts'
import { type Limit, USUAL_LIMIT } from '../bytes/meter.ts'
import { type Bytes, bare, type Headed, openBytes, withHead } from '../bytes/open.ts'
import { Scratch } from '../bytes/scratch.ts'
import { type ByteSource, chunksOf } from '../bytes/source.ts'
import type { Stream } from '../bytes/stdin.ts'
import { type Stored, storedAt, storedIn, storedStdin } from '../bytes/stored.ts'
import { originOf, type Tree } from '../bytes/tree.ts'
import { isJournalFile, type JournalInput } from '../formats/journal-file/directory.ts'
import { InputError, type Problem } from '../problems/problem.ts'
import type { DiskRead } from './disk-read.ts'
import { disksAmong } from './disks.ts'
import type { ImageOptions, OpenImages } from './images.ts'
import { isKept } from './kept.ts'
import { isJournal } from './logs.ts'
import { type Log, type Site, sitesIn } from './site.ts'

/** A log whose first bytes were seen. */
export interface OpenLog {
  kind: 'log'
  label: string
  bytes: Bytes
  headed: Headed
  size: number | null
  /** ms since the epoch. */
  mtime: number | null
  /** Of a plain file of this machine. */
  path: string | null
  /** The machine it was found on, where that says its name. */
  host: string | null
  headless: boolean
  maybe: boolean
  /** Place among all logs, the same whatever they came in: where clocks do not decide, this does. */
  rank: number
}

/** Native journals of one place, which are one log. */
export interface OpenJournals {
  kind: 'journals'
  files: JournalInput[]
  host: string | null
  rank: number
}

/** What could not be read, or not whole. */
interface Unread {
  kind: 'unread'
  label: string
  problems: Problem[]
  /** It was opened, and told what is in it: not to be taken for a file of which nothing could be read. */
  disk?: true
}

export type Found = OpenLog | OpenJournals | Unread

export interface GatherOptions {
  stdin?: Stream
  limit?: Limit
  /** Folders besides an image's own in which the images it stands on may lie. */
  allowBacking?: readonly string[]
  /** Opens what a path names. Default: a file of this machine. */
  stored?: (path: string) => Promise<Stored>
  /** Those of the paths that the user calls disks: what is none is not taken for a log. */
  disks?: readonly string[]
  /** Whether what was deleted from disks is looked for. */
  deleted?: boolean
  signal?: AbortSignal
  /** How many first bytes of each log are looked at. */
  head: number
  /** Told of each machine whose files lie there, before its logs. */
  site(site: Site, tree: Tree): void
  /** Told of each disk image, after it was read. */
  image?(read: DiskRead): void
}

const NO_FILE_SYSTEM = 'is a disk without a file system that is known here'

/** What is known of a log from where it lies. */
interface Origin {
  host: string | null
  headless: boolean
  maybe: boolean
  rank: number
  /** Archives around it. */
  depth: number
  /** The user calls it a disk. */
  disk?: boolean
}

/** An archive in an archive in an archive: a disk's zip of a sosreport's tar. Deeper ones are told, not read. */
const DEEPEST = 4

/** Goes from what the user named to the logs in it, through directories, archives, and archives in those. */
export async function* gather(paths: readonly string[], options: GatherOptions): AsyncGenerator<Found> {
  const gatherer = new Gatherer(options)
  const disks = paths.length > 1 ? await disksAmong(paths) : []
  // One disk is read like any file; several may be one machine's, or hold a volume group together.
  if (disks.length > 1) yield* gatherer.disks(disks)
  for (const path of paths) if (disks.length < 2 || !disks.includes(path)) yield* gatherer.named(path)
}

class Gatherer {
  private ranks = 0
  private readonly limit: Limit

  constructor(private readonly options: GatherOptions) {
    this.limit = options.limit ?? USUAL_LIMIT
  }

  async *named(path: string): AsyncGenerator<Found> {
    const disk = this.options.disks?.includes(path) ?? false
    const origin = { host: null, headless: false, maybe: false, rank: this.ranks++, depth: 0, disk }
    yield* this.telling(path, async function* (this: Gatherer) {
      if (path === '-') yield* this.file(storedStdin(this.options.stdin), origin)
      else if (await isDirectory(path)) yield* this.tree(fileTree(path), 0)
      else yield* this.file(await (this.options.stored ?? storedAt)(path), origin)
    })
  }

  async *disks(paths: readonly string[]): AsyncGenerator<Found> {
    const { openImages } = await import('./images.ts')
    this.ranks += paths.length
    yield* this.telling(paths[0] ?? '', async function* (this: Gatherer) {
      yield* this.machines(await openImages(paths, this.imageOptions), 0)
    })
  }

  private get imageOptions(): ImageOptions {
    const { allowBacking: backing = [], deleted = false } = this.options
    return { backing, deleted, maxExpanded: this.limit.bytes }
  }

  /** What throws is told as that input's problem. */
  private async *telling(label: string, read: (this: Gatherer) => AsyncGenerator<Found>): AsyncGenerator<Found> {
    try {
      yield* read.call(this)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      yield { kind: 'unread', label, problems: [{ message: bare(error.message, label) }] }
    }
  }

  private async *file(stored: Stored, origin: Origin): AsyncGenerator<Found> {
    const limit = { ...this.limit }
    const bytes = openBytes(stored, limit)
    const headed = await withHead(bytes.chunks, this.options.head)
    const { head } = headed
    const archive = archiveKind(head)
    if (archive !== null && origin.depth >= DEEPEST) {
      await headed.stop()
      throw new InputError(`${stored.label}: lies in too many archives within archives and was not read`)
    }
    if (archive !== null) yield* this.archive(archive, stored, bytes, headed, origin)
    else if (isDisk(head, () => (bytes.plain() ? stored.source() : null)) || (origin.disk && wasDiskOnce(stored, bytes))) {
      // The empty parts of a disk pack to nothing, and are no bomb.
      limit.ratio = Number.POSITIVE_INFINITY
      yield* this.image(stored, bytes, headed, origin)
    } else if (origin.disk) {
      await headed.stop()
      throw new InputError(`${stored.label}: is no disk, and no image of one; without --image it is read as what it is`)
    } else if (isJournalFile(head) || isHeadless(stored.label, head)) yield* this.journal(stored, bytes, headed, origin)
    else {
      const { label, size, mtime, path } = stored
      const { host, headless, maybe, rank } = origin
      yield { kind: 'log', label, bytes, headed, size, mtime, path, host, headless, maybe, rank }
    }
  }

  private async *archive(
    kind: 'tar' | 'zip',
    stored: Stored,
    bytes: Bytes,
    headed: Headed,
    origin: Origin,
  ): AsyncGenerator<Found> {
    const scratch = new Scratch()
    const source = await this.seekable(kind, stored, bytes, headed, scratch)
    const problems = bytes.problems
    const unpacked = { label: stored.label, chunks: () => (source ? chunksOf(source) : this.again(stored, problems)) }
    try {
      const archive = await this.opened(kind, unpacked, source)
      problems.push(...archive.problems)
      if (problems.length > 0) yield { kind: 'unread', label: stored.label, problems: [...problems] }
      yield* this.tree(archive, origin.depth + 1)
    } finally {
      scratch.close()
    }
  }

  /** What is copied before it is read takes as much room as what is unpacked. @throws InputError */
  private expectRoom({ label, size }: Stored): void {
    if (size === null || size <= this.limit.bytes) return
    throw new InputError(`${label}: is larger than ${this.limit.bytes} bytes, and would be copied to be read (--max-expanded)`)
  }

  /** Archives are rare: their readers are loaded when one is met. */
  private async opened(kind: 'tar' | 'zip', unpacked: Unpacked, source: ByteSource | null): Promise<Archive> {
    if (kind === 'zip' && source) return (await import('../bytes/zip.ts')).openZip(unpacked.label, source, this.limit)
    return (await import('../bytes/tar.ts')).openTar(unpacked, source, isKept)
  }

  /** The archive's bytes, to be read more than once: where they lie, from a temporary copy, or (null) unpacked anew each time. */
  private async seekable(kind: 'tar' | 'zip', stored: Stored, bytes: Bytes, headed: Headed, scratch: Scratch) {
    const source = bytes.plain() ? stored.source() : null
    if (source || (kind === 'tar' && stored.again)) {
      await headed.stop()
      return source
    }
    this.expectRoom(stored)
    return scratch.take(headed.chunks)
  }

  /** Unpacked from the front once more; what is wrong with it is told once. */
  private async *again(stored: Stored, problems: Problem[]): Chunks {
    const bytes = openBytes(stored, this.limit)
    yield* bytes.chunks
    for (const problem of bytes.problems) {
      if (!problems.some(({ message }) => message === problem.message)) problems.push(problem)
    }
  }

  private async *image(stored: Stored, bytes: Bytes, headed: Headed, origin: Origin): AsyncGenerator<Found> {
    const { openStoredImage } = await import('./images.ts')
    yield* this.machines(await openStoredImage(stored, bytes, headed, this.imageOptions), origin.depth)
  }

  /** The machines on disks, or where there is none what can be read; and what is wrong with each image, which reading them shows. */
  private async *machines(images: OpenImages, depth: number): AsyncGenerator<Found> {
    const { image, problems } = images
    try {
      await images.search(() => this.options.signal?.throwIfAborted())
      const trees = image.hosts.length > 0 ? image.hosts : image.loose
      for (const tree of trees) yield* this.telling(tree.label, () => this.tree(tree, depth + 1))
      for (const read of images.settle()) this.options.image?.(read)
      for (const [nth, [label, told]] of [...problems].entries()) {
        const opened = image.forms[nth] !== 'unknown'
        if (told.length > 0) yield { kind: 'unread', label, problems: told, ...(opened && { disk: true }) }
      }
      if (trees.length > 0 || [...problems.values()].some(told => told.length > 0)) return
      for (const label of problems.keys()) yield { kind: 'unread', label, problems: [{ message: NO_FILE_SYSTEM }] }
    } finally {
      images.close()
    }
  }

  private async *journal(stored: Stored, bytes: Bytes, headed: Headed, origin: Origin): AsyncGenerator<Found> {
    const scratch = new Scratch()
    let source = bytes.plain() ? stored.source() : null
    if (source) await headed.stop()
    else {
      this.expectRoom(stored)
      source = await scratch.take(headed.chunks)
    }
    if (bytes.problems.length > 0) yield { kind: 'unread', label: stored.label, problems: bytes.problems }
    try {
      const files = [{ path: stored.label, source }]
      yield { kind: 'journals', files, host: origin.host, rank: origin.rank }
    } finally {
      scratch.close()
    }
  }

  private async *tree(tree: Tree, depth: number): AsyncGenerator<Found> {
    try {
      const sites = sitesIn(tree)
      for (const site of sites) this.options.site(site, tree)
      if (!sites.some(({ logs, journals, unread }) => logs.length + journals.length + unread.length > 0)) {
        throw new InputError(`${tree.label}: holds no log`)
      }
      for (const site of sites) yield* this.site(tree, site, depth)
    } finally {
      tree.close()
    }
  }

  private async *site(tree: Tree, site: Site, depth: number): AsyncGenerator<Found> {
    for (const { path, message } of site.unread) {
      const label = path === '' ? tree.label : originOf(tree, path)
      yield { kind: 'unread', label, problems: [{ message: bare(message, label) }] }
    }
    const { host } = site
    if (site.journals.length > 0) yield* this.journals(tree, site)
    const first = this.ranks
    this.ranks += site.logs.length
    const ranked = [...site.logs].sort(byPath).map((log, index) => ({ ...log, rank: first + index }))
    const order = isArchive(tree) ? tree.position : null
    if (order) ranked.sort((a, b) => order(a.path) - order(b.path))
    for (const { path, entry, headless, maybe, rank } of ranked) {
      const stored = storedIn(tree, path, entry)
      yield* this.telling(stored.label, () => this.file(stored, { host, headless, maybe, rank, depth }))
    }
  }

  private async *journals(tree: Tree, { journals, host }: Site): AsyncGenerator<Found> {
    const files: OpenJournals['files'] = []
    for (const { path } of [...journals].sort(byPath)) {
      const label = originOf(tree, path)
      try {
        files.push({ path: label, source: tree.open(path) })
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        yield { kind: 'unread', label, problems: [{ message: bare(error.message, label) }] }
      }
    }
    if (files.length > 0) yield { kind: 'journals', files, host, rank: this.ranks++ }
  }
}

/** Of what the user calls a disk: whether it was one, though its beginning is something else now. */
function wasDiskOnce(stored: Stored, bytes: Bytes): boolean {
  const source = bytes.plain() ? stored.source() : null
  const found = source !== null && wasDisk(source)
  source?.close()
  return found
}

function byPath(a: Pick<Log, 'path'>, b: Pick<Log, 'path'>): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}

/** A journal whose first page is gone, or was never written: by its name, for no text has it. */
function isHeadless(label: string, head: Buffer): boolean {
  return isJournal(label) && (head.length === 0 || head.includes(0))
}
