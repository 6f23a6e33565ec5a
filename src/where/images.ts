import { type Image, type ImageFile, openImage } from '../bytes/image/image.ts'
import { isDisk } from '../bytes/image/sniff.ts'
import { type Limit, USUAL_LIMIT } from '../bytes/meter.ts'
import { type Bytes, type Headed, openBytes, withHead } from '../bytes/open.ts'
import { Scratch } from '../bytes/scratch.ts'
import type { ByteSource } from '../bytes/source.ts'
import { type Stored, storedAt } from '../bytes/stored.ts'
import { counted, type Watched, watched } from '../bytes/watched.ts'
import { InputError, type Problem } from '../problems/problem.ts'
import { Deleted, unallocatedOf, withDeleted } from './deleted.ts'
import type { DiskRead } from './disk-read.ts'
import { DISK_HEAD } from './disks.ts'

export interface ImageOptions {
  /** Folders besides an image's own in which the images it stands on may lie. */
  backing?: readonly string[]
  /** Bytes that a packed image may become, and that are searched of unallocated space. Default: 64 GiB. */
  maxExpanded?: number
  /** Whether what was deleted is looked for too. */
  deleted?: boolean
}

/** Disk images that are open. */
export interface OpenImages {
  image: Image
  /** What is wrong with each, by its label. */
  problems: ReadonlyMap<string, Problem[]>
  /** What was deleted from each volume; empty unless it is asked for. */
  deleted: readonly Deleted[]
  /** Looks for it, and lets others have their turn: it may take minutes. `step` is told how many bytes it has searched. */
  search(step?: (bytes: number) => void): Promise<void>
  /** After reading: tells which of them were written to meanwhile; answers how much of each was read, and of those they stand on. */
  settle(): DiskRead[]
  close(): void
}

/** An image that can be read at any place. */
interface Opened {
  file: ImageFile
  problems: Problem[]
  watched: Watched | null
  account(): DiskRead
  close(): void
}

/** Several images, packed or not: one machine's disks, or several machines'. One that cannot be opened is told, and the others are read. */
export async function openImages(paths: readonly string[], options: ImageOptions = {}): Promise<OpenImages> {
  const all: Opened[] = []
  try {
    for (const path of paths) all.push(await openedAt(path, limitOf(options)))
  } catch (error) {
    for (const one of all) one.close()
    throw error
  }
  return joined(all, options)
}

/** The empty parts of a disk pack to nothing, and are no bomb. */
function limitOf({ maxExpanded = USUAL_LIMIT.bytes }: ImageOptions): Limit {
  return { bytes: maxExpanded, ratio: Number.POSITIVE_INFINITY }
}

async function openedAt(path: string, limit: Limit): Promise<Opened> {
  const stored = await storedAt(path)
  const bytes = openBytes(stored, limit)
  return opened(stored, bytes, await withHead(bytes.chunks, DISK_HEAD))
}

/** An image in whatever it comes: where it is packed, from a temporary copy. */
export async function openStoredImage(stored: Stored, bytes: Bytes, headed: Headed, options: ImageOptions): Promise<OpenImages> {
  return joined([await opened(stored, bytes, headed)], options)
}

/** A disk image that the user calls one. @throws InputError where it is none. */
export async function openImageAt(path: string, options: ImageOptions = {}): Promise<OpenImages> {
  const stored = await storedAt(path)
  const unpacked = openBytes(stored, limitOf(options))
  const headed = await withHead(unpacked.chunks, DISK_HEAD)
  if (isDisk(headed.head, () => (unpacked.plain() ? stored.source() : null)))
    return openStoredImage(stored, unpacked, headed, options)
  await headed.stop()
  throw new InputError(`${path}: is no disk, and no image of one`)
}

async function opened(stored: Stored, bytes: Bytes, headed: Headed): Promise<Opened> {
  const { label, path, size } = stored
  const { problems } = bytes
  if (bytes.plain()) {
    const file = path === null ? null : watched(path)
    const inside = file ? null : stored.source()
    const source = file ?? (inside && counted(inside))
    if (source) {
      await headed.stop()
      return {
        file: { label, source: source.source, path },
        problems,
        watched: file,
        account: () => ({ path: label, size: source.source.size, read: source.read() }),
        close: () => source.source.close(),
      }
    }
  }
  const scratch = new Scratch()
  const source: ByteSource = await scratch.take(headed.chunks)
  return {
    file: { label, source, path: null },
    problems,
    watched: null,
    account: () => ({ path: label, size, read: bytes.read() }),
    close: () => scratch.close(),
  }
}

function joined(all: readonly Opened[], options: ImageOptions): OpenImages {
  const problems = new Map(all.map(({ file, problems: told }) => [file.label, told]))
  function tell(problem: Problem, label: string): void {
    problems.get(label)?.push(problem)
  }
  /** Files that the images stand on, with the label of the first. */
  const below: { path: string; watched: Watched }[] = []
  const allowed = {
    backing: options.backing ?? [],
    open: (path: string) => {
      const file = watched(path)
      below.push({ path, watched: file })
      return file.source
    },
  }
  const deleted: Deleted[] = []
  const { bytes: limit } = limitOf(options)
  const files = all.map(({ file }) => file)
  const image = openImage(files, allowed, tell, ({ fileSystem, label, image: nth, tell: told }) => {
    if (!options.deleted) return fileSystem.tree
    const found = new Deleted(label, fileSystem, nth ?? 0, limit, told)
    deleted.push(found)
    return withDeleted(fileSystem.tree, found, told)
  })
  for (const { why, image: nth } of image.contents) if (why !== null) tell({ message: why }, files[nth ?? 0]?.label ?? '')
  return {
    image,
    problems,
    deleted,
    search: async step => {
      for (const one of deleted) {
        while (one.step()) {
          step?.(deleted.reduce((all, { search }) => all + search.searched, 0))
          await new Promise(setImmediate)
        }
      }
    },
    settle: () => {
      for (const { file, watched: one } of all) if (one?.changed()) tell({ message: CHANGED }, file.label)
      const first = files[0]?.label ?? ''
      for (const { path, watched: one } of below)
        if (one.changed()) tell({ message: `${path}, on which it stands, ${CHANGED}` }, first)
      return [
        ...all.map((one, nth) => ({ ...one.account(), ...unallocatedOf(deleted, nth) })),
        ...below.map(({ path, watched: { source, read } }) => ({ path, size: source.size, read: read() })),
      ]
    },
    close: () => {
      for (const { watched: one } of below) one.source.close()
      for (const one of all) one.close()
    },
  }
}

const CHANGED =
  'was written to while it was read, as a running machine does: what was read may be from two moments; stop the machine, or read a snapshot'
