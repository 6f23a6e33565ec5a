import type { Chunks } from './container.ts'
import { decodeBlock } from './lz4-block.ts'
import { begins, packed } from './packed.ts'
import { Pull } from './pull.ts'

/** LZ4 frames, one or several. */
export const lz4 = packed({
  name: 'lz4',
  about: 'lz4, one frame or several',
  sniff: head => begins(head, 0x04, 0x22, 0x4d, 0x18),
  tool: ['lz4', '-dcq'],
  library,
})

/** How far back a block may refer to what the block before it said. */
const HISTORY = 64 * 1024

/** What a frame says of itself. */
interface Frame {
  linked: boolean
  blockSums: boolean
  contentSum: boolean
  blockMax: number
}

/**
 * The frame layer (lz4_Frame_format.md). No library has it right: those tried stop after the first frame, or take a cut one for whole.
 *
 *     04 22 4d 18  FLG BD [content size(8)] [dictionary id(4)] HC  (size(4) block… [xxh32(4)])…  00 00 00 00  [xxh32 of the text(4)]
 *     FLG: version(2 bits) independent(1) block sums(1) content size(1) content sum(1) –(1) dictionary(1)
 */
async function* library(chunks: Chunks): AsyncGenerator<Buffer, boolean> {
  const xxhash = await (await import('xxhash-wasm')).default()
  const input = new Pull(chunks)
  while (await input.want(1)) {
    if (!(await input.want(4))) return false
    const magic = input.peek(4)
    if (((magic[0] ?? 0) & 0xf0) === 0x50 && begins(magic.subarray(1), 0x2a, 0x4d, 0x18)) {
      if (!(await input.want(8)) || !(await input.skip(input.take(8).readUInt32LE(4)))) return false
      continue
    }
    const frame = begins(magic, 0x04, 0x22, 0x4d, 0x18) ? await header(input, xxhash.h32Raw) : null
    if (frame === null) return false
    const sum = xxhash.create32()
    const window = Buffer.alloc(HISTORY + frame.blockMax)
    let history = 0
    for (;;) {
      const block = await nextBlock(input, frame, xxhash.h32Raw)
      if (block === null) return false
      if (block.bytes.length === 0) break
      if (!frame.linked) history = 0
      let end = history
      if (block.plain) end += block.bytes.copy(window, history)
      else end = decodeBlock(block.bytes, 0, block.bytes.length, window.subarray(0, history + frame.blockMax), history)
      if (end < history) return false
      const text = Buffer.from(window.subarray(history, end))
      sum.update(text)
      yield text
      const kept = Math.min(end, HISTORY)
      window.copyWithin(0, end - kept, end)
      history = kept
    }
    if (!frame.contentSum) continue
    if (!(await input.want(4)) || input.take(4).readUInt32LE() !== sum.digest() >>> 0) return false
  }
  return true
}

type Sum = (bytes: Uint8Array) => number

async function header(input: Pull, sum: Sum): Promise<Frame | null> {
  if (!(await input.want(7))) return null
  const [flags = 0, sizes = 0] = input.peek(6).subarray(4)
  const size = 7 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0)
  const blockMax = 1 << (8 + 2 * ((sizes >> 4) & 7))
  if (flags >> 6 !== 1 || blockMax < 1 << 16 || !(await input.want(size))) return null
  const head = input.take(size)
  if (((sum(head.subarray(4, size - 1)) >>> 8) & 0xff) !== head[size - 1]) return null
  return { linked: !(flags & 32), blockSums: (flags & 16) !== 0, contentSum: (flags & 4) !== 0, blockMax }
}

/** A block's stored bytes; none of them: the end mark. */
async function nextBlock(input: Pull, frame: Frame, sum: Sum): Promise<{ bytes: Buffer; plain: boolean } | null> {
  if (!(await input.want(4))) return null
  const word = input.take(4).readUInt32LE()
  const size = word & 0x7fff_ffff
  if (size > frame.blockMax || !(await input.want(size))) return null
  const bytes = Buffer.from(input.take(size))
  if (size > 0 && frame.blockSums && (!(await input.want(4)) || input.take(4).readUInt32LE() !== sum(bytes) >>> 0)) return null
  return { bytes, plain: word >>> 31 === 1 }
}
