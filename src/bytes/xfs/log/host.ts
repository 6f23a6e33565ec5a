/**
 * What log items hold in the byte order of the machine that wrote them ("host order"), unlike everything else in XFS.
 * Items are read with the order that their record's header names.
 */
export interface HostOrder {
  little: boolean
  u16(bytes: Buffer, at: number): number
  u32(bytes: Buffer, at: number): number
  /** Exact up to 2^53. */
  u64(bytes: Buffer, at: number): number
}

const LITTLE: HostOrder = {
  little: true,
  u16: (bytes, at) => bytes.readUInt16LE(at),
  u32: (bytes, at) => bytes.readUInt32LE(at),
  u64: (bytes, at) => bytes.readUInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at),
}

const BIG: HostOrder = {
  little: false,
  u16: (bytes, at) => bytes.readUInt16BE(at),
  u32: (bytes, at) => bytes.readUInt32BE(at),
  u64: (bytes, at) => bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4),
}

export function hostOrder(little: boolean): HostOrder {
  return little ? LITTLE : BIG
}
