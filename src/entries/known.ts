import type { Count, Pid1Line } from '../scan/walk.ts'
import type { Segment } from './boots.ts'

/** A boot of a host whose lines can be passed over, and what others passed over of them ahead that was not told yet. */
export class Known {
  /** PID 1's last line among those passed over, by whomever. */
  pid1: Pid1Line | null = null
  /** Entries the own walk passed over that the segment knows of. */
  synced = 0
  /** All its lines must be read for now. */
  shut = false
  private ahead: Count | null = null

  constructor(
    readonly host: string,
    public segment: Segment,
  ) {}

  /** Of two lines the one with the later uptime is the later, without one that with the later time, of equals the second. */
  speak(line: Pid1Line | null): void {
    if (line && !(this.pid1 && isLater(this.pid1, line))) this.pid1 = line
  }

  /** Takes over a count that begins at this number and time. */
  add(count: Count, seq: number, time: number): void {
    this.ahead = joined(this.ahead, count, seq, time)
  }

  /** Names of speakers that are kept. */
  get names(): number {
    return this.ahead?.words.size ?? 0
  }

  /** All that was passed over, with what the own walk counted; then everything begins anew. */
  take(own: Count | null): { count: Count; pid1: Pid1Line | null } | null {
    const count = own ? joined(this.ahead, own, 0, 0) : this.ahead
    const { pid1 } = this
    this.ahead = null
    this.pid1 = null
    this.synced = 0
    return count && { count, pid1 }
  }
}

function isLater(a: Pid1Line, b: Pid1Line): boolean {
  return a.uptime !== null && b.uptime !== null ? a.uptime > b.uptime : a.time > b.time
}

function joined(into: Count | null, { entries, pid1, first, last, lastSeq, words }: Count, seq: number, time: number): Count {
  const all = into ?? { entries: 0, first: time + first, last: time + last, lastSeq: 0, pid1: 0, words: new Map() }
  all.entries += entries
  all.pid1 += pid1
  all.first = Math.min(all.first, time + first)
  all.last = Math.max(all.last, time + last)
  all.lastSeq = Math.max(all.lastSeq, seq + lastSeq)
  for (const [who, word] of words) {
    const shifted = { ...word, time: time + word.time, seq: seq + word.seq }
    if (shifted.seq > (all.words.get(who)?.seq ?? -1)) all.words.set(who, shifted)
  }
  return all
}
