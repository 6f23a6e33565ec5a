import { createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { archiveKind } from '../../bytes/archive.ts'
import { reasonOf } from '../../bytes/file.ts'
import { openBytes, withHead } from '../../bytes/open.ts'
import { fileSource } from '../../bytes/source.ts'
import { type Stored, storedAt } from '../../bytes/stored.ts'
import { isLog } from '../../entries/is-log.ts'
import { isJournalFile } from '../../formats/journal-file/directory.ts'
import { notALog } from '../../formats/not-a-log.ts'
import { Reader } from '../../formats/reader.ts'
import { FIRST_BLOCK, storedObject, stretchOf } from '../objects/object.ts'
import { storeReason } from '../objects/reason.ts'
import { openPlace } from '../objects/registry.ts'
import { isNameless } from '../result.ts'
import type { Found, FoundFile, FoundObject } from './files.ts'
import { Field, type HostFrom } from './host-from.ts'
import { namesALog } from './name.ts'
import { rootContent, rootVoices } from './root.ts'

/** Who speaks in a log, as far as its lines tell. */
export interface Voice {
  host: string
  machineId: string | null
  boot: string | null
}

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

function samplesOf(path: string): Samples {
  return async (from, length) => {
    const source = fileSource(path)
    try {
      return from.map(offset => {
        const sample = Buffer.alloc(length)
        return sample.subarray(0, source.read(offset, sample))
      })
    } finally {
      source.close()
    }
  }
}

/** Enough to tell a log's form. */
const FORM = 8 * 1024

/** Looks at a file: its content's hash, and who speaks in it. */
export async function lookAt(found: Found, from: HostFrom | null): Promise<Sight> {
  const { path, kind } = found
  try {
    if (kind === 'machine') return { ...rootContent(path), voices: rootVoices(path), field: null, log: true }
    if (kind === 'object') return await lookAtObject(found, from)
    const content = await fileHash(found)
    const sight = sightOf(content, await voicesIn(await storedAt(path), samplesOf(path), from))
    // Words cut out of a line keep the line in memory (V8's SlicedString): of 100,000 logs that would be 100 MB.
    return JSON.parse(JSON.stringify(sight)) as Sight // a copy
  } catch (error) {
    const reason = error instanceof Error && !('code' in error) ? error.message : reasonOf(error)
    return { content: `unreadable: ${reason}`, voices: [], field: null, log: namesALog(path) }
  }
}

/** So small a file is read in one go: a stream costs more than its reading. */
const SMALL = 1n << 20n

async function fileHash({ path, stat }: FoundFile): Promise<string> {
  const hash = createHash('sha256')
  if (stat.isFile() && stat.size <= SMALL) return hash.update(readFileSync(path)).digest('hex')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) hash.update(chunk)
  return hash.digest('hex')
}

/** An object is known by what its store tells of it: only its beginning is fetched, and some places of a long log. */
async function lookAtObject(found: FoundObject, from: HostFrom | null): Promise<Sight> {
  const { path, content, version } = found
  const place = await openPlace(path)
  const failures: string[] = []
  const stored = await storedObject(path, found, { failed: reason => failures.push(reason), blocks: true })
  const samples: Samples = (places, length) =>
    Promise.all(
      found.size <= FIRST_BLOCK ? [] : places.map(at => stretchOf(place, version, at, Math.min(at + length, found.size))),
    )
  try {
    const heard = await voicesIn(stored, samples, from)
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

async function voicesIn(stored: Stored, samples: Samples, from: HostFrom | null): Promise<Heard> {
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
    const field = from?.kind === 'field' ? new Field(from.name) : null
    const heads = new Voices(path)
    heads.hear(head.subarray(0, HEAD))
    field?.hear(head)
    // A stream may begin with one host's boot: packed ones are looked at further on, others at several places.
    if (bytes.plain()) {
      await hearSamples(samples, stored.size ?? 0, lines => {
        heads.hear(lines)
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

/** Hosts, machines and boots of a log's lines, each once. */
class Voices {
  readonly hosts = new Set<string>()
  private readonly seen = new Map<string, Voice>()
  private readonly reader: Reader
  private last = ''

  constructor(path: string) {
    this.reader = new Reader(path, null)
  }

  hear(chunk: Buffer): void {
    this.reader.feed.push(chunk)
    for (const { draft } of this.reader) {
      const { machineId, boot } = draft
      const host = draft.host !== null && !isNameless(draft.host) ? draft.host : ''
      const key = `${host}\0${machineId ?? ''}\0${boot ?? ''}`
      if (key === this.last || (host === '' && machineId === null && boot === null)) continue
      this.last = key
      this.seen.set(key, { host, machineId, boot })
      if (host !== '') this.hosts.add(host)
    }
  }

  all(): Voice[] {
    return [...this.seen.values()]
  }
}
