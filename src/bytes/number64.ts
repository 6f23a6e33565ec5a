/**
 * 64-bit numbers as they lie on disks, as doubles: exact up to 2^53, which is 8 PiB. What is larger is no place on any disk here, and stays
 * larger than every size that it is compared with.
 */
export function u64le(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32
}

export function u64be(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4)
}
