import { sniffDisk } from '../disk/open.ts'
import { memorySource } from '../source.ts'
import { notRead } from './closed.ts'
import { fileSystems } from './file-system.ts'

/**
 * Whether bytes that begin like this are a disk, or an image of one: by its content, never by its name. A file system whose mark lies further
 * in (btrfs, ZFS) begins with zeros, as no log does.
 */
export function isDisk(head: Buffer): boolean {
  if (head.length < 512) return false
  const source = memorySource(head)
  if (sniffDisk(source) || fileSystems.some(kind => kind.sniff(source))) return true
  const hasTable = head.readUInt16BE(510) === 0x55aa
  const hasLabel = [0, 512, 1024, 1536].some(at => head.toString('latin1', at, at + 8) === 'LABELONE')
  return hasTable || hasLabel || notRead(source, 0) !== null || head.subarray(0, 512).every(byte => byte === 0)
}
