import { execFileSync } from 'node:child_process'

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

/** The one block of a frame: behind magic, descriptor (3) and its own size (4); empty where the tool left the text as it is. */
function lz4(text: Buffer): Buffer {
  const frame = execFileSync('lz4', ['-c', '-B7', '--no-frame-crc'], { input: text })
  const length = frame.readUInt32LE(7)
  if (length >= 0x80000000) return Buffer.alloc(0)
  const size = Buffer.alloc(8)
  size.writeUInt32LE(text.length)
  return Buffer.concat([size, frame.subarray(11, 11 + length)])
}
