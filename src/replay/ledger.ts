import type { Entry, Overheard, Ref } from '../entries/entry.ts'
import type { Match } from '../signals/match.ts'
import type { Signal } from '../signals/signal.ts'
import { COVERING } from './covering.ts'
import type { Event, LastWord, Voices } from './history.ts'
import { mountPrefix } from './mounts.ts'

/** The signals of one boot of one host as they were read, and who was heard when. */
export interface Page {
  host: string
  boot: string
  /** The input the first of it came from. */
  input: string
  /** Without their places yet, which the replay gives them. */
  signals: Event[]
  voices: Voices
  folded: Map<string, number>
}

/**
 * Collects what the rules will need, in memory bounded by hosts, boots and units, not by the length of the log.
 *
 * Two kinds of folding keep it so. A storm (mount units by the hundred, rejected bus messages) becomes bursts: one signal with a
 * count, its first and last time. And when a page grows past its limit, the middle of what a unit said over and over is dropped:
 * the first and the last few of each kind stay, and everything within reach of a trigger, which is all that a rule looks at.
 */
export class Ledger {
  private readonly pages = new Map<string, Page>()
  /** By family. */
  private readonly bursts = new Map<Page, Map<string, Burst>>()
  private latest: { host: string | null; boot: string | null; page: Page } | null = null

  /** Every entry passes here, signal or not: silence is evidence only where somebody was heard. */
  hear(entry: Entry): void {
    const voices = this.page(entry).voices
    voices.all++
    voices.last = latest(voices.last, entry.time)
    voices.lastSeq = Math.max(voices.lastSeq, entry.seq)
    remember(voices, entry)
    if (entry.speaker !== 'pid1' || entry.trust === 'refuted') return
    voices.pid1++
    voices.lastPid1 = laterOf(voices.lastPid1, entry)
  }

  /** The same for entries that were passed over, in one go. */
  overhear({ host, boot, input, all, pid1, last, lastSeq, lastPid1, words }: Overheard): void {
    const { voices } = this.page({ host, boot, ref: { input } })
    voices.all += all
    voices.pid1 += pid1
    voices.last = latest(voices.last, last)
    voices.lastSeq = Math.max(voices.lastSeq, lastSeq)
    voices.lastPid1 = laterOf(voices.lastPid1, lastPid1)
    if (words.size === 0) return
    for (const [who, word] of words) if (word.seq > (voices.words.get(who)?.seq ?? -1)) voices.words.set(who, word)
    voices.words = new Map([...voices.words].sort((a, b) => a[1].seq - b[1].seq).slice(-MOST_WORDS))
  }

  add(entry: Entry, match: Match): void {
    const page = this.page(entry)
    const family = familyOf(match, entry)
    const bursts = this.burstsOf(page)
    const burst = family === null ? undefined : bursts.get(family)
    // Most of a storm is but counted.
    if (burst?.takes(entry)) {
      burst.take(entry)
      return
    }
    const signal = toEvent(entry, match)
    page.signals.push(signal)
    if (family !== null) bursts.set(family, new Burst(signal))
    if (page.signals.length > PAGE_LIMIT) shrink(page, growing(bursts))
  }

  all(): Page[] {
    return [...this.pages.values()]
  }

  private page({ host, boot, ref }: Pick<Entry, 'host' | 'boot' | 'ref'>): Page {
    // Nearly always the same as for the entry before; a key for each would be its own string.
    const { latest } = this
    if (latest && latest.host === host && latest.boot === boot) return latest.page
    const key = `${host ?? ''}\0${boot ?? ''}`
    let page = this.pages.get(key)
    if (!page) {
      page = { host: host ?? '', boot: boot ?? '', input: ref.input, signals: [], voices: noVoices(), folded: new Map() }
      this.pages.set(key, page)
    }
    this.latest = { host, boot, page }
    return page
  }

  private burstsOf(page: Page): Map<string, Burst> {
    let bursts = this.bursts.get(page)
    if (!bursts) {
      bursts = new Map()
      this.bursts.set(page, bursts)
    }
    return bursts
  }
}

/** What must stay where a page shrinks: the count of a burst that is still growing goes into its first signal. */
function growing(bursts: ReadonlyMap<string, Burst>): Set<Signal> {
  return new Set([...bursts.values()].map(({ first }) => first))
}

/** Nobody was heard yet. */
export function noVoices(): Voices {
  return { pid1: 0, all: 0, lastPid1: null, last: null, lastSeq: -1, words: new Map() }
}

