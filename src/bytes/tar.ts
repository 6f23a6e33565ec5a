import { Readable } from 'node:stream'
import { extract, type Header } from 'tar-stream'
import { InputError, type Problem } from '../problems/problem.ts'
import { type Archive, Listing, type Member, type Unpacked } from './archive.ts'
import type { Chunks } from './container.ts'
import { Scratch } from './scratch.ts'
import { type ByteSource, chunksOf, memorySource, stretch } from './source.ts'
import { nameOf } from './tree.ts'

/** One member, and where its bytes lie in the unpacked stream. */
interface TarMember extends Member {
  offset: number
  /** Its bytes, where they had to be kept: a stream cannot be read at any place. */
  kept: ByteSource | null
}

/**
 * A tar, read through once for its names. Its files are read as a stream, again from the front where need be; only what `keep` asks for is
 * kept, in memory while it is small. One that lies plain in a file is read where it lies.
 *
 *     header(512) text, padded to 512 | header … | two blocks of zeros
 */
export async function openTar(stored: Unpacked, source: ByteSource | null, keep: Keep): Promise<Archive> {
  const listing = new Listing<TarMember>()
  const scratch = new Scratch()
  const problems = await survey(stored, listing, (name, size) => source === null && keep(name, size), scratch)
  const cursor = new Cursor(stored)
  return listing.tree(stored.label, problems, {
    open: ({ offset, size, kept }, path) => {
      if (kept) return kept
      if (source === null) throw new InputError(`${stored.label}:${path}: can be read from the front only`)
      return stretch(source, offset, size)
    },
    chunks: ({ offset, size, kept }) => {
      if (kept) return chunksOf(kept)
      return source === null ? cursor.chunks(offset, size) : chunksOf(stretch(source, offset, size))
    },
    position: ({ offset }) => offset,
    close: () => {
      scratch.close()
      source?.close()
      void cursor.close()
    },
  })
}

/** Whether a file will be read at any place, so that a stream must keep it. */
export type Keep = (path: string, size: number) => boolean

/** Two blocks of zeros end a tar; tar-stream does not miss them. */
const END_MARK = 1024

async function survey(stored: Unpacked, listing: Listing<TarMember>, keep: Keep, scratch: Scratch): Promise<Problem[]> {
  const problems: Problem[] = []
  const links: [name: string, target: string][] = []
  let end = 0
  let length = 0
  async function* measured(): Chunks {
    for await (const chunk of stored.chunks()) {
      length += chunk.length
      yield chunk
    }
  }
  // Names are bytes: latin1 keeps them as they are. (The cast: its types lack its options.)
  const reader = extract({ filenameEncoding: 'latin1', allowUnknownFormat: true } as object)
  const feed = Readable.from(measured(), { objectMode: false })
  feed.on('error', error => reader.destroy(error))
  feed.pipe(reader)
  try {
    for await (const entry of reader) {
      const header = entry.header as FullHeader // see there
      const bytes = entry as AsyncIterable<Buffer> // it is a stream of bytes
      const { name, member } = memberOf(header)
      end = member.offset + Math.ceil(member.size / 512) * 512
      if (header.type === 'link') links.push([name, nameOf(Buffer.from(header.linkname ?? '', 'latin1'))])
      else if (isSparse(header)) problems.push({ message: `${name}: is stored with holes (tar --sparse) and was not read` })
      else listing.add(name, member)
      if (member.kind === 'file' && keep(name, member.size)) await keepBytes(member, bytes, scratch)
      else await passOver(bytes)
    }
    if (length - end < END_MARK)
      problems.push({ message: 'the tar ends without its end mark: it is cut off, files may be missing' })
  } catch (error) {
    if (error instanceof InputError) problems.push({ message: error.message })
    else problems.push({ message: `the tar is damaged or cut off (${reason(error)}): what follows was not read`, offset: end })
  } finally {
    feed.destroy()
  }
  for (const [name, target] of links) {
    const first = listing.members.get(target.replace(/^(?:\.?\/)+/, ''))
    if (first) listing.add(name, first)
  }
  return problems
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What tar-stream 3.2 tells beyond its types. */
interface FullHeader extends Omit<Header, 'type'> {
  type: Header['type'] | null
  byteOffset?: number
  pax?: Record<string, string> | null
}

function memberOf(header: FullHeader): { name: string; member: TarMember } {
  const { byteOffset = 0, pax = null } = header
  const kind = KINDS[header.type ?? ''] ?? 'other'
  const precise = Number(pax?.mtime)
  const mtime =
    Number.isFinite(precise) && pax?.mtime !== undefined ? precise * 1e6 : (header.mtime?.getTime() ?? Number.NaN) * 1000
  return {
    name: textOf(pax?.path, header.name),
    member: {
      kind,
      size: header.size ?? 0,
      mtime: Number.isFinite(mtime) ? Math.floor(mtime) : null,
      target: header.linkname ? textOf(pax?.linkpath, header.linkname) : null,
      offset: byteOffset,
      kept: null,
    },
  }
}

/** An extended header is UTF-8 and was decoded as such. */
function textOf(extended: string | undefined, plain: string): string {
  return extended ?? nameOf(Buffer.from(plain, 'latin1'))
}

const KINDS: Record<string, Member['kind']> = {
  file: 'file',
  'contiguous-file': 'file',
  link: 'file',
  symlink: 'link',
  directory: 'directory',
}

/** GNU's own type `S`, or its extended headers: the stored bytes are not the file's. */
function isSparse({ type, pax }: FullHeader): boolean {
  return type === null || Object.keys(pax ?? {}).some(key => key.startsWith('GNU.sparse.'))
}

async function passOver(entry: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of entry) {
    // A member must be read to its end before the next comes.
  }
}

/** Files up to this size are kept in memory: unit files, a host's name. */
const SMALL = 64 * 1024

/** Also of a file that is cut off the part that is there. */
async function keepBytes(member: TarMember, bytes: AsyncIterable<Buffer>, scratch: Scratch): Promise<void> {
  const parts: Buffer[] = []
  const from = scratch.length
  const small = member.size <= SMALL
  try {
    for await (const part of bytes) small ? parts.push(part) : scratch.append(part)
  } finally {
    member.kept = small ? memorySource(Buffer.concat(parts)) : scratch.since(from)
  }
}

/** Reads stretches of a stream, ahead where it can, from the front again where it must. */
class Cursor {
  private at = 0
  private source: AsyncIterator<Buffer> | null = null
  private rest: Buffer = Buffer.alloc(0)

  constructor(private readonly stored: Unpacked) {}

  async *chunks(offset: number, size: number): Chunks {
    if (this.source === null || offset < this.at) await this.restart()
    for (let left = size; left > 0; ) {
      if (this.rest.length === 0) {
        const next = await this.source?.next()
        if (!next || next.done) return
        this.rest = next.value
      }
      const skipped = Math.min(this.rest.length, Math.max(0, offset - this.at))
      const part = this.rest.subarray(skipped, skipped + left)
      this.rest = this.rest.subarray(skipped + part.length)
      this.at += skipped + part.length
      left -= part.length
      if (part.length > 0) yield part
    }
  }

  async close(): Promise<void> {
    await this.source?.return?.()
    this.source = null
  }

  private async restart(): Promise<void> {
    await this.close()
    this.source = this.stored.chunks()[Symbol.asyncIterator]()
    this.rest = Buffer.alloc(0)
    this.at = 0
  }
}
