import { constants, inflateRawSync } from 'node:zlib'
import { decompress } from 'fzstd'
import type { ByteSource } from '../source.ts'
import type { Qcow2Header } from './qcow2-header.ts'
import { frameEnd } from './zstd-frame.ts'

/**
 * A compressed cluster's entry (QEMU docs/interop/qcow2.txt, "Compressed Clusters Descriptor"): with x = 62 - (log2(cluster) - 8), bits 0 to
 * x-1 are its place, those from x to 61 how many sectors of 512 bytes it goes on after the one it begins in.
 */
export function unpackCluster(image: ByteSource, header: Qcow2Header, table: Buffer, at: number): Buffer | string {
  const x = 62 - (header.clusterBits - 8)
  const high = table.readUInt32BE(at) & 0x3fffffff
  const place = (high & (2 ** (x - 32) - 1)) * 2 ** 32 + table.readUInt32BE(at + 4)
  const sectors = (high >>> (x - 32)) + 1
  if (place >= image.size) return 'lies past its end'
  const bytes = Buffer.alloc(sectors * 512 - (place % 512))
  const packed = bytes.subarray(0, image.read(place, bytes))
  try {
    const cluster = header.compression === 'zstd' ? unzstd(packed, header.clusterSize) : inflate(packed, header.clusterSize)
    return cluster.length === header.clusterSize ? cluster : 'ends too early'
  } catch {
    return 'is damaged'
  }
}

function inflate(packed: Buffer, size: number): Buffer {
  return inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: size })
}

/** What follows the frame in its last sector is none of it. */
function unzstd(packed: Buffer, size: number): Buffer {
  const end = frameEnd(packed)
  return end === null ? Buffer.alloc(0) : Buffer.from(decompress(packed.subarray(0, end), new Uint8Array(size)))
}