const PAGE_LIMIT = 30_000
/** Like entries further apart than this belong to two bursts (µs, and entries where there is no time). */
const BURST_GAP = 60e6
const BURST_GAP_ENTRIES = 400
/** Entries named in a burst's references. */
const BURST_REFS = 3
/** A storm is this many within BURST_GAP: the densest stretch is kept as `peak`, the seconds the fastest hundred took. */
const PEAK_OF = 100

/** One storm in the making. The first signal of it stands for all. */
class Burst {
  private readonly ring: number[] = []
  private last: number
  private lastSeq: number

  constructor(readonly first: Signal) {
    this.last = clockOf(first)
    this.lastSeq = first.seq
    this.beat(first)
  }

  takes(like: Moment): boolean {
    const clock = clockOf(like)
    if (Number.isNaN(clock) || Number.isNaN(this.last)) return like.seq - this.lastSeq <= BURST_GAP_ENTRIES
    return Math.abs(clock - this.last) <= BURST_GAP
  }

  take(like: Entry): void {
    this.first.count += 1
    if (like.time !== null) this.first.until = latest(this.first.until, like.time)
    if (this.first.refs.length < BURST_REFS) this.first.refs.push(refOf(like))
    this.last = clockOf(like)
    this.lastSeq = like.seq
    this.beat(like)
  }

  private beat(like: Moment): void {
    const clock = clockOf(like)
    this.ring.push(Number.isNaN(clock) ? like.seq : clock)
    if (this.ring.length < PEAK_OF) return
    const span = (this.ring.at(-1) ?? 0) - (this.ring.shift() ?? 0)
    const values = this.first.values as Record<string, string>
    if (Number.isNaN(clock)) {
      // No clock at all: the density in entries is what is left to tell a storm from a trickle.
      if (values.peakEntries === undefined || span < Number(values.peakEntries)) values.peakEntries = String(span)
    } else if (values.peakSeconds === undefined || span / 1e6 < Number(values.peakSeconds)) {
      values.peakSeconds = (Math.max(0, span) / 1e6).toFixed(3)
    }
  }
}

type Moment = Pick<Signal, 'time' | 'mono' | 'seq'>

function clockOf({ time, mono }: Moment): number {
  return time ?? mono ?? Number.NaN
}

/** Whether the one came after the other in the same boot: by uptime; by time; by the order of reading where one has none. */
export function isLater(one: LastWord, other: LastWord): boolean {
  if (one.mono !== null && other.mono !== null) return one.mono > other.mono || (one.mono === other.mono && one.seq > other.seq)
  return one.time !== null && other.time !== null && one.time !== other.time ? one.time > other.time : one.seq > other.seq
}

export function laterOf(a: Entry | null, b: Entry | null): Entry | null {
  if (!a || !b) return a ?? b
  return isLater(a, b) ? a : b
}

function latest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.max(a, b)
}

const MOST_WORDS = 4096

/** Notes who spoke last when; a Map keeps its order of insertion, so the first key is the one silent for longest. */
function remember(voices: Voices, entry: Entry): void {
  const who = entry.speakerUnit ?? entry.ident
  if (who === null || entry.speaker === 'pid1' || entry.speaker === 'kernel') return
  voices.words.delete(who)
  voices.words.set(who, { time: entry.time, mono: entry.mono, seq: entry.seq })
  if (voices.words.size > MOST_WORDS) voices.words.delete(voices.words.keys().next().value ?? '')
}

/**
 * A signal with room for the place it will have: a page's thirty thousand are not copied for three fields more, which took as much
 * memory again.
 */
export function toEvent(entry: Entry, { name, values }: Pick<Match, 'name' | 'values'>): Event {
  return {
    name,
    values: ownValues(values),
    time: entry.time,
    mono: entry.mono,
    seq: entry.seq,
    host: entry.host,
    boot: entry.boot,
    trust: entry.trust,
    speaker: entry.speaker,
    pid: entry.pid,
    message: own(entry.message),
    subject: shared(entry.unit),
    speakerUnit: shared(entry.speakerUnit),
    refs: [refOf(entry)],
    count: 1,
    until: entry.time,
    at: 0,
    unit: null,
    made: NOTHING,
  }
}

function refOf({ ref }: Entry): Ref {
  return ref.cursor === undefined ? ref : { ...ref, cursor: own(ref.cursor) }
}

/** One for all. */
const NOTHING: readonly Event[] = []

/** Which storm a signal belongs to, null for one that stands alone. */
function familyOf(match: Match, entry: Entry): string | null {
  const prefix = mountPrefix(match)
  if (prefix !== null) {
    match.values.prefix = prefix
    return `${match.name}\0${prefix}`
  }
  const holes = match.definition.fold
  if (holes.length === 0) return null
  return [match.name, entry.speaker ?? '', ...holes.map(hole => match.values[hole] ?? '')].join('\0')
}

