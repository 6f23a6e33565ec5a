import { promisify } from 'node:util'
import { type Entry, fromRandomAccessReader, RandomAccessReader, type ZipFile } from 'yauzl'
import type { Problem } from '../problems/problem.ts'
import { type Archive, Listing } from './archive.ts'
import type { Chunks } from './container.ts'
import { expectWithin, type Limit, metered, USUAL_LIMIT } from './meter.ts'
import { Scratch } from './scratch.ts'
import type { ByteSource } from './source.ts'
import { nameOf } from './tree.ts'
import { type Place, spooled, unpacked, type ZipMember } from './zip-member.ts'
import { salvaged } from './zip-salvage.ts'

/** A zip by its central directory; one that lost it is read from the front, file by file. */
export async function openZip(label: string, source: ByteSource, limit: Limit = USUAL_LIMIT): Promise<Archive> {
  const listing = new Listing<ZipMember>()
  const problems: Problem[] = []
  try {
    for await (const entry of entriesOf(source)) await enter(listing, entry, source, problems)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    problems.push({ message: `the zip is damaged or cut off (${message}): its files were looked for from the front` })
    for await (const { name, member } of salvaged(source)) listing.add(name, member)
  }
  const scratch = new Scratch()
  let total = 0
  /** Its files may lie on top of each other: each within measure, all of them together not. */
  async function* within(chunks: Chunks): Chunks {
    for await (const chunk of chunks) {
      total += chunk.length
      expectWithin({ ...limit, bytes: Number.POSITIVE_INFINITY }, total, source.size, label)
      yield chunk
    }
  }
  return listing.tree(label, problems, {
    open: (member, path) => {
      expectWithin(limit, member.size, member.place.stored, `${label}:${path}`)
      return spooled(member, source, scratch, `${label}:${path}`)
    },
    chunks: (member, path) =>
      within(metered(unpacked(member, source, `${label}:${path}`), () => member.place.stored, limit, `${label}:${path}`)),
    position: ({ place }) => place.header,
    close: () => {
      scratch.close()
      source.close()
    },
  })
}

async function* entriesOf(source: ByteSource): AsyncGenerator<Entry> {
  const open = promisify<RandomAccessReader, number, object, ZipFile>(fromRandomAccessReader)
  // Names are bytes, and labels only: nothing is written by them.
  const zip = await open(new SourceReader(source), source.size, { lazyEntries: true, decodeStrings: false, autoClose: false })
  yield* zip.eachEntry()
}

/** yauzl's way to read at any place. */
class SourceReader extends RandomAccessReader {
  constructor(private readonly source: ByteSource) {
    super()
  }

  override read(...[buffer, offset, length, position, done]: Parameters<RandomAccessReader['read']>): void {
    const count = this.source.read(position, buffer.subarray(offset, offset + length))
    done(count < length ? new Error('it ends too early') : null)
  }
}

async function enter(listing: Listing<ZipMember>, entry: Entry, source: ByteSource, problems: Problem[]): Promise<void> {
  const name = nameOf(entry.fileNameRaw)
  if (entry.isEncrypted()) {
    problems.push({ message: `${name}: is encrypted and was not read` })
    return
  }
  const { compressedSize: stored, uncompressedSize: size, compressionMethod: method, crc32: crc } = entry
  const place: Place = { header: entry.relativeOffsetOfLocalHeader, stored, method, crc }
  const kind = kindOf(entry, name)
  const member: ZipMember = { kind, size, mtime: mtimeOf(entry), target: null, place }
  if (kind === 'link' && size < LONGEST_TARGET) member.target = await textOf(unpacked(member, source, name))
  listing.add(name, member)
}

const LONGEST_TARGET = 8192

async function textOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of chunks) parts.push(part)
  return nameOf(Buffer.concat(parts))
}

/** What made it tells the mode's place: 3 is Unix (APPNOTE.TXT 4.4.2), and then the upper half is st_mode. */
function kindOf({ versionMadeBy, externalFileAttributes }: Entry, name: string): ZipMember['kind'] {
  if (name.endsWith('/')) return 'directory'
  const type = versionMadeBy >> 8 === 3 ? (externalFileAttributes >>> 16) & 0o170000 : 0
  return type === 0o120000 ? 'link' : type === 0 || type === 0o100000 ? 'file' : type === 0o040000 ? 'directory' : 'other'
}

/** Extended timestamp (extra field `UT`): flags(1) mtime(4), in UTC. The other stamp has no zone and proves nothing. */
function mtimeOf({ extraFields }: Entry): number | null {
  const stamp = extraFields.find(({ id, data }) => id === 0x5455 && data.length >= 5 && ((data[0] ?? 0) & 1) === 1)
  return stamp ? stamp.data.readInt32LE(1) * 1e6 : null
}
