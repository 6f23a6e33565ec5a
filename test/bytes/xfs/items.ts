/** Items of a log, as a kernel writes them: in the byte order of its machine. */

export class Host {
  constructor(readonly little = true) {}

  /** Numbers one behind the other: [width in bytes, value]. */
  pack(...fields: readonly (readonly [1 | 2 | 4 | 8, number])[]): Buffer {
    return Buffer.concat(
      fields.map(([width, value]) => {
        const bytes = Buffer.alloc(8)
        bytes.writeBigUInt64BE(BigInt(value))
        const part = bytes.subarray(8 - width)
        return Buffer.from(this.little ? part.reverse() : part)
      }),
    )
  }

  /** A buffer item: `bytes` from `chunk` × 128 on, into the buffer of `count` basic blocks at basic block `place`. */
  buffer(place: number, count: number, chunk: number, bytes: Buffer, flags = 0): Buffer[] {
    const words = Math.ceil((count * 512) / 128 / 32)
    const map = Array.from({ length: words }, () => 0)
    for (let bit = chunk; bit < chunk + bytes.length / 128; bit++)
      map[bit >>> 5] = ((map[bit >>> 5] ?? 0) | (1 << (bit & 31))) >>> 0
    const format = this.pack(
      [2, 0x123c],
      [2, bytes.length === 0 ? 1 : 2],
      [2, flags],
      [2, count],
      [8, place],
      [4, words],
      ...map.map(word => [4, word] as const),
    )
    return bytes.length === 0 ? [format] : [format, bytes]
  }

  /** An inode item: the core of `inode` as it lies on the disk turned to host order, and forks. */
  inode(
    number: number,
    place: number,
    within: number,
    core: Buffer,
    fields: number,
    forks: readonly Buffer[] = [],
    packed = false,
  ): Buffer[] {
    const format = this.pack(
      [2, 0x123b],
      [2, 2 + forks.length],
      [4, fields],
      [2, 0],
      [2, forks[0]?.length ?? 0],
      ...(packed ? [] : [[4, 0] as const]),
      [8, number],
      [8, 0],
      [8, 0],
      [8, place],
      [4, 32],
      [4, within],
    )
    return [format, this.core(core), ...forks]
  }

  /** Turns every number of an inode's core (struct xfs_dinode) into host order. */
  core(disk: Buffer): Buffer {
    const bytes = Buffer.from(disk)
    if (!this.little) return bytes
    const wide = [24, 32, 40, 48, 56, 64, 104, 112, 120, 144, 152]
    const half = [8, 12, 16, 72, 76, 84, 92, 96, 100, 128]
    const narrow = [0, 2, 6, 20, 22, 80, 88, 90]
    const turn = (at: number, width: number): unknown => at + width <= bytes.length && bytes.subarray(at, at + width).reverse()
    const bigtime = bytes.length > 128 && (bytes.readUInt32BE(124) & 8) !== 0
    const times = bytes.length > 100 ? [32, 40, 48, 144] : [32, 40, 48]
    for (const at of narrow) turn(at, 2)
    for (const at of half) turn(at, 4)
    for (const at of wide) {
      if (bytes.length <= 100 && at === 24) turn(30, 2)
      else if (times.includes(at) && !bigtime) for (const part of [at, at + 4]) turn(part, 4)
      else turn(at, 8)
    }
    return bytes
  }

  /** An intent or its done item: its id, and what follows it. */
  intent(type: number, id: number, ...rest: readonly (readonly [1 | 2 | 4 | 8, number])[]): Buffer[] {
    return [this.pack([2, type], [2, 1], [4, 1], [8, id], ...rest)]
  }
}
