import type { Inode } from './inode.ts'
import type { Volume } from './volume.ts'

/**
 * A small file lies in its inode (Documentation/filesystems/ext4/inlinedata.rst): the first 60 bytes in place of the block map, the rest
 * as the extended attribute `system.data` behind the inode's fixed part (Documentation/filesystems/ext4/attributes.rst):
 *
 *     128 + extra size: magic ea020000, then entries of 16 bytes and a name, up to one that begins with 4 zero bytes:
 *     0 name length   1 name index (7: "system.")   2 value's place, from the first entry   4 value's inode   8 value's size   16 name
 */
const MAGIC = 0xea020000
const FIXED = 128
const SYSTEM = 7

export function inlineData(volume: Volume, inode: Inode): Buffer {
  const bytes = Buffer.concat([inode.map, attribute(inode)])
  if (inode.size <= bytes.length) return bytes.subarray(0, inode.size)
  volume.tell({ message: `inode ${inode.number}: ${inode.size - bytes.length} bytes of the data in it are not there` })
  return bytes
}

function attribute(inode: Inode): Buffer {
  const { raw } = inode
  const nothing = Buffer.alloc(0)
  if (raw.length < FIXED + 2) return nothing
  const start = FIXED + raw.readUInt16LE(FIXED)
  if (start + 4 > raw.length || raw.readUInt32LE(start) !== MAGIC) return nothing
  const first = start + 4
  for (let at = first; at + 16 <= raw.length && raw.readUInt32LE(at) !== 0; ) {
    const nameLength = raw[at] ?? 0
    const name = raw.toString('latin1', at + 16, at + 16 + nameLength)
    const value = first + raw.readUInt16LE(at + 2)
    if (raw[at + 1] === SYSTEM && name === 'data') return raw.subarray(value, value + raw.readUInt32LE(at + 8))
    at += 16 + Math.ceil(nameLength / 4) * 4
  }
  return nothing
}
