import { hourOf } from './hour.ts'
import type { Count, Hour, Pid1Line, Spot, Walk } from './walk.ts'

/** Whole lines, one after the other, that nobody needs to read where all that they take for granted is so. */
export interface Stretch {
  /** Offsets in the input. */
  from: number
  to: number
  entries: number
  /** Of text: the stamp that all of them have but for minutes and seconds; times are those since the beginning of its hour. Null: JSON. */
  hour: Hour | null
  /** Times of the last line, of the earliest and the latest. */
  time: number
  earliest: number
  latest: number
  /** Index of the last line's place. */
  last: number
  places: Heard[]
}

/** What was passed over of a range of the input; it is read as far as `to` before the next is asked for. */
export interface Range {
  to: number
  stretches: readonly Stretch[]
}

/** What was heard at one place; entries and lines are numbered from the stretch's beginning on. */
interface Heard {
  spot: Spot
  count: Count
  pid1: Pid1Line | null
}

/** A shorter stretch is not worth the telling: whoever reads the lines around it walks over it in less time. */
const WORTH = 32 * 1024
/** After so many lines in a row that must be read, so many bytes are left out in one go. */
const PATIENCE = 64
const GULP = 64 * 1024
const LF = 10
const BRACE = 123

/**
 * Walks over ranges of an input whose beginning it has not seen, ahead of the one who reads it in order. It takes for granted that the input
 * is in the form that its lines look like, and that each place becomes known, and each stamp, by the first line that has it, which is left
 * to be read. Whoever comes along in order knows whether that was so (src/entries/skimmer.ts, `accept`).
 */
export class Ranger {
  private readonly spots: Spot[] = []
  private readonly known = new Set<string>()
  /** Of the line of text left out last. */
  private hour: Hour | null = null

  constructor(
    private readonly walk: Walk,
    private readonly worth = WORTH,
  ) {
    walk.forget()
    walk.stamped(null)
  }

  /**
   * The stretches among the lines that begin in this range. `read` puts bytes from an offset on into a place; a line that is not whole so far
   * behind the range's end is left out.
   */
  stretches(offset: number, size: number, margin: number, read: (target: Buffer, offset: number) => number): Stretch[] {
    const { walk } = this
    // From the byte before on: a line begins in the range only where another ended.
    const begin = Math.max(0, offset - 1)
    const filled = read(walk.block.subarray(0, offset + size + margin - begin), begin)
    walk.fill(filled)
    const border = offset + size - begin
    const from = offset === 0 ? 0 : walk.block.indexOf(LF) + 1
    const closing = walk.block.subarray(0, filled).indexOf(LF, border - 1) + 1
    const end = closing > 0 ? closing : filled === 0 ? 0 : walk.block.lastIndexOf(LF, filled - 1) + 1
    if ((from === 0 && offset > 0) || from >= border) return []
    // How a line of text goes on, the next one's beginning tells.
    const last = end < filled ? end : end > 1 ? walk.block.lastIndexOf(LF, end - 2) + 1 : 0
    return this.among(from, end, last, begin)
  }

  private among(from: number, end: number, last: number, begin: number): Stretch[] {
    const { block } = this.walk
    const found: Stretch[] = []
    for (let at = from, inRow = 0; at < end; ) {
      const isText = block[at] !== BRACE
      const stop = this.pass(isText, at, isText ? last : end)
      const stretch = this.told(at, stop, begin, isText ? this.hour : null)
      if (stretch) found.push(stretch)
      if (stop > at) inRow = 0
      if (stop >= end) break
      const gulp = ++inRow > PATIENCE ? Math.min(stop + GULP, end - 1) : stop
      const next = block.indexOf(LF, gulp) + 1
      this.meet()
      // The line that is left out is read: those after it have its stamp.
      const line = block.lastIndexOf(LF, next - 2) + 1
      if (block[line] !== BRACE) {
        const stamped = hourOf(block.toString('latin1', line, line + 64), 0, true)
        this.hour = stamped && { ...stamped, time: 0 }
        this.walk.stamped(this.hour)
      }
      at = next
    }
    return found
  }

  private pass(isText: boolean, from: number, to: number): number {
    if (from >= to) return from
    return isText ? this.walk.text(from, to, 0, 0) : this.walk.json(from, to, 0, 0)
  }

  /** From here on lines of the place whose name stopped the walk are passed over. */
  private meet(): void {
    const spot = this.walk.takeStranger()
    const key = spot && keyOf(spot)
    if (!key || this.known.has(key) || !this.walk.add(spot, this.spots.length)) return
    this.known.add(key)
    this.spots.push(spot)
  }

  private told(from: number, to: number, begin: number, hour: Hour | null): Stretch | null {
    if (to === from) return null
    const { walk } = this
    const pid1 = this.spots.map((_, index) => walk.takePid1(index))
    const counts = walk.take(this.spots.length)
    if (to - from < this.worth) return null
    const heard = this.spots.map((spot, index) => {
      const count = counts[index]
      return count && { spot, count, pid1: pid1[index] ?? null }
    })
    const { seq: entries, time, earliest, latest } = walk
    const last = heard.slice(0, walk.spot).filter(Boolean).length
    return {
      from: begin + from,
      to: begin + to,
      entries,
      hour,
      time,
      earliest,
      latest,
      last,
      places: heard.filter(one => !!one),
    }
  }
}

/** Names a place as one text. */
export function keyOf({ boot, host, machineId }: Spot): string {
  return `${boot}\0${host}\0${machineId ?? ''}`
}
