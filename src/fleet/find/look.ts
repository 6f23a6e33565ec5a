import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { archiveKind } from '../../bytes/archive.ts'
import type { Chunks } from '../../bytes/container.ts'
import { reasonOf } from '../../bytes/file.ts'
import { openBytes, withHead } from '../../bytes/open.ts'
import { type ByteSource, fileSource, memorySource } from '../../bytes/source.ts'
import { type Stored, storedAt } from '../../bytes/stored.ts'
import { isLog } from '../../entries/is-log.ts'
import { isJournalFile } from '../../formats/journal-file/directory.ts'
import { notALog } from '../../formats/not-a-log.ts'
import { FIRST_BLOCK, storedObject, stretchOf } from '../objects/object.ts'
import { storeReason } from '../objects/reason.ts'
import { openPlace } from '../objects/registry.ts'
import type { Found, FoundFile, FoundObject } from './files.ts'
import { Field } from './host-from.ts'
import { namesALog } from './name.ts'
import { rootContent, rootVoices } from './root.ts'
import { type Voice, Voices } from './voices.ts'

/** What a look at a file told. */
export interface Sight {
  /** SHA-256 of what lies there, or `unreadable: REASON`. */
  content: string
  voices: Voice[]
  /** Of a machine's root: what of it is read. Of a file its size tells. */
  bytes?: number
  /** What --host-from field:NAME found. */
  field: string | null
  /** False: it merely lies among the logs. */
  log: boolean
}

/** Enough for the first lines of any form; of a file in which they name several hosts, all is read. */
const HEAD = 32 * 1024

/** Of a packed log, unpacked: so much is looked at before it is taken for one host's. */
const FURTHER = 1 << 20
/** Of a plain log: places that are looked at, beside its head. */
const PLACES = 8
const SAMPLE = 16 * 1024

/** Stretches of a plain log. */
type Samples = (from: readonly number[], length: number) => Promise<Buffer[]>

async function hearSamples(samples: Samples, size: number, hear: (lines: Buffer) => void): Promise<void> {
  if (size <= HEAD) return
  const places = Array.from({ length: PLACES }, (_, n) => Math.max(HEAD, Math.floor((size * (n + 1)) / PLACES) - SAMPLE))
  for (const read of await samples(places, SAMPLE)) {
    // Whole lines only: half of one might be taken for another form, and its words for a host's name.
    const [from, to] = [read.indexOf(10) + 1, read.lastIndexOf(10) + 1]
    if (from > 0 && to > from) hear(read.subarray(from, to))
  }
}

function samplesOf(open: () => ByteSource): Samples {
  return async (from, length) => {
    const source = open()
    try {
      return from.map(offset => {
        const sample = Buffer.allocUnsafe(length)
        return sample.subarray(0, source.read(offset, sample))
      })
    } finally {
      source.close()
    }
  }
}

/** Enough to tell a log's form. */
const FORM = 8 * 1024

/** What is to be looked at, as it is handed to a worker. */
export type Sought = { path: string; kind: FoundFile['kind']; size: number } | FoundObject

export function soughtOf(found: Found): Sought {
  return found.kind === 'object' ? found : { path: found.path, kind: found.kind, size: Number(found.stat.size) }
}

/** Looks at a file: its content's hash, and who speaks in it. `named`: the field of --host-from. */
async function lookAt(sought: Sought, named: string | null): Promise<Sight> {
  const { path, kind, size } = sought
  try {
    if (kind === 'machine') return { ...rootContent(path), voices: rootVoices(path), field: null, log: true }
    if (kind === 'object') return await lookAtObject(sought, named)
    const small = size <= SMALL ? wholeFile(path, size) : null
    const content = small ? createHash('sha256').update(small).digest('hex') : fileHash(path)
    const stored = small ? storedInMemory(path, small) : await storedAt(path)
    const samples = samplesOf(() => (small ? memorySource(small) : fileSource(path)))
    const sight = sightOf(content, await voicesIn(stored, samples, named))
    // Words cut out of a line keep the line in memory (V8's SlicedString): of 100,000 logs that would be 100 MB.
    return JSON.parse(JSON.stringify(sight)) as Sight // a copy
  } catch (error) {
    const reason = error instanceof Error && !('code' in error) ? error.message : reasonOf(error)
    return unseen(path, reason)
  }
}

/** Each look at an object is a way over the network and back: so many are under way at once. */
const ON_THE_WAY = 16

/** Looks at several, in their order. */
export async function looksAt(sought: readonly Sought[], named: string | null): Promise<Sight[]> {
  const ahead = new Map<Sought, Sight>()
  const objects = sought.filter(({ kind }) => kind === 'object').values()
  async function look(): Promise<void> {
    for (const object of objects) ahead.set(object, await lookAt(object, named))
  }
  await Promise.all(Array.from({ length: ON_THE_WAY }, look))
  const sights: Sight[] = []
  for (const one of sought) sights.push(ahead.get(one) ?? (await lookAt(one, named)))
  return sights
}

