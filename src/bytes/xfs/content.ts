import type { ByteSource } from '../source.ts'
import type { Inode } from './inode.ts'
import { Mapping } from './mapping.ts'
import type { Volume } from './volume.ts'

/** A file's bytes. Holes and space that was only reserved are zeros; so is what cannot be reached, which is told. */
export function contentOf(volume: Volume, inode: Inode): ByteSource {
  const mapping = new Mapping(volume, inode)
  const size = sizeOf(volume, inode, mapping)
  return {
    size,
    read: (offset, target) => {
      const wanted = Math.max(0, Math.min(target.length, size - offset))
      for (let done = 0; done < wanted; ) done += piece(volume, inode, mapping, offset + done, target.subarray(done, wanted))
      return wanted
    },
    close: () => {},
  }
}

/** A damaged inode may say any size: one that no image can hold ends where its last block does. */
function sizeOf({ superblock, tell }: Volume, inode: Inode, mapping: Mapping): number {
  if (inode.size <= superblock.blocks * superblock.blockSize) return inode.size
  const mapped = Math.min(inode.size, mapping.end() * superblock.blockSize)
  if (mapped < inode.size)
    tell({
      message: `inode ${inode.number} is said to have ${inode.size} bytes, more than its disk: only ${mapped} of them lie anywhere`,
    })
  return Math.min(mapped, Number.MAX_SAFE_INTEGER)
}

/** Reads as much of the target as one run holds; returns how much. */
function piece(volume: Volume, inode: Inode, mapping: Mapping, offset: number, target: Uint8Array): number {
  const { blockSize } = volume.superblock
  const run = mapping.find(Math.floor(offset / blockSize))
  const into = offset - run.start * blockSize
  const count = Math.min(target.length, run.count * blockSize - into)
  const part = target.subarray(0, count)
  if (run.place === null) {
    part.fill(0)
    if (run.lost)
      volume.tell({ message: `inode ${inode.number}: a part of its data cannot be reached; zeros stand in its place` })
    return count
  }
  const done = volume.device.read(run.place + into, part)
  if (done < count) {
    part.fill(0, done)
    const message = `inode ${inode.number}: its data lie partly behind the end of the image; zeros stand in their place`
    volume.tell({ message, offset: run.place + into + done })
  }
  return count
}
