import type { Problem } from '../../problems/problem.ts'
import type { Free } from '../free.ts'
import { laidOver } from '../laid-over.ts'
import type { ByteSource } from '../source.ts'
import type { Tree } from '../tree.ts'
import { findCopy } from './copies.ts'
import { once } from './damage.ts'
import { freeOf } from './free.ts'
import { type Replay, replayLog } from './log/replay.ts'
import { Overlay } from './overlay.ts'
import { isProven, MAGIC, readSuperblock } from './superblock.ts'
import { Files } from './tree.ts'
import { readAt } from './volume.ts'

export interface XfsFileSystem {
  tree: Tree
  /** As fstab and /dev/disk/by-uuid write it. */
  uuid: string
  /** The label given when it was made; '' where it has none. */
  label: string
  /** What became of its log. */
  replay: Replay
  blockSize: number
  /** What it has given to nobody. */
  free(): Iterable<Free>
}

/** Whether an XFS file system begins where these bytes do. */
export function sniffXfs(source: ByteSource): boolean {
  return readAt(source, 0, 4)?.readUInt32BE(0) === MAGIC
}

/** Whether there was one here, whose superblock is gone. */
export function wasXfs(source: ByteSource): boolean {
  return findCopy(source) !== null
}

/**
 * An XFS file system as its own kernel would show it after recovery: the log is replayed in memory, the device only read. `label` is what
 * the user gave, for messages. Null, with the reason told, where it cannot be read. Closing the tree closes the source.
 */
export function openXfs(source: ByteSource, label: string, tell: (problem: Problem) => void): XfsFileSystem | null {
  const say = once(tell)
  const untold: Problem[] = []
  const before = readSuperblock(source, false, problem => untold.push(problem))
  const copy = (untold.length > 0 || !before) && !isProven(source) ? findCopy(source) : null
  if (copy) {
    const why = before ? 'does not fit its checksum' : 'cannot be read'
    say({
      message: `the superblock of the XFS file system ${why}: its copy at offset ${copy.at} of the volume was read instead`,
      offset: 0,
    })
    return openXfs(laidOver(source, 0, copy.bytes), label, say)
  }
  for (const problem of untold) say(problem)
  if (!before) return null
  const device = new Overlay(source)
  const replay = replayLog(device, source, before, say)
  // A file system that was grown just before the crash is larger than its superblock on the disk says.
  const superblock = device.changed(0, 512) ? readSuperblock(device, true, say) : before
  if (!superblock) return null
  if (superblock.blocks * superblock.blockSize > source.size) tellShort(source, superblock.blocks * superblock.blockSize, say)
  const volume = { device, superblock, remaps: replay.remaps, tell: say }
  const { uuid, blockSize } = superblock
  return { tree: new Files(label, volume), uuid, label: superblock.label, replay, blockSize, free: () => freeOf(volume) }
}

function tellShort(source: ByteSource, size: number, tell: (problem: Problem) => void): void {
  const message = `the image ends after ${source.size} of the file system's ${size} bytes: files that lie behind it cannot be read`
  tell({ message, offset: source.size })
}
