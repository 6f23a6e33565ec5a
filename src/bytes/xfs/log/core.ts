import type { Superblock } from '../superblock.ts'
import type { HostOrder } from './host.ts'
import type { Lsn } from './record.ts'

/** Fields of struct xfs_log_dinode by place and width: the same places as on the disk, in host order. */
type Field = readonly [place: number, width: 1 | 2 | 4 | 8]
const FIELDS: readonly Field[] = [
  [0, 2], // magic
  [2, 2], // mode
  [4, 1], // version
  [5, 1], // format
  [6, 2], // old count of links
  [8, 4], // uid
  [12, 4], // gid
  [16, 4], // links
  [20, 2], // project, low
  [22, 2], // project, high
  [56, 8], // size
  [64, 8], // blocks
  [72, 4], // extent size
  [82, 1], // where the attribute fork begins
  [83, 1], // its format
  [84, 4], // data management
  [88, 2],
  [90, 2], // flags
  [92, 4], // generation
]
const FIELDS_V5: readonly Field[] = [
  [104, 8], // count of changes
  [120, 8], // more flags
  [128, 4], // extent size for copies on write
  [152, 8], // its number
]
/** Counts of extents of the data and attribute forks: narrow, or wide where the inode's flags say so (nrext64). */
const COUNTS: readonly Field[] = [
  [76, 4],
  [80, 2],
]
const LARGE_COUNTS: readonly Field[] = [...COUNTS, [24, 8]]
const TIMES = [32, 40, 48]
const BIGTIME = 8
const HAS_LARGE_COUNTS = 16

/** xfs_log_dinode_to_disk. The chain of unlinked inodes and the sum are not among what is logged. */
export function coreToDisk(core: Buffer, disk: Buffer, superblock: Superblock, host: HostOrder, lsn: Lsn): void {
  const v5 = superblock.version === 5
  const flags2 = v5 ? host.u32(core, host.little ? 120 : 124) : 0
  for (const [at, width] of v5 ? [...FIELDS, ...FIELDS_V5] : FIELDS) turn(core, disk, at, width, host)
  for (const at of v5 ? [...TIMES, 144] : TIMES) {
    if (flags2 & BIGTIME) turn(core, disk, at, 8, host)
    else for (const half of [at, at + 4]) turn(core, disk, half, 4, host)
  }
  const large = (flags2 & HAS_LARGE_COUNTS) !== 0
  for (const [at, width] of large ? LARGE_COUNTS : COUNTS) turn(core, disk, at, width, host)
  if (!v5) {
    disk.writeUInt16BE(0, 30)
    return
  }
  if (!large) disk.fill(0, 24, 32)
  disk.writeUInt32BE(lsn.cycle, 112)
  disk.writeUInt32BE(lsn.block, 116)
  core.copy(disk, 160, 160, 176)
}

/** From host order to the disk's. */
function turn(core: Buffer, disk: Buffer, at: number, width: Field[1], host: HostOrder): void {
  if (width === 1) disk.writeUInt8(core.readUInt8(at), at)
  else if (width === 2) disk.writeUInt16BE(host.u16(core, at), at)
  else if (width === 4) disk.writeUInt32BE(host.u32(core, at), at)
  else for (let byte = 0; byte < 8; byte++) disk.writeUInt8(core.readUInt8(at + (host.little ? 7 - byte : byte)), at + byte)
}
