import { Lzma } from './lzma.ts'

/**
 * An XZ data object's payload: one stream of one block (systemd v252 src/basic/compress.c, compress_blob_xz; the .xz file format 1.0.4).
 * The packages that unpack .xz do it asynchronously, which a reader of single objects cannot use.
 *
 *     fd '7zXZ' 00 ¦ flags (2) crc (4) ¦ header size / 4 - 1, flags, [sizes], filter 0x21, properties, padding, crc (4) ¦ LZMA2 chunks ¦ index, footer
 *
 * Index, footer and checks are left alone: the data object's own hash is checked over the text.
 */
export function unXz(bytes: Uint8Array, from: number, to: number, most: number): Uint8Array | null {
  const input = bytes.subarray(from, to)
  if (input.length < 24 || MAGIC.some((byte, index) => input[index] !== byte)) return null
  const chunks = 12 + ((input[12] ?? 0) + 1) * 4
  const size = textSize(input, chunks)
  if (size === null || size > most) return null
  const out = new Uint8Array(size)
  return unpack(input, chunks, out) ? out : null
}

const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]

/** One LZMA2 chunk's head: `00` ends; `01`, `02` plain; `80` and above packed, with new state, properties, dictionary in rising order. */
interface Chunk {
  control: number
  /** Of the text. */
  size: number
  /** Where what is packed begins, and how long it is. */
  body: number
  packed: number
}

function chunkAt(input: Uint8Array, at: number): Chunk | null {
  const control = input[at] ?? 0
  const word = (place: number) => ((input[at + place] ?? 0) << 8) | (input[at + place + 1] ?? 0)
  if (control === 1 || control === 2) return { control, size: word(1) + 1, body: at + 3, packed: word(1) + 1 }
  if (control < 0x80) return null
  const head = control >= 0xc0 ? 6 : 5
  return { control, size: ((control & 0x1f) << 16) + word(1) + 1, body: at + head, packed: word(3) + 1 }
}

/** How long the text will be, from the chunks' heads; null where they lead out of the input. */
function textSize(input: Uint8Array, from: number): number | null {
  let size = 0
  let at = from
  while (input[at] !== 0) {
    const chunk = chunkAt(input, at)
    if (!chunk || chunk.body + chunk.packed > input.length) return null
    size += chunk.size
    at = chunk.body + chunk.packed
  }
  return size
}

function unpack(input: Uint8Array, from: number, out: Uint8Array): boolean {
  const lzma = new Lzma(input, out)
  for (let chunk = chunkAt(input, from); chunk; chunk = chunkAt(input, chunk.body + chunk.packed)) {
    const { control, size, body, packed } = chunk
    if (control < 0x80) {
      out.set(input.subarray(body, body + packed), lzma.made)
      lzma.made += packed
      continue
    }
    if (control >= 0xc0 && !lzma.setProperties(input[body - 1] ?? 255)) return false
    if (control >= 0xa0) lzma.reset()
    if (!lzma.chunk(body, size)) return false
  }
  return lzma.made === out.length
}