/** What is known of a file that cannot be looked at. */
export function unseen(path: string, reason: string): Sight {
  return { content: `unreadable: ${reason}`, voices: [], field: null, log: namesALog(path) }
}

/** So small a file is read once, and all of it is at hand. */
const SMALL = 1 << 20

/** Three system calls: of 100,000 small files these take longer than all that is done with what they hold. */
function wholeFile(path: string, size: number): Buffer {
  const fd = openSync(path, 'r')
  try {
    const bytes = Buffer.allocUnsafeSlow(size)
    let done = 0
    while (done < size) {
      const count = readSync(fd, bytes, done, size - done, done)
      if (count === 0) break
      done += count
    }
    return bytes.subarray(0, done)
  } finally {
    closeSync(fd)
  }
}

function storedInMemory(path: string, bytes: Buffer): Stored {
  async function* chunks(): Chunks {
    if (bytes.length > 0) yield bytes
  }
  return { label: path, chunks, again: true, source: () => memorySource(bytes), size: bytes.length, mtime: null, path }
}

/** Of a file that is read twice anyway; one buffer for all of it. */
function fileHash(path: string): string {
  const hash = createHash('sha256')
  const block = Buffer.allocUnsafeSlow(1 << 18)
  const fd = openSync(path, 'r')
  try {
    for (let count = readSync(fd, block); count > 0; count = readSync(fd, block)) hash.update(block.subarray(0, count))
  } finally {
    closeSync(fd)
  }
  return hash.digest('hex')
}

/** An object is known by what its store tells of it: only its beginning is fetched, and some places of a long log. */
async function lookAtObject(found: FoundObject, named: string | null): Promise<Sight> {
  const { path, content, version } = found
  const place = await openPlace(path)
  const failures: string[] = []
  const stored = await storedObject(path, found, { failed: reason => failures.push(reason), blocks: true })
  const samples: Samples = (places, length) =>
    Promise.all(
      found.size <= FIRST_BLOCK ? [] : places.map(at => stretchOf(place, version, at, Math.min(at + length, found.size))),
    )
  try {
    const heard = await voicesIn(stored, samples, named)
    if (failures[0] === undefined) return sightOf(content, heard)
  } catch (error) {
    failures.push(storeReason(error))
  }
  return { content: `unreadable: ${failures[0]}`, voices: [], field: null, log: true }
}

function sightOf(content: string, { fault = null, ...heard }: Heard): Sight {
  return fault === null ? { content, ...heard } : { content: `unreadable: ${fault}`, voices: [], field: null, log: true }
}

/** What is heard; `fault`: why it cannot be used as the user wants it. */
type Heard = Omit<Sight, 'content'> & { fault?: string | null }

async function voicesIn(stored: Stored, samples: Samples, named: string | null): Promise<Heard> {
  const path = stored.label
  const bytes = openBytes(stored)
  const headed = await withHead(bytes.chunks, HEAD)
  const { head } = headed
  try {
    // An archive or a journal says in its depth whose it is; where it lies has to do.
    if (archiveKind(head) !== null) return { voices: [], field: null, log: true }
    if (isJournalFile(head)) return { voices: journalVoices(path, head), field: null, log: true }
    if (notALog(head) !== null || !isLog({ head: head.subarray(0, FORM), whole: headed.whole && head.length <= FORM }, path))
      return { voices: [], field: null, log: namesALog(path) }
    const field = named === null ? null : new Field(named)
    const heads = new Voices(path)
    heads.hear(head.subarray(0, HEAD))
    field?.hear(head)
    // A stream may begin with one host's boot: packed ones are looked at further on, others at several places.
    if (bytes.plain()) {
      await hearSamples(samples, stored.size ?? 0, lines => {
        heads.hearApart(lines)
        field?.hear(lines)
      })
    }
    let seen = 0
    const all = new Voices(path)
    for await (const chunk of headed.chunks) {
      if (heads.hosts.size < 2 && all.hosts.size < 2 && (bytes.plain() || seen > FURTHER)) break
      seen += chunk.length
      all.hear(chunk)
      field?.hear(chunk)
    }
    const voices = all.hosts.size > 1 ? all.all() : heads.all()
    return { voices, field: field?.value() ?? null, log: true, fault: field?.fault() ?? null }
  } finally {
    await headed.stop()
  }
}

/** The header's machine id (JOURNAL_FILE_FORMAT, "Header": 40) is the receiver's in systemd-journal-remote's files: only a folder of that name bears it out. */
function journalVoices(path: string, head: Buffer): Voice[] {
  const machineId = head.toString('hex', 40, 56)
  return path.split('/').at(-2)?.startsWith(machineId) ? [{ host: '', machineId, boot: null }] : []
}
