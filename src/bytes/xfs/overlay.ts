import type { ByteSource } from '../source.ts'

/** The unit in which the log and its items count: a basic block, whatever the device's sectors are (kernel fs/xfs/xfs_linux.h, BBSIZE). */
export const BB = 512

/** As many changed blocks are kept in memory: 256 MiB, far more than a log can hold of them. */
const MOST = 524_288

/** A device with changed blocks laid over it: what replaying a log leaves, in memory; the device below is only read. */
export class Overlay implements ByteSource {
  private readonly blocks = new Map<number, Uint8Array>()

  constructor(private readonly below: ByteSource) {}

  get size(): number {
    return this.below.size
  }

  /** Whether there is room for so many more bytes. */
  hasRoom(size: number): boolean {
    return this.blocks.size + size / BB < MOST
  }

  read(offset: number, target: Uint8Array): number {
    const done = this.below.read(offset, target)
    if (this.blocks.size === 0 || done === 0) return done
    const last = Math.floor((offset + done - 1) / BB)
    for (let index = Math.floor(offset / BB); index <= last; index++) {
      const block = this.blocks.get(index)
      if (!block) continue
      const from = Math.max(offset, index * BB)
      const to = Math.min(offset + done, (index + 1) * BB)
      target.set(block.subarray(from - index * BB, to - index * BB), from - offset)
    }
    return done
  }

  /** Lays bytes over the device. Whole blocks are kept as they are given: whoever gives them leaves them alone from then on. */
  write(offset: number, bytes: Uint8Array): void {
    const before = offset % BB
    if (before === 0 && bytes.length % BB === 0) {
      for (let at = 0; at < bytes.length; at += BB) this.blocks.set((offset + at) / BB, bytes.subarray(at, at + BB))
      return
    }
    const around = Buffer.alloc(Math.ceil((before + bytes.length) / BB) * BB)
    this.read(offset - before, around)
    around.set(bytes, before)
    this.write(offset - before, around)
  }

  /** Whether any block in between has been changed: then no checksum stored in it can fit. */
  changed(offset: number, size: number): boolean {
    if (this.blocks.size === 0) return false
    const last = Math.floor((offset + size - 1) / BB)
    for (let index = Math.floor(offset / BB); index <= last; index++) if (this.blocks.has(index)) return true
    return false
  }

  close(): void {
    this.blocks.clear()
    this.below.close()
  }
}
