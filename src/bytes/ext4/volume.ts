import type { Problem } from '../../problems/problem.ts'
import type { ByteSource } from '../source.ts'
import type { Changes } from './changes.ts'
import type { Superblock } from './superblock.ts'

/** Blocks that a journal holds newer than their place does. */
export interface Overlay {
  /** How many blocks it holds. */
  readonly size: number
  has(block: number): boolean
  /** Copies the newest sound copy into `target`; false where there is none. */
  read(block: number, target: Buffer): boolean
}

/** How many blocks of metadata are kept in memory, in bytes. */
const CACHE_BYTES = 4 << 20

/** The blocks of a file system, as they are once its journal is in place. */
export class Volume {
  overlay: Overlay | null = null
  /** What fast commits change. */
  changes: Changes | null = null
  private readonly cache = new Map<number, Buffer>()
  private readonly cacheBlocks: number

  constructor(
    readonly source: ByteSource,
    readonly superblock: Superblock,
    readonly tell: (problem: Problem) => void,
    /** The group whose copies of the descriptors count where the first ones say otherwise; null: the first ones are sound. */
    readonly copies: number | null = null,
  ) {
    this.cacheBlocks = Math.max(64, CACHE_BYTES / superblock.blockSize)
  }

  get blockSize(): number {
    return this.superblock.blockSize
  }

  /** A block of metadata. Do not write to it. Null where the file system has no such block. */
  block(number: number): Buffer | null {
    if (number >= this.superblock.blocks) return null
    const kept = this.cache.get(number)
    if (kept) {
      this.cache.delete(number)
      this.cache.set(number, kept)
      return kept
    }
    const bytes = Buffer.alloc(this.blockSize)
    this.read(number, 0, bytes)
    this.cache.set(number, bytes)
    if (this.cache.size > this.cacheBlocks) this.cache.delete(this.cache.keys().next().value ?? number)
    return bytes
  }

  /** Copies bytes from `offset` in a block on, over the blocks that follow it, into `target`. What the image lacks is zeros, and told. */
  read(number: number, offset: number, target: Buffer): void {
    if (!this.overlay || this.overlay.size === 0) {
      this.stored(number, offset, target)
      return
    }
    const size = this.blockSize
    let done = 0
    while (done < target.length) {
      const at = offset + done
      const block = number + Math.floor(at / size)
      const inside = at % size
      if (this.overlay.has(block)) {
        const count = Math.min(size - inside, target.length - done)
        this.newer(block, inside, target.subarray(done, done + count))
        done += count
        continue
      }
      let end = done + size - inside
      for (let next = block + 1; end < target.length && !this.overlay.has(next); next++) end += size
      end = Math.min(end, target.length)
      this.stored(block, inside, target.subarray(done, end))
      done = end
    }
  }

  /** Forgets what was read: the journal has changed what the blocks are. */
  forget(): void {
    this.cache.clear()
  }

  private newer(block: number, inside: number, target: Buffer): void {
    const whole = Buffer.alloc(this.blockSize)
    if (this.overlay?.read(block, whole)) whole.copy(target, 0, inside, inside + target.length)
    else this.stored(block, inside, target)
  }

  private stored(block: number, inside: number, target: Buffer): void {
    const from = block * this.blockSize + inside
    const got = this.source.read(from, target)
    if (got === target.length) return
    target.fill(0, got)
    this.tell({
      message: `the image ends before block ${block + Math.floor((inside + got) / this.blockSize)} of its ext4 file system`,
      offset: from + got,
    })
  }
}
