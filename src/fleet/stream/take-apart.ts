import { archiveKind } from '../../bytes/archive.ts'
import { isDirectory } from '../../bytes/file.ts'
import { isDisk } from '../../bytes/image/sniff.ts'
import { USUAL_LIMIT } from '../../bytes/meter.ts'
import { openBytes, withHead } from '../../bytes/open.ts'
import type { Stored } from '../../bytes/stored.ts'
import { isJournalFile } from '../../formats/journal-file/directory.ts'
import { notALog } from '../../formats/not-a-log.ts'
import { formNamed } from '../../formats/registry.ts'
import { InputError, type Problem } from '../../problems/problem.ts'
import type { Manner } from '../item.ts'
import type { Parts } from './parts.ts'
import { rawRecords } from './records.ts'

/** A stream that was taken apart: what its parts do not tell. */
export interface Log {
  path: string
  /** ms since the epoch. */
  mtime: number | null
  problems: Problem[]
  complete: boolean
  /** Null: records are lost, nobody knows how many. */
  lost: 0 | null
}

const HEAD = 64 * 1024

/** How what a path names is opened: a file, or an object of just the version that was planned. */
export type Open = (path: string) => Promise<Stored>

async function opened(path: string, open: Open, { maxExpanded }: Manner) {
  const limit = maxExpanded === undefined ? USUAL_LIMIT : { bytes: maxExpanded, ratio: Number.POSITIVE_INFINITY }
  const stored = await open(path)
  const bytes = openBytes(stored, { ...limit })
  return { stored, bytes, headed: await withHead(bytes.chunks, HEAD) }
}

/** Text, in whatever it is packed: no folder, archive, journal or disk, which are examined as they are. */
export async function isStream(path: string, open: Open, manner: Manner): Promise<boolean> {
  if (/\.journal~?$/.test(path) || (await isDirectory(path))) return false
  try {
    const { headed } = await opened(path, open, manner)
    const { head } = headed
    await headed.stop()
    return archiveKind(head) === null && !isJournalFile(head) && notALog(head) === null && !isDisk(head, () => null)
  } catch (error) {
    if (error instanceof InputError) return false
    throw error
  }
}

/** Hands each record to its host's part; null: it is another share's. What names no host goes with the record before. */
export async function takeApart(
  path: string,
  open: Open,
  manner: Manner,
  parts: Parts,
  partOf: (host: string) => number | null,
): Promise<Log> {
  const { stored, bytes, headed } = await opened(path, open, manner)
  const known = new Map<string, number | null>()
  const partFor = (host: string): number | null => {
    const found = known.get(host)
    if (found !== undefined) return found
    const part = partOf(host)
    if (known.size < MOST_KNOWN) known.set(host, part)
    return part
  }
  let part = partFor('')
  for await (const raw of rawRecords(headed, path, formNamed(manner.inputFormat ?? '') ?? null)) {
    if (raw.host !== null) part = partFor(raw.host)
    if (part !== null) parts.add(part, raw)
  }
  parts.nextLog()
  const { problems } = bytes
  return { path, mtime: stored.mtime, problems, complete: problems.length === 0, lost: problems.length === 0 ? 0 : null }
}

const MOST_KNOWN = 200_000
