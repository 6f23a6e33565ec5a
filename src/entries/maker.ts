import type { Draft } from '../formats/draft.ts'
import type { Group } from '../formats/journal-file/glance/walker.ts'
import { BootTracker, type Segment } from './boots.ts'
import type { Entry, Ref } from './entry.ts'
import { type Speech, speechOf } from './speaker.ts'
import { Years } from './years.ts'
import type { Zone } from './zone.ts'

/** A draft with its place: the line, in a form that has lines, else the offset. */
export interface Placed {
  draft: Draft
  line: number | null
  offset: number
}

/** Makes entries of one input's records: settles who spoke, when, and in which boot. */
export class Maker {
  readonly segments: Segment[] = []
  readonly years: Years
  /** rsyslog's own lines have no PID in the files that it writes itself, and have one in journalctl's. */
  rsyslogSpoke = false
  private readonly trackers = new Map<string, BootTracker>()
  private readonly real = new Map<string, Segment>()
  private lastHost: string | null = null
  private lastReal: Segment | null = null
  private latest: Segment | null = null

  constructor(
    private readonly input: string,
    private readonly zone: Zone,
    until: number,
    begins: number | null,
    private readonly newId: () => string,
  ) {
    this.years = new Years(zone, until, begins)
  }

  entry(record: Placed, seq: number): Entry {
    const { draft } = record
    if (draft.ident === 'rsyslogd' && draft.pid === null) this.rsyslogSpoke = true
    const speech = speechOf(draft)
    const time = this.time(draft)
    const host = speech.host ?? draft.host
    const segment = this.segment(draft, speech, host, time, seq)
    grow(segment, time)
    this.latest = segment
    return this.written(record, speech, time, host, segment, seq)
  }

  /** The stretch in which the last entry lies. */
  get here(): Segment | null {
    return this.latest
  }

  /** Entries of this stretch that were passed over: so many, between these times. */
  pass(segment: Segment, entries: number, first: number, last: number): void {
    for (const span of [segment, segment.kept]) {
      span.entries += entries
      if (span.first === null || first < span.first) span.first = first
      if (span.last === null || last > span.last) span.last = last
    }
  }

  /** A host whose lines without a boot id were passed over: a line without a host, after it, is its own. */
  heard(host: string): void {
    this.lastHost = host
  }

  /** Whether nothing but a landmark ends the stretch in which the last entry of this host lies. */
  isCalm(host: string): boolean {
    return this.latest?.real === true || this.trackers.get(host)?.calm === true
  }

  /** Whether the whole hour of a line is as far from UTC as the line, which was given this time. */
  isEven({ civil }: Draft, time: number): boolean {
    return civil === null || this.zone.isEven(civil, time)
  }

  /** A record that was passed over, read after all; it was counted then. */
  recall(record: Placed, time: number, segment: Segment, seq: number): Entry {
    const speech = speechOf(record.draft)
    return this.written(record, speech, time, speech.host ?? record.draft.host, segment, seq)
  }

  private written(
    record: Placed,
    speech: Speech,
    time: number | null,
    host: string | null,
    segment: Segment,
    seq: number,
  ): Entry {
    const { draft } = record
    return {
      time,
      mono: draft.mono,
      seq,
      host,
      machineId: draft.machineId,
      boot: segment.id,
      boots: draft.boots,
      ident: speech.ident ?? draft.ident,
      pid: speech.pid ?? draft.pid,
      speaker: speech.speaker,
      trust: speech.trust,
      message: (speech.message ?? draft.message).trimEnd(),
      unit: draft.unit,
      speakerUnit: draft.speakerUnit,
      ref: this.refTo(record),
    }
  }

  private refTo({ line, offset, draft: { cursor } }: Placed): Ref {
    const ref: Ref = line === null ? { input: this.input, offset } : { input: this.input, line }
    if (cursor !== null) ref.cursor = cursor
    return ref
  }

  /** The last entry is delivered: it was asked for. */
  keep(time: number | null): void {
    if (this.latest) grow(this.latest.kept, time)
  }

  /** Entries that were counted and not read, all of them asked for. */
  count({ boot, host, machineId, entries, first, last }: Group, seq: number): void {
    const segment = this.realSegment({ machineId }, host, boot, seq)
    for (const span of [segment, segment.kept]) {
      for (const time of [first, last]) grow(span, time)
      span.entries += entries - 2
    }
  }

  /** After the last entry: the stretches' times, in the years that turned out to be theirs. */
  settleTimes(): void {
    for (const segment of this.segments) {
      for (const span of [segment, segment.kept]) {
        if (span.first !== null) span.first = this.years.settle(span.first)
        if (span.last !== null) span.last = this.years.settle(span.last)
      }
    }
  }

  close(): void {
    for (const tracker of this.trackers.values()) tracker.close()
  }

  private time(draft: Draft): number | null {
    if (draft.time !== null || draft.civil === null) {
      if (draft.time !== null) this.years.anchor(draft.time)
      return draft.time
    }
    if (draft.yearless) return this.years.time(draft)
    const time = this.zone.toUtc(draft.civil)
    this.years.anchor(time)
    return time
  }

  private segment(draft: Draft, speech: Speech, host: string | null, time: number | null, seq: number): Segment {
    if (draft.boot !== null) return this.realSegment(draft, host, draft.boot, seq)
    // A line without a host belongs to the host that was heard last.
    const key = host ?? this.lastHost ?? ''
    // A container seen in this log is another machine.
    const own = speech.host === undefined
    if (host !== null && own) this.lastHost = host
    let tracker = this.trackers.get(key)
    if (!tracker) {
      tracker =
        (own ? this.adopted(key) : null) ?? new BootTracker(marked => this.open(key === '' ? null : key, marked, seq), false)
      this.trackers.set(key, tracker)
    }
    const segment = tracker.place(draft, speech, time)
    if (segment.entries === 0) segment.seq = seq
    return segment
  }

  /** Lines before the first host's name are that host's. */
  private adopted(host: string): BootTracker | null {
    const nameless = this.trackers.get('')
    if (!nameless || host === '') return null
    this.trackers.delete('')
    for (const segment of this.segments) segment.host ??= host
    return nameless
  }

  private realSegment(draft: Pick<Draft, 'machineId'>, host: string | null, boot: string, seq: number): Segment {
    const last = this.lastReal
    if (last && last.id === boot && last.said === host && last.machineId === draft.machineId) return last
    const key = `${boot}${host ?? ''}${draft.machineId ?? ''}`
    let segment = this.real.get(key)
    if (!segment) {
      segment = { ...this.open(host, true, seq), id: boot, real: true, machineId: draft.machineId }
      this.segments[this.segments.length - 1] = segment
      this.real.set(key, segment)
    }
    this.lastReal = segment
    return segment
  }

  private open(host: string | null, marked: boolean, seq: number): Segment {
    const segment: Segment = {
      id: this.newId(),
      real: false,
      input: this.input,
      host,
      said: host,
      machineId: null,
      marked,
      first: null,
      last: null,
      seq,
      entries: 0,
      kept: { entries: 0, first: null, last: null },
      over: false,
      pid1Speaks: false,
      joined: null,
    }
    this.segments.push(segment)
    return segment
  }
}

function grow(segment: Segment | Segment['kept'], time: number | null): void {
  segment.entries++
  if (time === null) return
  if (segment.first === null || time < segment.first) segment.first = time
  if (segment.last === null || time > segment.last) segment.last = time
}
