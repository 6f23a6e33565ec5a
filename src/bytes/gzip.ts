import { crc32 } from 'node:zlib'
import type { Problem } from '../problems/problem.ts'
import type { Chunks, Container } from './container.ts'
import { Inflate } from './inflate.ts'
import { Pull } from './pull.ts'

/**
 * gzip, member by member (RFC 1952). node:zlib's own gunzip loses the end of a whole member when something else follows it, and what
 * it had decoded when the file is cut; so the frame is walked here and only the deflate stream is left to zlib.
 *
 *     1f 8b 08 FLG MTIME(4) XFL OS [extra] [name\0] [comment\0] [crc16]  deflate…  CRC32(4) ISIZE(4)
 */
export const gzip: Container = {
  name: 'gzip',
  about: 'gzip, one member or several',
  sniff: head => head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8,
  unpack,
}

/** Compressed bytes handed to zlib at a time: what is lost of the text when one of them is damaged. */
const PIECE = 16 * 1024

async function* unpack(chunks: Chunks, tell: (problem: Problem) => void): Chunks {
  const input = new Pull(chunks)
  for (let member = 0; await input.want(1); member++) {
    if (member > 0 && !(await skipPadding(input))) return
    const start = input.offset
    if (!(await readHeader(input))) {
      tell({ message: await headless(input, member), offset: start })
      return
    }
    if (!(yield* inflateMember(input, tell, start))) return
  }
}

async function headless(input: Pull, member: number): Promise<string> {
  const magic = (await input.want(2)) && input.peek(2).equals(Buffer.from([0x1f, 0x8b]))
  if (magic || member === 0) return 'the gzip file is cut off in its header'
  return 'something that is no gzip follows the compressed text and was not read'
}

/** tar and tapes pad with zeros; that is no damage. */
async function skipPadding(input: Pull): Promise<boolean> {
  while (await input.want(1)) {
    if (input.peek(1)[0] !== 0) return true
    input.take(1)
  }
  return false
}

async function readHeader(input: Pull): Promise<boolean> {
  if (!(await input.want(10))) return false
  const fixed = input.peek(10)
  if (fixed[0] !== 0x1f || fixed[1] !== 0x8b || fixed[2] !== 8) return false
  const flags = fixed[3] ?? 0
  input.take(10)
  if (flags & 4) {
    if (!(await input.want(2))) return false
    const length = input.take(2).readUInt16LE()
    if (!(await input.want(length))) return false
    input.take(length)
  }
  for (const text of [8, 16]) if (flags & text && !(await skipText(input))) return false
  if (flags & 2) {
    if (!(await input.want(2))) return false
    input.take(2)
  }
  return true
}

async function skipText(input: Pull): Promise<boolean> {
  while (await input.want(1)) if (input.take(1)[0] === 0) return true
  return false
}

/** Unpacks one piece: zlib does it in a thread of its own, while the text of the piece before is looked at. */
async function step(input: Pull, inflate: Inflate): Promise<{ texts: Buffer[]; used: number }> {
  if (!(await input.want(1))) return { texts: [], used: 0 }
  const used = await inflate.feed(input.peek(PIECE))
  input.take(used)
  return { texts: inflate.texts(), used }
}

/** Delivers one member's text; false where nothing behind it can be read. */
async function* inflateMember(input: Pull, tell: (problem: Problem) => void, start: number): AsyncGenerator<Buffer, boolean> {
  const inflate = new Inflate()
  let sum = 0
  let size = 0
  let next = step(input, inflate)
  for (let over = false; !over; ) {
    const { texts, used } = await next
    over = inflate.ended || inflate.error !== null || used === 0
    if (!over) next = step(input, inflate)
    // What it throws is told when its turn comes, if that comes.
    next.catch(() => {})
    for (const text of texts) {
      sum = crc32(text, sum)
      size += text.length
      yield text
    }
  }
  if (inflate.error) {
    tell({ message: `the gzip file is damaged (${inflate.error}): what follows cannot be unpacked`, offset: input.offset })
    return false
  }
  inflate.close()
  if (!inflate.ended || !(await input.want(8))) {
    tell({ message: 'the gzip file is cut off: its text ends too early', offset: input.offset })
    return false
  }
  const trailer = input.take(8)
  const whole = trailer.readUInt32LE(0) === sum >>> 0 && trailer.readUInt32LE(4) === size % 2 ** 32
  if (!whole) tell({ message: 'the gzip file is damaged: its text does not fit its checksum', offset: start })
  return true
}
