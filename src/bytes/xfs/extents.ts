import { blockPlace, type Volume } from './volume.ts'

/** File blocks that lie side by side, or that lie nowhere. */
export interface Run {
  /** Its first block in the file. */
  start: number
  count: number
  /** Where it lies on the device, in bytes; null: there are no bytes, it reads as zeros. */
  place: number | null
  /** It should have bytes, but they cannot be reached. */
  lost: boolean
}

export const RECORD = 16

/** File blocks are counted in 54 bits; no file has more. */
export const LAST = 2 ** 54

/**
 * Extent records (XFS Algorithms & Data Structures, "Extent List"; xfs_format.h, "Bmap btree record"), 128 bits each:
 *
 *     │1 unwritten│54 first block in the file│52 first block on the device│21 how many│
 *      ─── w0 ───┴──── w1 (its low 9 bits belong to the next) ───┴─ w2 ─┴─── w3 ───
 *
 * Records that contradict what came before are told and left out: what they would map reads as lost.
 */
export function unpackExtents(volume: Volume, bytes: Buffer, from: number, count: number, owner: string): Run[] {
  const runs: Run[] = []
  let end = 0
  for (let at = from; at < from + count * RECORD; at += RECORD) {
    const run = unpack(volume, bytes, at)
    if (run.count === 0 || run.start < end) {
      volume.tell({ message: `${owner}: the extents are not in order; one of them, for block ${run.start}, was left out` })
      continue
    }
    if (run.lost)
      volume.tell({
        message: `${owner}: ${run.count} blocks from block ${run.start} on are said to lie outside of the file system`,
      })
    runs.push(run)
    end = run.start + run.count
  }
  return runs
}

function unpack({ superblock }: Volume, bytes: Buffer, at: number): Run {
  const w0 = bytes.readUInt32BE(at)
  const w1 = bytes.readUInt32BE(at + 4)
  const w3 = bytes.readUInt32BE(at + 12)
  const count = w3 & 0x1fffff
  const start = (w0 & 0x7fffffff) * 2 ** 23 + (w1 >>> 9)
  if (w0 >>> 31 === 1) return { start, count, place: null, lost: false }
  const block = (w1 & 0x1ff) * 2 ** 43 + bytes.readUInt32BE(at + 8) * 2 ** 11 + (w3 >>> 21)
  const place = blockPlace(superblock, block, count)
  return { start, count, place, lost: place === null }
}
