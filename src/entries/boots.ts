import type { Draft } from '../formats/draft.ts'
import { type Landmark, landmarkOf } from './landmarks.ts'
import type { Speech } from './speaker.ts'

/** A stretch of one input's entries of one host that lie in one boot. Which boot that is, the settlement says at the end. */
export interface Segment {
  /** The journal's boot id, or a provisional one. */
  id: string
  real: boolean
  input: string
  host: string | null
  /** The host as the lines name it, where an id alone does not tell the boot (containers share their host's). */
  said: string | null
  machineId: string | null
  /** A boundary lies at its beginning; else it begins because the input does. */
  marked: boolean
  first: number | null
  last: number | null
  /** Place of its first entry in the reading: the order where there is no time. */
  seq: number
  entries: number
  /** What of it was asked for (--since, --until, --host): that much is covered. */
  kept: { entries: number; first: number | null; last: number | null }
  /** PID 1 said its last word in it: froze, exited, shut down. */
  over: boolean
  /** PID 1 is heard before anything tells that a boot begins. */
  pid1Speaks: boolean
  /** Turned out to be the continuation of this one. */
  joined: Segment | null
}

interface State {
  segment: Segment
  /** Seen in this boot: the kernel's first line, systemd's, an early unit's, `Startup finished`. */
  kernel: boolean
  manager: boolean
  early: Set<string>
  started: boolean
  /** PID 1 hands over to itself: the next `running in system mode` is no boot. */
  handover: boolean
  /** `over` by a crash, not by a shutdown. */
  crashed: boolean
  monoMax: number
}

/** A doubtful boundary is given up when nothing confirms it within so many entries. */
const DOUBT = 80
/** Lines that a syslog daemon may write before the kernel's first one of the same boot, and within which time (µs). */
const FOREWORD = 20
const FOREWORD_TIME = 15e6

/** Follows one host through one input and says where a boot ends and the next begins. */
export class BootTracker {
  private state: State
  /** The boot before a doubtful boundary, to go back to. */
  private before: State | null = null

  constructor(
    private readonly open: (marked: boolean) => Segment,
    marked: boolean,
  ) {
    this.state = fresh(open(marked))
  }

  get segment(): Segment {
    return this.state.segment
  }

  /** Nothing but a landmark changes the stretch here. */
  get calm(): boolean {
    return this.before === null && !this.state.segment.over && this.state.segment.entries > 0
  }

  place(draft: Draft, speech: Speech, time: number | null): Segment {
    const mark = speech.trust === 'refuted' ? null : landmarkOf(speech.message ?? draft.message, speech.speaker)
    if (this.before && this.state.segment.entries > DOUBT) this.giveUp(this.before)
    if (this.begins(draft, speech, time, mark)) this.turn()
    this.note(draft, speech, mark)
    return this.state.segment
  }

  private begins(draft: Draft, speech: Speech, time: number | null, mark: Landmark | null): boolean {
    const { state } = this
    const { segment } = state
    if (segment.entries === 0) return false
    if (draft.boots) return true
    if (segment.over && mark && mark.kind !== 'over' && mark.kind !== 'handover') return true
    if (segment.over && !this.before && speaksOn(draft, speech, time)) {
      if (!state.crashed) return true
      // PID 1 speaks after its crash: the next boot, if more of a boot follows; else it never crashed, and somebody wrote so.
      this.doubt()
    }
    if (draft.mono !== null && fellBack(state, draft.mono)) return true
    switch (mark?.kind) {
      case 'kernel':
        return state.kernel || (isOld(state) && !isForeword(state, time))
      case 'manager':
        return !state.handover && isOld(state) && !isForeword(state, time)
      case 'journal':
      case 'early':
        if (state.started && !this.before) this.doubt()
        return false
      default:
        return false
    }
  }

  private note(draft: Draft, speech: Speech, mark: Landmark | null): void {
    const { state } = this
    if (draft.mono !== null) state.monoMax = Math.max(state.monoMax, draft.mono)
    if (speech.speaker === 'pid1' && state.segment.entries === 0 && !state.segment.marked) state.segment.pid1Speaks = true
    if (!mark) return
    if (mark.kind === 'kernel') {
      state.kernel = true
      this.before = null
    } else if (mark.kind === 'manager') {
      if (!state.handover) this.before = null
      state.manager = true
      state.handover = false
    } else if (mark.kind === 'handover') state.handover = true
    else if (mark.kind === 'over') {
      state.segment.over = true
      state.crashed ||= CRASHED.test(draft.message)
    } else if (mark.kind === 'finished') state.started = true
    else {
      state.early.add(mark.what)
      // Two different early lines: a restarted journald alone would have written one.
      if (this.before && state.early.size >= 2) this.before = null
    }
  }

  private turn(): void {
    this.before = null
    this.state = fresh(this.open(true))
  }

  /** Perhaps a boot begins here; the entries go apart until it is known. */
  private doubt(): void {
    const before = this.state
    this.turn()
    this.before = before
  }

  private giveUp(before: State): void {
    this.state.segment.joined = before.segment
    before.monoMax = Math.max(before.monoMax, this.state.monoMax)
    before.segment.over ||= this.state.segment.over
    this.state = before
    this.before = null
  }

  /** The input is over: a doubt that nothing confirmed was none. */
  close(): void {
    if (this.before) this.giveUp(this.before)
  }
}

function fresh(segment: Segment): State {
  return { segment, kernel: false, manager: false, early: new Set(), started: false, handover: false, crashed: false, monoMax: 0 }
}

const CRASHED = /Freezing execution\.$|Exiting PID 1\.\.\.$/

/** Start-up is over in it, or it was never seen to begin. */
function isOld(state: State): boolean {
  const begun = state.segment.marked || state.kernel || state.manager || state.early.size > 0
  return state.started || state.segment.over || !begun
}

function isForeword({ segment, started }: State, time: number | null): boolean {
  if (started || segment.over || segment.entries > FOREWORD) return false
  return time === null || segment.first === null || Math.abs(time - segment.first) < FOREWORD_TIME
}

/** What a PID 1 that froze, exited or shut down cannot say any more. Text without any clock may stand in any order. */
function speaksOn(draft: Draft, speech: Speech, time: number | null): boolean {
  if (speech.speaker !== 'pid1' || speech.trust === 'refuted' || (time === null && draft.mono === null)) return false
  return !LAST_WORDS.test(speech.message ?? draft.message)
}

/** Copies of the crash lines (wall, console) come behind the first. */
const LAST_WORDS =
  /^(?:Caught <|Freezing execution|Exiting PID 1|Assertion '|Code should not be reached|Shutting down|Rebooting|Powering off|Halting|Reboot execution)|freezing\.?$/

const SECOND = 1e6

/** The clock since boot runs backwards only over a boot; small steps are disorder. */
function fellBack(state: State, mono: number): boolean {
  const drop = state.monoMax - mono
  if (drop < 5 * SECOND || mono > state.monoMax / 2) return false
  return state.started || state.segment.over || drop > 60 * SECOND
}
