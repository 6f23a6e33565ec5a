import { u64be } from '../number64.ts'
import { sumFits } from './checksum.ts'
import { LAST, RECORD, type Run, unpackExtents } from './extents.ts'
import type { Inode } from './inode.ts'
import { blockPlace, readAt, type Volume } from './volume.ts'

/** What is known of the file blocks [from, to): the runs of one leaf, in order. */
interface Leaf {
  from: number
  to: number
  runs: readonly Run[]
}

/** A block's or a root's children, by the first file block that each covers. */
interface Node {
  level: number
  keys: number[]
  children: number[]
}

const MAGIC_V4 = 0x424d4150 // 'BMAP'
const MAGIC_V5 = 0x424d4133 // 'BMA3'
/** No tree of 2^48 records is higher (kernel fs/xfs/libxfs/xfs_btree.h, XFS_BTREE_MAXLEVELS). */
const HIGHEST = 9

/**
 * Where a file's blocks lie: asked block by block, so that only the parts of the tree that lead there are read.
 *
 * The levels below a root go down by one a step and are checked, so a tree that points at itself ends as damage.
 */
export class Mapping {
  private leaf: Leaf | null = null
  private readonly owner: string
  private readonly remaps: readonly Run[]

  constructor(
    private readonly volume: Volume,
    private readonly inode: Inode,
  ) {
    this.owner = `inode ${inode.number}`
    this.remaps = volume.remaps.get(inode.number) ?? []
  }

  /** The run that holds a block, or the hole around it. */
  find(block: number): Run {
    if (!this.leaf || block < this.leaf.from || block >= this.leaf.to) this.leaf = this.load(block)
    const found = search(this.leaf, block)
    return this.remaps.reduce((run, remap) => laidOver(run, remap, block, this.volume.superblock.blockSize), found)
  }

  /** Behind the last block that lies anywhere. */
  end(): number {
    const leaf = this.load(LAST - 1)
    const last = leaf.runs.at(-1)
    return Math.max(last ? last.start + last.count : leaf.from, ...this.remaps.map(({ start, count }) => start + count))
  }

  private load(block: number): Leaf {
    const { volume, inode } = this
    if (inode.realtime) {
      this.tell('has its data on the realtime device, which is no part of the image')
      return lost(0, LAST)
    }
    if (inode.format === 'btree') return this.descend(block)
    if (inode.format !== 'extents') return { from: 0, to: LAST, runs: [] }
    const fitting = Math.floor(inode.fork.length / RECORD)
    if (inode.extents > fitting) this.tell(`is said to have ${inode.extents} extents, of which only ${fitting} have room in it`)
    return { from: 0, to: LAST, runs: unpackExtents(volume, inode.fork, 0, Math.min(inode.extents, fitting), this.owner) }
  }

  /** From the root in the inode down to the leaf that covers a block. */
  private descend(block: number): Leaf {
    let node = rootOf(this.inode.fork)
    if (!node) {
      this.tell('has a damaged root of its extents')
      return lost(0, LAST)
    }
    for (let from = 0, to = LAST; ; ) {
      const index = node.keys.findLastIndex(key => key <= block)
      const next: number = node.keys[index + 1] ?? to
      const child = node.children[index]
      if (child === undefined) return { from, to: Math.min(next, to), runs: [] }
      from = Math.max(from, node.keys[index] ?? 0)
      to = Math.min(to, next)
      const bytes = this.block(child, node.level - 1)
      if (!bytes) return lost(from, to)
      if (node.level === 1)
        return { from, to, runs: unpackExtents(this.volume, bytes, this.header, bytes.readUInt16BE(6), this.owner) }
      node = nodeOf(bytes, this.header)
    }
  }

  private get header(): number {
    return this.volume.superblock.version === 5 ? 72 : 24
  }

  /**
   * A block of the tree (xfs_format.h, struct xfs_btree_block, long form), where it is what it should be:
   *
   *     0 magic  4 level(2) numrecs(2)  8 left(8) right(8)  24 blkno(8) lsn(8) uuid(16) owner(8)  64 crc        from 24 on: v5 only
   */
  private block(number: number, level: number): Buffer | null {
    const { device, superblock } = this.volume
    const place = blockPlace(superblock, number)
    const bytes = place === null ? null : readAt(device, place, superblock.blockSize)
    if (place === null || !bytes) return this.tell(`has extents in block ${number}, which the image does not hold`)
    const v5 = superblock.version === 5
    const fitting = Math.floor((superblock.blockSize - this.header) / RECORD)
    if (
      bytes.readUInt32BE(0) !== (v5 ? MAGIC_V5 : MAGIC_V4) ||
      bytes.readUInt16BE(4) !== level ||
      bytes.readUInt16BE(6) > fitting
    )
      return this.tell(`has extents in a block that holds something else`, place)
    if (v5 && !device.changed(place, bytes.length) && !sumFits(bytes, 64))
      this.tell('has extents in a block that does not fit its checksum; it was read all the same', place)
    return bytes
  }

  private tell(what: string, offset?: number): null {
    this.volume.tell({ message: `${this.owner} ${what}`, ...(offset === undefined ? {} : { offset }) })
    return null
  }
}

function lost(from: number, to: number): Leaf {
  return { from, to, runs: [{ start: from, count: to - from, place: null, lost: true }] }
}

/** What is left of the run around a block when another is laid over it; or that other. */
function laidOver(run: Run, remap: Run, block: number, blockSize: number): Run {
  const end = remap.start + remap.count
  if (block >= remap.start && block < end) return remap
  if (remap.start > block) return { ...run, count: Math.min(run.count, remap.start - run.start) }
  const cut = Math.max(0, end - run.start)
  return {
    ...run,
    start: run.start + cut,
    count: run.count - cut,
    place: run.place === null ? null : run.place + cut * blockSize,
  }
}

function search({ from, to, runs }: Leaf, block: number): Run {
  let low = 0
  let high = runs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((runs[middle]?.start ?? 0) <= block) low = middle + 1
    else high = middle
  }
  const before = runs[low - 1]
  if (before && block < before.start + before.count) return before
  const start = before ? before.start + before.count : Math.min(from, block)
  return { start, count: Math.max(runs[low]?.start ?? to, block + 1) - start, place: null, lost: false }
}

/** The root in an inode (struct xfs_bmdr_block): level(2) numrecs(2), room for as many keys as fit, then for as many children. */
function rootOf(fork: Buffer): Node | null {
  if (fork.length < 4) return null
  const level = fork.readUInt16BE(0)
  const fitting = Math.floor((fork.length - 4) / RECORD)
  if (level < 1 || level > HIGHEST || fork.readUInt16BE(2) > fitting) return null
  return childrenOf(fork, level, fork.readUInt16BE(2), 4, fitting)
}

function nodeOf(bytes: Buffer, header: number): Node {
  return childrenOf(bytes, bytes.readUInt16BE(4), bytes.readUInt16BE(6), header, Math.floor((bytes.length - header) / RECORD))
}

function childrenOf(bytes: Buffer, level: number, count: number, at: number, fitting: number): Node {
  const keys = Array.from({ length: count }, (_, index) => u64be(bytes, at + index * 8))
  const children = Array.from({ length: count }, (_, index) => u64be(bytes, at + fitting * 8 + index * 8))
  return { level, keys, children }
}