/** How many of each (signal, unit) stay at either end of a page, and how many around a trigger. */
const KEEP_ENDS = 40
const KEEP_REACH = 200
/** Triggers whose surroundings are kept; a flood of triggers is thinned like anything else. */
const MOST_REACHES = 200

/** The signals of one name in a page: their places by unit. */
interface Kind {
  isRare: boolean
  byUnit: Map<string, number[]>
}

/** Drops the middle of what repeats; the counts of what went are kept and reported. */
function shrink(page: Page, growing: ReadonlySet<Signal>): void {
  // A storm is one line here and the whole of what a rule looks at.
  const isStorm = (signal: Signal) => signal.count >= PEAK_OF || growing.has(signal)
  const { signals } = page
  const seen = new Map<string, Kind>()
  const keep = new Uint8Array(signals.length)
  let units = 0
  let reached = 0
  signals.forEach((signal, index) => {
    const { name, values } = signal
    let kind = seen.get(name)
    if (!kind) {
      kind = { isRare: isRare(name), byUnit: new Map() }
      seen.set(name, kind)
    }
    const unit = values.unit ?? values.name ?? ''
    const places = kind.byUnit.get(unit)
    if (places) places.push(index)
    else {
      kind.byUnit.set(unit, [index])
      units++
    }
    if (isStorm(signal)) keep[index] = 1
    if (kind.isRare && reached++ < MOST_REACHES) keep.fill(1, Math.max(0, index - KEEP_REACH), index + KEEP_REACH + 1)
  })
  // The more different units there are, the fewer of each can stay.
  const ends = Math.max(2, Math.min(KEEP_ENDS, Math.floor(PAGE_LIMIT / 4 / Math.max(1, units))))
  for (const { byUnit } of seen.values()) {
    for (const places of byUnit.values()) {
      for (let nth = 0; nth < places.length; nth++) {
        if (nth < ends || nth >= places.length - ends) keep[places[nth] ?? 0] = 1
      }
    }
  }
  let kept: Event[] = []
  signals.forEach((signal, index) => {
    if (keep[index] === 1) kept.push(signal)
    else page.folded.set(signal.name, (page.folded.get(signal.name) ?? 0) + signal.count)
  })
  // A million different units: even two of each are too many. The oldest go first, and are counted; never what coverage is told from.
  if (kept.length > PAGE_LIMIT * 0.75) {
    const surplus = kept.length - PAGE_LIMIT / 2
    let gone = 0
    kept = kept.filter(signal => {
      const isKept = COVERING.has(signal.name) || isStorm(signal) || (isRare(signal.name) && reached <= MOST_REACHES)
      if (gone >= surplus || isKept) return true
      gone++
      page.folded.set(signal.name, (page.folded.get(signal.name) ?? 0) + signal.count)
      return false
    })
  }
  page.signals = kept
}

const RARE = /^(?:pid1|guard|leftover\.found|link|socket\.refused)/

function isRare(name: string): boolean {
  return RARE.test(name)
}

function ownValues(values: Match['values']): Match['values'] {
  const copy: Match['values'] = {}
  for (const name in values) copy[name] = shared(values[name] ?? '')
  return copy
}

/** Where a text is written to be read anew. */
const SCRATCH = Buffer.alloc(4096)

/**
 * A copy of its own. Words cut out of a line are, in V8, views of that line (SlicedString): a signal would keep its whole line in memory, a
 * kilobyte of JSON for the hundred bytes that count.
 */
function own(text: string): string
function own(text: string | null): string | null
function own(text: string | null): string | null {
  // V8 copies what is shorter.
  if (text === null || text.length < 13) return text
  // So many bytes as letters: ASCII. JSON keeps lone surrogates, which a Buffer would not.
  const isAscii = text.length <= SCRATCH.length / 3 && SCRATCH.write(text) === text.length
  return isAscii ? SCRATCH.toString('latin1', 0, text.length) : (JSON.parse(JSON.stringify(text)) as string) // a text gives a text
}

/** Names met of late: a unit is named twice in a signal, and in every signal of it. */
const names = new Map<string, string>()
const MOST_NAMES = 4096

/** The one copy of a name. */
function shared(text: string): string
function shared(text: string | null): string | null
function shared(text: string | null): string | null {
  if (text === null || text.length < 13) return text
  const known = names.get(text)
  if (known !== undefined) return known
  const copy = own(text)
  if (names.size >= MOST_NAMES) names.clear()
  names.set(copy, copy)
  return copy
}
