import { type ByteSource, memorySource } from '../source.ts'
import { mappedRun } from './blockmap.ts'
import { extentRun } from './extents.ts'
import { inlineData } from './inline.ts'
import { FLAG, type Inode } from './inode.ts'
import type { Run } from './run.ts'
import type { Volume } from './volume.ts'

/** Block numbers within a file are 32 bits wide. */
const MOST_BLOCKS = 2 ** 32

/** Where a file's block lies, and how many after it lie the same way. */
function runAt(volume: Volume, inode: Inode, logical: number): Run {
  const stored = (): Run =>
    (inode.flags & FLAG.extents) !== 0 ? extentRun(volume, inode, logical) : mappedRun(volume, inode, logical)
  if (!volume.changes) return stored()
  const run = volume.changes.run(inode.number, logical, stored)
  if (run.physical + Math.min(run.count, MOST_BLOCKS) <= volume.superblock.blocks || run.physical === 0) return run
  volume.tell({ message: `inode ${inode.number}: a fast commit leads past the last block` })
  return { physical: 0, count: run.count }
}

/** The bytes of a file, a directory or a link. */
export function contentOf(volume: Volume, inode: Inode): ByteSource {
  if ((inode.flags & FLAG.inline) !== 0) return memorySource(inlineData(volume, inode))
  const size = sizeOf(volume, inode)
  const blockSize = volume.blockSize
  let from = 0
  let run: Run = { physical: 0, count: 0 }
  return {
    size,
    read: (offset, target) => {
      const whole = Math.max(0, Math.min(target.length, size - offset))
      let done = 0
      while (done < whole) {
        const logical = Math.floor((offset + done) / blockSize)
        if (logical < from || logical >= from + run.count) {
          from = logical
          run = runAt(volume, inode, logical)
        }
        const inside = offset + done - from * blockSize
        const count = Math.min(whole - done, run.count * blockSize - inside)
        const part = Buffer.from(target.buffer, target.byteOffset + done, count)
        if (run.physical === 0) part.fill(0)
        else volume.read(run.physical, inside, part)
        done += count
      }
      return whole
    },
    close: () => {},
  }
}

/** Runs of a file that are in use, in order; holes are passed over at once, however large. */
export function* runsOf(volume: Volume, inode: Inode, blocks: number): Generator<Run & { logical: number }> {
  const end = Math.min(blocks, MOST_BLOCKS)
  for (let logical = 0; logical < end; ) {
    const run = runAt(volume, inode, logical)
    const count = Math.min(run.count, end - logical)
    if (run.physical !== 0) yield { logical, physical: run.physical, count }
    logical += count
  }
}

/** A size that the disk has no room for is cut where the file's last block ends: the rest would be zeros that nobody wrote. */
export function sizeOf(volume: Volume, inode: Inode): number {
  if (inode.size <= volume.superblock.blocks * volume.blockSize) return inode.size
  let end = 0
  for (const run of runsOf(volume, inode, Math.ceil(inode.size / volume.blockSize))) end = run.logical + run.count
  const size = Math.min(inode.size, end * volume.blockSize)
  volume.tell({
    message: `inode ${inode.number} says it has ${inode.size} bytes, more than its file system: only the ${size} that have a place were read`,
  })
  return size
}
