/** How much of a disk image was read. */
export interface DiskRead {
  path: string
  /** Of the file as it lies, in bytes; null where it was a stream. */
  size: number | null
  read: number
  /** With --deleted: bytes of its unallocated space, and what became of them. */
  unallocated?: {
    searched: number
    /** Known to be empty without reading them. */
    empty: number
    /** Never given to a file since the file system was made, so not searched. */
    neverUsed: number
    /** Not searched: there were too many, or they cannot be read. */
    left: number
    /** Pieces of journals and logs. */
    found: number
  }
}
