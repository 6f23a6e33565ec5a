/** Bytes of a volume that its file system has given to nobody, as its own maps say. */
export interface Free {
  from: number
  size: number
  /** Whether they were never given to anybody, as far as the file system keeps that: nothing of it was deleted there. */
  neverUsed: boolean
}

/** A file system with so many groups whose maps cannot be trusted has no maps. */
export const MOST_UNSOUND = 1000

/** Stretches that touch, as one; those that were never used stay apart. */
export function* joinedFree(stretches: Iterable<Free>): Generator<Free> {
  let last: Free | null = null
  for (const one of stretches) {
    if (last && last.from + last.size === one.from && last.neverUsed === one.neverUsed) last.size += one.size
    else {
      if (last) yield last
      last = { ...one }
    }
  }
  if (last) yield last
}
