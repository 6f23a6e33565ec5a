import { createHash } from 'node:crypto'
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { archiveKind } from '../../bytes/archive.ts'
import type { Chunks } from '../../bytes/container.ts'
import { reasonOf } from '../../bytes/file.ts'
import { openBytes, withHead } from '../../bytes/open.ts'
import { memorySource } from '../../bytes/source.ts'
import { type Stored, storedAt } from '../../bytes/stored.ts'
import { isLog } from '../../entries/is-log.ts'
import { isJournalFile } from '../../formats/journal-file/directory.ts'
import { notALog } from '../../formats/not-a-log.ts'
import type { Found } from './files.ts'
import { fieldIn } from './host-from.ts'
import { namesALog } from './name.ts'
import { type Voice, Voices } from './voices.ts'

/** What a look at a file told. */
export interface Sight {
  /** SHA-256 of what lies there, or `unreadable: REASON`. */
  content: string
  voices: Voice[]
  /** What --host-from field:NAME found. */
  field: string | null
  /** False: it merely lies among the logs. */
  log: boolean
}

/** What is to be looked at: a file of this machine, or a machine's root. */
export interface Sought {
  path: string
  kind: 'file' | 'machine'
  size: number
}

export const soughtOf = ({ path, kind, stat }: Found): Sought => ({ path, kind, size: Number(stat.size) })

/** Enough for the first lines of any form; of a file in which they name several hosts, all is read. */
const HEAD = 32 * 1024

/** Of a packed log, unpacked: so much is looked at before it is taken for one host's. */
const FURTHER = 1 << 20
/** Of a plain log: places that are looked at, beside its head. */
const PLACES = 8
const SAMPLE = 16 * 1024

/** Enough to tell a log's form. */
const FORM = 8 * 1024

/** So small a file is read once, and all of it is at hand. */
const SMALL = 1 << 20

/** Looks at a file: its content's hash, and who speaks in it. `field`: of --host-from. */
export async function lookAt({ path, kind, size }: Sought, field: string | null): Promise<Sight> {
  try {
    if (kind === 'machine') return { content: rootHash(path), voices: [], field: null, log: true }
    const small = size <= SMALL ? wholeFile(path, size) : null
    const content = small ? createHash('sha256').update(small).digest('hex') : fileHash(path)
    const stored = small ? storedInMemory(path, small) : await storedAt(path)
    const sight: Sight = { content, ...(await voicesIn(stored, field)) }
    // Words cut out of a line keep the line in memory (V8's SlicedString): of 100,000 logs that would be 100 MB.
    return JSON.parse(JSON.stringify(sight)) as Sight // a copy
  } catch (error) {
    const reason = error instanceof Error && !('code' in error) ? error.message : reasonOf(error)
    return unseen(path, reason)
  }
}

/** What is known of a file that cannot be looked at. */
export function unseen(path: string, reason: string): Sight {
  return { content: `unreadable: ${reason}`, voices: [], field: null, log: namesALog(path) }
}

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

async function voicesIn(stored: Stored, named: string | null): Promise<Omit<Sight, 'content'>> {
  const { label: path } = stored
  const bytes = openBytes(stored)
  const headed = await withHead(bytes.chunks, HEAD)
  const { head } = headed
  try {
    // An archive or a journal says in its depth whose it is; where it lies has to do.
    if (archiveKind(head) !== null) return { voices: [], field: null, log: true }
    if (isJournalFile(head)) return { voices: journalVoices(path, head), field: null, log: true }
    if (notALog(head) !== null || !isLog({ head: head.subarray(0, FORM), whole: headed.whole && head.length <= FORM }, path))
      return { voices: [], field: null, log: namesALog(path) }
    const field = named === null ? null : fieldIn(head.toString('utf8', 0, HEAD), named)
    const heads = new Voices(path)
    heads.hear(head.subarray(0, HEAD))
    // A stream may begin with one host's boot: packed ones are looked at further on, others at several places.
    if (bytes.plain()) samples(stored, heads)
    let seen = 0
    const all = new Voices(path)
    for await (const chunk of headed.chunks) {
      if (heads.hosts.size < 2 && all.hosts.size < 2 && (bytes.plain() || seen > FURTHER)) break
      seen += chunk.length
      all.hear(chunk)
    }
    return { voices: all.hosts.size > 1 ? all.all() : heads.all(), field, log: true }
  } finally {
    await headed.stop()
  }
}

function samples(stored: Stored, voices: Voices): void {
  const source = stored.source()
  if (source === null) return
  const { size } = source
  try {
    for (let place = 1; place <= PLACES && size > HEAD; place++) {
      const sample = Buffer.alloc(SAMPLE)
      const offset = Math.max(HEAD, Math.floor((size * place) / PLACES) - SAMPLE)
      const read = sample.subarray(0, source.read(offset, sample))
      // Whole lines only: half of one might be taken for another form, and its words for a host's name.
      const [from, to] = [read.indexOf(10) + 1, read.lastIndexOf(10) + 1]
      if (from > 0 && to > from) voices.hearApart(read.subarray(from, to))
    }
  } finally {
    source.close()
  }
}

/** The header's machine id (JOURNAL_FILE_FORMAT, "Header": 40) is the receiver's in systemd-journal-remote's files: only a folder of that name bears it out. */
function journalVoices(path: string, head: Buffer): Voice[] {
  const machineId = head.toString('hex', 40, 56)
  return path.split('/').at(-2)?.startsWith(machineId) ? [{ host: '', machineId, boot: null }] : []
}

/** Of a machine's root what the analysis looks at: logs, unit files, its name. Large disks are not hashed whole. */
const LOOKED_AT = [
  'var/log',
  'run/log',
  'etc/systemd',
  'usr/lib/systemd/system',
  'lib/systemd/system',
  'run/systemd',
  'sos_commands/logs',
]
const NAMES = ['etc/hostname', 'etc/HOSTNAME', 'etc/machine-id', 'sos_commands/host/hostname', 'hostname']

function rootHash(root: string): string {
  const hash = createHash('sha256')
  const walk = (path: string): void => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inside = `${path}/${entry.name}`
      if (entry.isDirectory()) walk(inside)
      else if (entry.isFile()) take(inside)
      else hash.update(`${inside}\0link\n`)
    }
  }
  const take = (path: string): void => {
    const { size, mtimeNs } = statSync(join(root, path), { bigint: true })
    // Content for what is small; a large log's size and time stand for it.
    const said =
      size > 1n << 24n
        ? `${size} ${mtimeNs}`
        : createHash('sha256')
            .update(readFileSync(join(root, path)))
            .digest('hex')
    hash.update(`${path}\0${said}\n`)
  }
  for (const path of LOOKED_AT) if (statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory()) walk(path)
  for (const path of NAMES) if (statSync(join(root, path), { throwIfNoEntry: false })?.isFile()) take(path)
  return hash.digest('hex')
}
