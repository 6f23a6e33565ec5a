/** Writes log records into an XFS image in memory, as the kernel would (xfs_log_format.h), whole or damaged. */
import { crc32c } from '../../../src/bytes/crc32c.ts'

export const BB = 512

export interface Geometry {
  /** Where the log begins in the image, and how many basic blocks it has. */
  at: number
  blocks: number
  uuid: Buffer
  blockSize: number
  v5: boolean
}

function geometryOf(image: Buffer): Geometry {
  const blockSize = image.readUInt32BE(4)
  const log = Number(image.readBigUInt64BE(48))
  const bits = image.readUInt8(124)
  const linear = Math.floor(log / 2 ** bits) * image.readUInt32BE(84) + (log % 2 ** bits)
  return {
    at: linear * blockSize,
    blocks: (image.readUInt32BE(96) * blockSize) / BB,
    uuid: Buffer.from(image.subarray(32, 48)),
    blockSize,
    v5: (image.readUInt16BE(100) & 15) === 5,
  }
}

export interface Operation {
  tid: number
  flags: number
  data: Buffer
}

export const START = 1
export const COMMIT = 2
export const CONTINUE = 4
export const WAS_CONTINUED = 8
export const END = 16
export const UNMOUNT = 32

/** A transaction's operations: its start, its header, every region of its items, its commit. */
export function transaction(tid: number, items: readonly (readonly Buffer[])[], little = true): Operation[] {
  const header = Buffer.alloc(16)
  for (const [at, value] of [0x5452414e, 40, tid, items.length].entries())
    little ? header.writeUInt32LE(value, at * 4) : header.writeUInt32BE(value, at * 4)
  const plain = [header, ...items.flat()].map(data => ({ tid, flags: 0, data }))
  return [{ tid, flags: START, data: Buffer.alloc(0) }, ...plain, { tid, flags: COMMIT, data: Buffer.alloc(0) }]
}

export interface RecordOptions {
  /** Without a sum, as mkfs and old kernels write them. */
  summed?: boolean
  little?: boolean
  /** Bytes of the log buffer: above 32 KiB records have several headers. */
  size?: number
  tail?: { cycle: number; block: number }
}

/** Writes records one behind the other round the ring, from a place and a cycle on. */
export class Logbook {
  readonly geometry: Geometry
  /** Where each record began. */
  readonly records: number[] = []
  readonly tail: { cycle: number; block: number }

  constructor(
    private readonly image: Buffer,
    private block = 0,
    private cycle = 1,
  ) {
    this.geometry = geometryOf(image)
    this.tail = { cycle, block }
    this.fill(block, cycle)
  }

  /** What was written in the round before lies behind the place of writing, and in front of it what this round wrote already. */
  private fill(block: number, cycle: number): void {
    const { at, blocks } = this.geometry
    this.image.fill(0, at, at + blocks * BB)
    for (let index = 0; index < blocks; index++) this.image.writeUInt32BE(index < block ? cycle : cycle - 1, at + index * BB)
  }

  record(
    operations: readonly Operation[],
    { summed = true, little = true, size = 32768, tail = this.tail }: RecordOptions = {},
  ): this {
    const { at, blocks, uuid } = this.geometry
    const payload = packed(operations)
    const headers = Math.max(1, Math.ceil(size / 32768))
    const bytes = Buffer.concat([Buffer.alloc(headers * BB), payload])
    const words: [number, number][] = [
      [0, 0xfeedbabe],
      [4, this.cycle],
      [8, 2],
      [12, payload.length],
      [16, this.cycle],
      [20, this.block],
      [24, tail.cycle],
      [28, tail.block],
      [40, operations.length],
      [300, little ? 1 : 2],
      [320, size],
    ]
    for (const [place, value] of words) bytes.writeUInt32BE(value, place)
    uuid.copy(bytes, 304)
    for (let index = 0; index * BB < payload.length && index < headers * 64; index++) {
      const header = Math.floor(index / 64) * BB
      bytes.copy(
        bytes,
        header === 0 ? 44 + index * 4 : header + 4 + (index % 64) * 4,
        headers * BB + index * BB,
        headers * BB + index * BB + 4,
      )
    }
    for (let index = 1; index * BB < bytes.length; index++) bytes.writeUInt32BE(this.cycleOf(index), index * BB)
    if (summed) bytes.writeUInt32LE(sumOf(bytes, headers, payload.length), 32)
    this.records.push(this.block)
    for (let index = 0; index * BB < bytes.length; index++)
      bytes.copy(this.image, at + ((this.block + index) % blocks) * BB, index * BB, (index + 1) * BB)
    if (this.block + bytes.length / BB >= blocks) this.cycle++
    this.block = (this.block + bytes.length / BB) % blocks
    return this
  }

  /** The place of a record's byte in the image. */
  place(record: number, byte: number): number {
    const { at, blocks } = this.geometry
    const block = ((this.records[record] ?? 0) + Math.floor(byte / BB)) % blocks
    return at + block * BB + (byte % BB)
  }

  private cycleOf(index: number): number {
    return this.block + index < this.geometry.blocks ? this.cycle : this.cycle + 1
  }
}

function packed(operations: readonly Operation[]): Buffer {
  const parts = operations.flatMap(({ tid, flags, data }) => {
    const header = Buffer.alloc(12)
    header.writeUInt32BE(tid, 0)
    header.writeUInt32BE(data.length, 4)
    header.writeUInt8(flags & UNMOUNT ? 0xaa : 0x69, 8)
    header.writeUInt8(flags, 9)
    return [header, data]
  })
  const bytes = Buffer.concat(parts)
  return Buffer.concat([bytes, Buffer.alloc((BB - (bytes.length % BB)) % BB)])
}

function sumOf(bytes: Buffer, headers: number, length: number): number {
  let sum = crc32c(0xffffffff, bytes.subarray(0, 328))
  for (let index = 1; index < Math.ceil(length / 32768); index++) sum = crc32c(sum, bytes.subarray(index * BB, index * BB + 260))
  return ~crc32c(sum, bytes.subarray(headers * BB, headers * BB + length)) >>> 0
}
