import { execFileSync } from 'node:child_process'
import lz4js from 'lz4js'

/** `flags` of a DATA object and of the header, by method (systemd v252 journal-def.h). */
const FLAGS = { xz: 1, lz4: 2 }
const HEAD = 64
const LEAST = 512

/**
 * A regular, unpacked journal with its long data packed in place, as systemd before 246 wrote them: what is packed is shorter, and the rest
 * of its object becomes an object of type 0.
 */
export function packed(journal: Buffer, method: 'xz' | 'lz4'): { bytes: Buffer; count: number } {
  const bytes = Buffer.from(journal)
  bytes.writeUInt32LE(bytes.readUInt32LE(12) | FLAGS[method], 12)
  let count = 0
  for (let at = Number(bytes.readBigUInt64LE(88)); at + 16 <= bytes.length; ) {
    const size = Number(bytes.readBigUInt64LE(at + 8))
    if (size < 16) break
    if (bytes[at] === 1 && size - HEAD >= LEAST) {
      const payload = Buffer.from(bytes.subarray(at + HEAD, at + size))
      const short = method === 'xz' ? xz(payload) : lz4(payload)
      const end = HEAD + short.length
      if (short.length > 0 && Math.ceil(size / 8) * 8 - Math.ceil(end / 8) * 8 >= 16) {
        bytes.fill(0, at + HEAD, at + size)
        short.copy(bytes, at + HEAD)
        bytes[at + 1] = FLAGS[method]
        bytes.writeBigUInt64LE(BigInt(end), at + 8)
        count++
      }
    }
    at += Math.ceil(size / 8) * 8
  }
  return { bytes, count }
}

function xz(text: Buffer): Buffer {
  return execFileSync('xz', ['--check=none', '-c'], { input: text })
}

function lz4(text: Buffer): Buffer {
  const block = new Uint8Array(lz4js.compressBound(text.length))
  const length = lz4js.compressBlock(text, block, 0, text.length, new Uint32Array(1 << 16))
  const size = Buffer.alloc(8)
  size.writeUInt32LE(text.length)
  return length === 0 ? Buffer.alloc(0) : Buffer.concat([size, block.subarray(0, length)])
}
