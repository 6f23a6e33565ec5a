import type { Problem } from '../../problems/problem.ts'
import type { ByteSource } from '../source.ts'
import type { Run } from './extents.ts'
import type { Overlay } from './overlay.ts'
import type { Superblock } from './superblock.ts'

/** A file system whose log has been replayed: what all readers of its structures share. */
export interface Volume {
  /** The device as it would be after recovery. */
  device: Overlay
  superblock: Superblock
  /** By inode: blocks that recovery maps otherwise than its extents say. */
  remaps: ReadonlyMap<number, readonly Run[]>
  tell(problem: Problem): void
}

/**
 * Where a file system block lies on the device, in bytes; null where it lies on none.
 *
 *     block number   │ group │ block in the group (groupBlockLog bits) │
 */
export function blockPlace(superblock: Superblock, block: number, count = 1): number | null {
  const span = 2 ** superblock.groupBlockLog
  const group = Math.floor(block / span)
  const within = block - group * span
  if (within + count > superblock.groupBlocks) return null
  const linear = group * superblock.groupBlocks + within
  return linear + count <= superblock.blocks ? linear * superblock.blockSize : null
}

/**
 * Where an inode lies on the device, in bytes; null where its number names no place.
 *
 *     inode number   │ group │ block in the group │ inode in the block (inodesPerBlockLog bits) │
 */
export function inodePlace(superblock: Superblock, inode: number): number | null {
  const perBlock = 2 ** superblock.inodesPerBlockLog
  if (!Number.isSafeInteger(inode) || inode <= 0) return null
  const block = Math.floor(inode / perBlock)
  const place = blockPlace(superblock, block)
  return place === null ? null : place + (inode - block * perBlock) * superblock.inodeSize
}

/** Bytes of the device; null where it ends before them. */
export function readAt(device: ByteSource, place: number, size: number): Buffer | null {
  const bytes = Buffer.alloc(size)
  return device.read(place, bytes) === size ? bytes : null
}
