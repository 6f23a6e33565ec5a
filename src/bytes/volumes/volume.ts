import type { ByteSource } from '../source.ts'

/** A stretch of a disk that may hold a file system: a partition, a logical volume, the whole disk. */
export interface Volume {
  /** As it is named in origins: `p2`, `vg0-root`; '' where it is the whole disk. */
  name: string
  /** Where it begins on its disk, in bytes; null where it lies in several places. */
  offset: number | null
  source: ByteSource
  /** Names by which fstab may speak of it: `PARTUUID=…`, `PARTLABEL=…`, `/dev/mapper/vg0-root`. */
  aliases: readonly string[]
  /** Its number among the partitions of its disk; null where it is none. */
  number: number | null
}
