import type { Entry } from '../entries/entry.ts'
import type { Signal } from '../signals/signal.ts'
import type { Platform } from '../where/platform.ts'
import type { NameBook } from './names.ts'
import type { Track } from './tracks.ts'

/** A signal in its place in one boot, or a fact that the replay derived from several. */
export interface Event extends Signal {
  /** Place in the boot's order, rising. */
  at: number
  /** The unit it is about, after descriptions were resolved; null where the log does not tell. */
  unit: string | null
  /** For a fact: the events it was made from, in order. */
  made: readonly Event[]
}

/** When PID 1 was last heard, what was heard after that. */
export interface Voices {
  /** Entries of PID 1, and of everyone. */
  pid1: number
  all: number
  /** PID 1's last entry; null where it was not heard. */
  lastPid1: Entry | null
  /** Time (µs, UTC) and seq of the last entry of all. */
  last: number | null
  lastSeq: number
  /** Last words of each speaker, by its unit where a field tells it, else by its identifier. Bounded: the longest silent go first. */
  words: Map<string, LastWord>
}

export interface LastWord {
  time: number | null
  mono: number | null
  seq: number
}

/** Everything the rules may ask about one boot of one host. */
export interface History {
  host: string
  boot: string
  /** In order: signals and facts. */
  events: readonly Event[]
  byName: ReadonlyMap<string, readonly Event[]>
  names: NameBook
  /** State of each unit over time, by unit name (or description where no name is known). */
  tracks: ReadonlyMap<string, Track>
  voices: Voices
  /** systemd's version, as its own line or the assertion's place tells; null where neither does. */
  systemd: string | null
  /** Kernel and system, as its own lines tell them. */
  platform: Platform
  /** What the machine's disk was left with; null where it was not seen. It tells of the last boot. */
  left: Platform | null
  /** How many like entries the bounded memory folded away, by signal name. */
  folded: ReadonlyMap<string, number>
}

/** Seconds between two events, null where either has no time. */
export function secondsBetween(earlier: Event, later: Event): number | null {
  if (earlier.time !== null && later.time !== null && !wasSetBack(earlier, later)) return (later.time - earlier.time) / 1e6
  if (earlier.mono !== null && later.mono !== null) return (later.mono - earlier.mono) / 1e6
  return null
}

/** The clock was set back between the two: it shows less than the uptime does. More is a machine that slept, whose uptime stood still. */
function wasSetBack(one: Event, other: Event): boolean {
  if (one.time === null || other.time === null || one.mono === null || other.mono === null) return false
  const up = other.mono - one.mono
  return (other.time - one.time - up) * (up < 0 ? -1 : 1) < -SET_BACK
}

/** µs: a sender's stamp and the uptime at its receipt differ by less. */
const SET_BACK = 1e6

/** Seconds between two episodes, 0 where they overlap or where no clock tells. */
export function secondsApart(one: readonly Event[], other: readonly Event[]): number {
  for (const moments of [wallMoments, monotonicMoments]) {
    const [a, b] = [one.flatMap(moments), other.flatMap(moments)]
    if (a.length > 0 && b.length > 0) return Math.max(0, Math.min(...a) - Math.max(...b), Math.min(...b) - Math.max(...a)) / 1e6
  }
  return 0
}

function wallMoments({ time, until }: Event): number[] {
  return [time, until].filter(moment => moment !== null)
}

function monotonicMoments({ mono }: Event): number[] {
  return mono === null ? [] : [mono]
}
