import type { ByteSource } from '../bytes/source.ts'
import type { Stream } from '../bytes/stdin.ts'
import type { Stored } from '../bytes/stored.ts'
import type { JournalInput } from '../formats/journal-file/directory.ts'
import type { GlancedSet } from '../formats/journal-file/glance/set.ts'
import type { Hiring } from '../scan/hiring.ts'
import type { Range } from '../scan/ranger.ts'
import type { Sought } from '../scan/sought.ts'
import type { Aim } from '../scan/walk.ts'
import type { Entry } from './entry.ts'
import { hostGlob } from './host-glob.ts'

export interface ReadOptions {
  /** For stamps that state none: an IANA name, `UTC`, `+02:00`. Default: the machine's. */
  timezone?: string
  /** The year of the first line of a log whose stamps have none. */
  year?: number
  /** Read everything as this form. */
  inputFormat?: string
  /** No line is later than this. */
  now?: Date
  /** µs since the epoch. */
  since?: number | null
  until?: number | null
  /** A glob. */
  host?: string
  /** Only hosts of which this is true, where one log holds those of a whole fleet; asked with the name that the line says. */
  hosts?: (host: string) => boolean
  /** A machine's root, or a copy of it: read before the paths. */
  root?: string
  /** Disks of machines, in any form: read before the paths. */
  image?: readonly string[]
  /** Folders besides an image's own in which the images it stands on may lie. */
  allowBacking?: readonly string[]
  /** Whether what was deleted from disks, and lies in their unallocated space, is read too. */
  deleted?: boolean
  /** Bytes that a packed input may become. Default: 64 GiB, and 500 times its size. */
  maxExpanded?: number
  /** Opens what a path names. Default: a file of this machine. */
  stored?: (path: string) => Promise<Stored>
  /** What stands in for standard input. */
  stdin?: Stream
  progress?: (bytes: number, total: number | null) => void
  signal?: AbortSignal
  /** Reads journal files by their index, where that tells all that is wanted; null: they are read whole. */
  glance?: (files: readonly JournalInput[]) => GlancedSet | null
  /** Only messages that may be one of these are wanted as entries; of the others it is enough to have been told that they were there. */
  sought?: Sought
  /** Whether of what is passed over it is told who spoke last when. Default: it is. */
  lastWords?: boolean
  /** Bytes of the blocks in which that is done; given, also in inputs so small that nothing is gained by it. */
  block?: number
  /** Has threads walk over large files ahead of their reading. Default: none do. */
  hiring?: Hiring
  /** Who walks ahead instead of threads. */
  ahead?: (source: ByteSource, aim: Aim) => AsyncIterable<Range>
}

/** What --since, --until and --host leave over. A line without a time goes with the line before it. */
export function wanted(options: ReadOptions): (entry: Entry) => boolean {
  const { since = null, until = null } = options
  const host = options.host === undefined ? null : hostGlob(options.host)
  let inside = true
  return entry => {
    if (entry.time !== null) inside = (since === null || entry.time >= since) && (until === null || entry.time <= until)
    return inside && (host === null || host(entry.host))
  }
}
