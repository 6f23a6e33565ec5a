import type { Signal } from '../signals/signal.ts'
import { finerTwins } from './copies.ts'
import { deriveFacts } from './facts.ts'
import type { Event, History } from './history.ts'
import { isLater, laterOf, type Page, toEvent } from './ledger.ts'
import { NameBook } from './names.ts'
import { platformIn } from './platform.ts'
import { Track } from './tracks.ts'
import { versionIn } from './version.ts'

/** Turns the collected pages into one history a boot. Pages that were settled to the same boot are joined. */
export function replay(pages: readonly Page[]): History[] {
  const byBoot = new Map<string, Page[]>()
  for (const page of pages) {
    const key = `${page.host}\0${page.boot}`
    byBoot.set(key, [...(byBoot.get(key) ?? []), page])
  }
  const names = new Map<string, NameBook>()
  const ordered = [...byBoot.values()].map(joined => join(joined))
  for (const page of ordered) learn(bookOf(names, page.host), page.signals)
  return ordered.map(page => historyOf(page, bookOf(names, page.host)))
}

function bookOf(books: Map<string, NameBook>, host: string): NameBook {
  const book = books.get(host) ?? new NameBook()
  books.set(host, book)
  return book
}

function join(pages: readonly Page[]): Page {
  const [first] = pages
  if (!first) throw new Error('a boot without a page')
  const all = pages.flatMap(page => page.signals)
  const twins = finerTwins(all)
  const signals = withoutCopies(withoutTwins(inOrder(all, twins), twins))
  if (pages.length === 1) return { ...first, signals }
  const voices = { ...first.voices, words: new Map(first.voices.words) }
  const folded = new Map<string, number>()
  for (const page of pages) for (const [name, count] of page.folded) folded.set(name, (folded.get(name) ?? 0) + count)
  for (const page of pages.slice(1)) {
    voices.all += page.voices.all
    voices.pid1 += page.voices.pid1
    voices.last = max(voices.last, page.voices.last)
    voices.lastPid1 = laterOf(voices.lastPid1, page.voices.lastPid1)
    voices.lastSeq = Math.max(voices.lastSeq, page.voices.lastSeq)
    for (const [who, word] of page.voices.words) if (word.seq > (voices.words.get(who)?.seq ?? -1)) voices.words.set(who, word)
  }
  return { ...first, signals, voices, folded }
}

function max(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b)
}

/** µs by which a stamp may lag behind the line before it and still be in order: senders' clocks against the order of receipt. */
const JITTER = 1e6

/**
 * Orders signals of several inputs by time. Within one input the order of the lines is kept, for it is the order of receipt; only a line
 * whose stamp falls back by more than a second is sorted by that stamp, unless its monotonic time went on: then the clock was set. A line
 * without a time stays behind the line before it.
 */
function inOrder(signals: readonly Event[], twins: ReadonlyMap<Signal, Signal>): Event[] {
  const reached = new Map<string, number>()
  const uptime = new Map<string, number>()
  const timed = signals.some(signal => signal.time !== null)
  const retold = new Set([...twins.keys()].map(signal => signal.refs[0]?.input ?? ''))
  const ordered = [...signals].sort((a, b) => a.seq - b.seq)
  for (const signal of ordered) {
    const input = signal.refs[0]?.input ?? ''
    const before = reached.get(input)
    const clock = twins.get(signal)?.time ?? signal.time ?? (timed ? null : signal.mono)
    let key = clock ?? before ?? Number.NEGATIVE_INFINITY
    const set = signal.mono !== null && signal.mono >= (uptime.get(input) ?? Number.POSITIVE_INFINITY)
    if (signal.mono !== null) uptime.set(input, signal.mono)
    if (before !== undefined && set) key = Math.max(key, before)
    // A line that only the coarser log has stands behind the one before it, whose moment the finer log told.
    if (before !== undefined && key < before && before - key <= JITTER) key = retold.has(input) ? before + 0.5 : before
    else reached.set(input, Math.max(before ?? Number.NEGATIVE_INFINITY, key))
    signal.at = key
  }
  return ordered.sort((a, b) => a.at - b.at || a.seq - b.seq)
}

/** A signal read twice stays where its finer stamp puts it, with both references; its storm is as large as the fuller log tells. */
function withoutTwins(signals: readonly Event[], twins: ReadonlyMap<Signal, Signal>): Event[] {
  for (const [signal, twin] of twins) {
    twin.refs = signal.seq < twin.seq ? [...signal.refs, ...twin.refs] : [...twin.refs, ...signal.refs]
    twin.count = Math.max(twin.count, signal.count)
    if (signal.trust === 'trusted') twin.trust = 'trusted'
  }
  return signals.filter(signal => !twins.has(signal))
}

/** µs between two inputs' stamps of one event: whole seconds in the one, the sender's clock in the other. */
const COPY_REACH = 2e6

/** The same event read from the journal and from rsyslog's file is one signal with two references. */
function withoutCopies(signals: readonly Event[]): Event[] {
  if (new Set(signals.map(signal => signal.refs[0]?.input)).size < 2) return [...signals]
  const recent = new Map<string, Signal[]>()
  const kept: Event[] = []
  for (const signal of signals) {
    const key = `${signal.name}\0${signal.message.split('\n', 1)[0]?.trim()}`
    const near = (recent.get(key) ?? []).filter(other => isNear(other, signal))
    const twin = near.find(other => !other.refs.some(ref => ref.input === signal.refs[0]?.input))
    if (twin) {
      twin.refs.push(...signal.refs)
      if (signal.trust === 'trusted') twin.trust = 'trusted'
      continue
    }
    kept.push(signal)
    recent.set(key, [...near, signal])
  }
  return kept
}

function isNear(a: Signal, b: Signal): boolean {
  return a.time !== null && b.time !== null && Math.abs(a.time - b.time) <= COPY_REACH
}

function learn(names: NameBook, signals: readonly Signal[]): void {
  let before: Signal | null = null
  for (const signal of signals) {
    names.learn(signal)
    if (signal.speaker !== null && signal.speaker !== 'pid1') continue
    if (before) names.learnPair(before, signal)
    before = signal
  }
}

function historyOf(page: Page, names: NameBook): History {
  const events = page.signals
  events.forEach((event, at) => {
    event.at = at
    event.unit = names.unitOf(event)
  })
  for (const fact of [...deriveFacts(events), ...lastHeard(page, events)]) events.push(fact)
  events.sort((a, b) => a.at - b.at)
  const byName = new Map<string, Event[]>()
  const tracks = new Map<string, Track>()
  for (const event of events) {
    const list = byName.get(event.name)
    if (list) list.push(event)
    else byName.set(event.name, [event])
    const subject = event.unit ?? event.values.name
    if (subject !== undefined && event.name.startsWith('unit.') && event.trust !== 'refuted') {
      const track = tracks.get(subject) ?? new Track(subject)
      tracks.set(subject, track)
      track.add(event)
    }
  }
  const { host, boot, voices, folded } = page
  return {
    host,
    boot,
    events,
    byName,
    names,
    tracks,
    voices,
    folded,
    systemd: versionIn(events),
    platform: platformIn(events),
    left: null,
  }
}

/** PID 1's last line as an event of its own, whatever it says: who wrote a line after its end did not end. */
function lastHeard({ voices: { lastPid1 } }: Page, plain: readonly Event[]): Event[] {
  if (!lastPid1) return []
  const event = toEvent(lastPid1, { name: 'pid1.heard', values: {} })
  event.at = plain.findLastIndex(before => !isLater(before, lastPid1)) + 0.75
  return [event]
}
