import { readSync } from 'node:fs'
import type { WasmModule } from '../bytes/webassembly.ts'
import type { Stretch } from './ranger.ts'
import type { Aim } from './walk.ts'

/** A file in ranges, which those who walk ahead claim one after the other; of each they tell the stretches of lines that may be passed over. */

/** Bytes of a range: each is told in a message, so not too few; they lie in a walk's block, so not too many. */
export const RANGE = 2 << 20
/** Bytes behind it in which the line that begins in it must end; a longer one is left to be read. */
export const MARGIN = 64 * 1024

/** In what all threads see: the number of the next range to be claimed, and of that which is needed next. */
export const CLAIMED = 0
export const NEEDED = 1

/** What a thread is told: what to look for (null: nothing can be passed over), or a file. */
export type Task = { module: WasmModule | null; aim: Aim } | Errand

export interface Errand {
  number: number
  fd: number
  size: number
  progress: Int32Array
  /** How far it may be before what is needed. */
  ahead: number
}

export interface Answer {
  /** The errand's. */
  number: number
  index: number
  stretches: Stretch[]
}

/** Puts all that there is from an offset on into a place; says how much that is. */
export function filler(fd: number): (target: Buffer, offset: number) => number {
  return (target, offset) => {
    let done = 0
    for (let count = 1; count > 0 && done < target.length; done += count)
      count = readSync(fd, target, done, target.length - done, offset + done)
    return done
  }
}
