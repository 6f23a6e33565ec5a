import { sniffDisk } from '../disk/open.ts'
import { type ByteSource, memorySource } from '../source.ts'
import { notRead } from './closed.ts'
import { fileSystems } from './file-system.ts'

/**
 * Whether bytes that begin like this are a disk, or an image of one: by its content, never by its name. Some marks (btrfs, ZFS, copies of a
 * superblock) lie further behind, where the front is zeros: `further` gives all of it, where that costs nothing.
 */
export function isDisk(head: Buffer, further: () => ByteSource | null): boolean {
  if (head.length < 512) return false
  if (head.subarray(0, FRONT).every(byte => byte === 0)) return isMarked(further())
  const source = memorySource(head)
  if (sniffDisk(source) || fileSystems.some(kind => kind.sniff(source))) return true
  const hasTable = head.readUInt16BE(510) === 0x55aa
  const hasLabel = [0, 512, 1024, 1536].some(at => head.toString('latin1', at, at + 8) === 'LABELONE')
  return hasTable || hasLabel || notRead(source, 0) !== null
}

/** Where ext4's superblock ends, and every other mark is known by its sector. */
const FRONT = 2048

/** Whether it was a disk, whose beginning is gone. */
export function wasDisk(source: ByteSource): boolean {
  return fileSystems.some(kind => kind.was(source))
}

/** A log may begin with a hole, where logrotate cut it while it was written; one of so many bytes is a disk that nobody formatted. */
const LONGEST_LOG = 2 ** 36

function isMarked(source: ByteSource | null): boolean {
  const found =
    source !== null && (source.size > LONGEST_LOG || notRead(source, 0) !== null || sniffDisk(source) !== null || wasDisk(source))
  source?.close()
  return found
}
