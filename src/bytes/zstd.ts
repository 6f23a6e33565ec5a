import type { Chunks } from './container.ts'
import { begins, packed } from './packed.ts'
import { Pull } from './pull.ts'

/** Zstandard, one frame or several. With the tool the window may be as large as --long=31 makes it. */
export const zstd = packed({
  name: 'zstd',
  about: 'zstd, one frame or several',
  sniff: head => isFrame(head) || isSkippable(head),
  tool: ['zstd', '-dcq', '--long=31'],
  library,
})

function isFrame(head: Uint8Array): boolean {
  return begins(head, 0x28, 0xb5, 0x2f, 0xfd)
}

function isSkippable(head: Uint8Array): boolean {
  return ((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18
}

/**
 * fzstd decodes, but compares no checksum (one flipped bit in 40 places: 40 wrong texts, no error), so the frames are walked here and their
 * checksums compared (RFC 8878, 3.1.1):
 *
 *     28 b5 2f fd  descriptor [window] [dictionary id] [content size]  block… [checksum(4)]
 *     block:  last(1 bit) type(2) size(21), little endian; then `size` bytes, or one for a run (type 1)
 */
async function* library(chunks: Chunks): AsyncGenerator<Buffer, boolean> {
  const [{ Decompress }, xxhash] = await Promise.all([import('fzstd'), import('xxhash-wasm').then(module => module.default())])
  const input = new Pull(chunks)
  while (await input.want(1)) {
    if (!(await input.want(4))) return false
    const magic = input.peek(4)
    if (isSkippable(magic)) {
      if (!(await skipFrame(input))) return false
      continue
    }
    if (!isFrame(magic)) return false
    const header = await frameHeader(input)
    if (header === null) return false
    const sum = xxhash.create64()
    let texts: Buffer[] = []
    const decoder = new Decompress(text => {
      if (text.length > 0) texts.push(Buffer.from(text))
    })
    function decode(bytes: Uint8Array, last: boolean): boolean {
      try {
        decoder.push(bytes, last)
        return true
      } catch {
        return false
      }
    }
    // The checksum is compared here: the decoder is told that there is none, so that it does not wait for it.
    if (!decode(withoutChecksum(header), false)) return false
    for (let last = false; !last; ) {
      const block = await nextBlock(input)
      if (block === null) return false
      last = block.last
      const sound = decode(block.bytes, last)
      for (const text of texts) {
        sum.update(text)
        yield text
      }
      texts = []
      if (!sound) return false
    }
    if (!hasChecksum(header)) continue
    if (!(await input.want(4))) return false
    if (input.take(4).readUInt32LE() !== Number(sum.digest() & 0xffff_ffffn)) return false
  }
  return true
}

async function skipFrame(input: Pull): Promise<boolean> {
  if (!(await input.want(8))) return false
  const size = input.take(8).readUInt32LE(4)
  return input.skip(size)
}

function hasChecksum(header: Uint8Array): boolean {
  return ((header[4] ?? 0) & 4) !== 0
}

function withoutChecksum(header: Buffer): Buffer {
  const changed = Buffer.from(header)
  changed[4] = (changed[4] ?? 0) & ~4
  return changed
}

/** The largest window that is kept: the tool's own limit unless it is told --long. A flipped bit must not order gigabytes. */
const WIDEST = 2 ** 27

/** Magic, descriptor and what it says that follows; null where that is cut, or asks for too much. */
async function frameHeader(input: Pull): Promise<Buffer | null> {
  if (!(await input.want(5))) return null
  const descriptor = input.peek(5)[4] ?? 0
  const single = (descriptor & 0x20) !== 0
  const content = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0
  const size = 5 + (single ? 0 : 1) + dictionary + content
  if (!(await input.want(size))) return null
  const header = Buffer.from(input.take(size))
  const length =
    content === 0 ? 0 : Number(content === 8 ? header.readBigUInt64LE(size - 8) : header.readUIntLE(size - content, content))
  return (single ? length : windowOf(header[5] ?? 0)) > WIDEST ? null : header
}

/** Exponent (5 bits) and eighths (3 bits). */
function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3))
  return base + (base / 8) * (descriptor & 7)
}

/** RFC 8878, 3.1.1.2.4: no block holds or becomes more. A damaged run would be text by the megabyte. */
const LARGEST_BLOCK = 2 ** 17

async function nextBlock(input: Pull): Promise<{ bytes: Buffer; last: boolean } | null> {
  if (!(await input.want(3))) return null
  const head = input.peek(3).readUIntLE(0, 3)
  const size = head >> 3
  if (size > LARGEST_BLOCK) return null
  const stored = ((head >> 1) & 3) === 1 ? 1 : size
  if (!(await input.want(3 + stored))) return null
  return { bytes: Buffer.from(input.take(3 + stored)), last: (head & 1) === 1 }
}
