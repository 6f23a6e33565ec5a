/** A file in ranges, which threads claim one after the other; each answers with the stretches of lines in it that may be passed over. */

/** Bytes of a range: each is told in a message, so not too few; they lie in a walk's block, so not too many. */
export const RANGE = 2 << 20
/** Bytes behind it in which the line that begins in it must end; a longer one is left to be read. */
export const MARGIN = 64 * 1024

/** In what all threads see: the number of the next range to be claimed, and of that which is needed next. */
export const CLAIMED = 0
export const NEEDED = 1

/** What a thread is told of a file. */
export interface Errand {
  fd: number
  size: number
  progress: Int32Array
  /** How far it may be before what is needed. */
  ahead: number
}
