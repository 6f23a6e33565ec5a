import { crc32c } from '../crc32c.ts'

const NOTHING = new Uint8Array(4)

/**
 * Whether a block's sum fits: CRC-32C over all of it, its own four bytes taken as zero, inverted, little-endian in a format that is
 * big-endian everywhere else (kernel fs/xfs/libxfs/xfs_cksum.h).
 */
export function sumFits(block: Buffer, at: number): boolean {
  return block.readUInt32LE(at) === sumOf(block, at)
}

/** As it is to be written there. */
export function sumOf(block: Uint8Array, at: number): number {
  const front = crc32c(0xffffffff, block.subarray(0, at))
  return ~crc32c(crc32c(front, NOTHING), block.subarray(at + 4)) >>> 0
}
