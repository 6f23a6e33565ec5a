import { crc32 } from 'node:zlib'
import { Inflate } from './inflate.ts'
import { type ByteSource, chunksOf, stretch } from './source.ts'
import { nameOf } from './tree.ts'
import type { ZipMember } from './zip-member.ts'

/**
 * The files of a zip whose central directory is gone, by the headers that stand before each. Where a header does not tell the sizes (flag
 * bit 3: it was written to a pipe) the compressed text itself tells where it ends. The last one may be cut.
 */
export async function* salvaged(source: ByteSource): AsyncGenerator<{ name: string; member: ZipMember }> {
  const head = Buffer.alloc(30)
  for (let at = 0; source.read(at, head) === 30 && head.readUInt32LE() === 0x0403_4b50; ) {
    const [flags, method] = [head.readUInt16LE(6), head.readUInt16LE(8)]
    const name = Buffer.alloc(head.readUInt16LE(26))
    source.read(at + 30, name)
    const from = at + 30 + name.length + head.readUInt16LE(28)
    const told = (flags & 8) === 0
    if (!told && method !== 8) return
    const { stored, size, crc } = told
      ? { crc: head.readUInt32LE(14), stored: head.readUInt32LE(18), size: head.readUInt32LE(22) }
      : await measure(source, from)
    const kind = name.at(-1) === 0x2f ? 'directory' : 'file'
    yield { name: nameOf(name), member: { kind, size, mtime: null, target: null, place: { header: at, stored, method, crc } } }
    at = told ? from + stored : afterDescriptor(source, from + stored)
  }
}

async function measure(source: ByteSource, from: number): Promise<{ stored: number; size: number; crc: number }> {
  const inflate = new Inflate()
  let [stored, size, crc] = [0, 0, 0]
  for await (const chunk of chunksOf(stretch(source, from, source.size))) {
    stored += await inflate.feed(chunk)
    for (const text of inflate.texts()) {
      size += text.length
      crc = crc32(text, crc)
    }
    if (inflate.ended || inflate.error) break
  }
  inflate.close()
  return { stored, size, crc: crc >>> 0 }
}

/** `[50 4b 07 08] crc(4) stored(4) size(4)`; with 8-byte sizes where the file needs them. */
function afterDescriptor(source: ByteSource, at: number): number {
  const head = Buffer.alloc(32)
  source.read(at, head)
  for (const length of [16, 12, 24, 20]) {
    const next = head.subarray(length, length + 2)
    if (next.toString('latin1') === 'PK') return at + length
  }
  return source.size
}
