/** What a rule may ask of the replay. One entry is one function of the rule language; grammars/README.md lists them. */
import { knownAliases, knownComm } from '../replay/alias-pairs.ts'
import { type Event, type History, type LastWord, secondsBetween } from '../replay/history.ts'
import type { Track } from '../replay/tracks.ts'
import { inRanges, major, versionsOf } from '../replay/version.ts'
import { fieldOf, type Scope, type Value } from './scope.ts'

type Ask = (scope: Scope, ...values: Value[]) => Value

export const FUNCTIONS: Readonly<Record<string, Ask>> = {
  /** How many entries the event stands for, bursts counted whole. */
  count: (_, list) => countOf(list),
  /** The same in words: `once`, `5 times`; `1 message`, `5 messages`. */
  times: (_, list) => timesInWords(countOf(list)),
  amount: (_, list, noun) => `${countOf(list)} ${noun}${countOf(list) === 1 ? '' : 's'}`,
  /** Seconds from the one to the other; nothing where either has no time. */
  seconds: (_, from, to) => between(one(from), one(to)),
  /** The same in words. */
  span: (_, from, to) => inWords(between(one(from), one(to))),
  words: (_, seconds) => inWords(typeof seconds === 'number' ? seconds : null),
  /** The unit's state just before the event: activating, running, stopping, ended, unknown. */
  state: (scope, unit, event) => trackState(scope, unit, one(event))?.state ?? 'unknown',
  /** The name under which PID 1 speaks of the unit: its own, or its alias's. */
  'runs-as': (scope, unit) => runsAs(scope, unit),
  /** The line that put the unit into the state it has just before the event. */
  since: (scope, unit, event) => list(trackState(scope, unit, one(event))?.since),
  /** The first thing PID 1 says of the unit's state after the event. */
  next: (scope, unit, event) => list(at(one(event), event => trackOf(scope, unit)?.nextAfter(event))),
  /** The first line between the two (or after the first) that shows the unit's end. */
  ended: (scope, unit, from, to) => list(at(one(from), from => trackOf(scope, unit)?.endBetween(from, one(to ?? null)))),
  /** The last line before the event that shows the unit's end. */
  'ended-before': (scope, unit, event) => list(at(one(event), event => trackOf(scope, unit)?.endBefore(event))),
  /** True where the log never gives the unit's name beside its description, and the description was matched by what else fits. */
  guessed: (scope, unit) => found(scope, unit)?.guessed ?? false,
  /** Reloads and re-executions that lie between two events, or after the one. */
  reloads: ({ history }, from, to) => {
    const [start, end] = [one(from), one(to ?? null)]
    if (!start) return 0
    return (history.byName.get('reload') ?? []).filter(reload => reload.at > start.at && (!end || reload.at < end.at)).length
  },
  /** journald's own fields, or the kernel, say who wrote it. */
  trusted: (_, list) => events(list).length > 0 && events(list).every(event => event.trust === 'trusted'),
  /** No header says who wrote it: anybody may have. */
  assumed: (_, list) => events(list).some(event => event.speaker === null),
  /** PID 1 was not heard after the event, though others were or the log went on. */
  silent: ({ history }, event) => at(lastOf(event), event => !heardAfter(history, event)) ?? false,
  /** A process of the unit was heard after the event. */
  'heard-after': ({ history }, unit, event) => at(one(event), event => isAfter(lastWord(history, unit), event)) ?? false,
  /** How long before the event the unit's process was heard last, in words; nothing where that is long ago, or it was heard again. */
  'fell-silent': ({ history }, unit, event) => at(one(event), event => fellSilent(lastWord(history, unit), event)),
  /** Seconds that the log goes on after the event (of a burst: after its last). */
  remaining: ({ history }, event) => at(lastOf(event), event => remaining(history, event)) ?? null,
  /** The refused socket was pulled in by the unit's own start, as far as their moments tell. */
  pulled: (scope, unit, pin) => events(pin).some(event => pulledIn(scope, unit, event)),
  /** The pair stands in the list of units that commonly declare this alias. */
  'known-pair': (_, unit, alias) => typeof unit === 'string' && typeof alias === 'string' && knownAliases(unit).includes(alias),
  /** systemd's major version, where the log tells it. */
  version: ({ history }) => (history.systemd === null ? null : major(history.systemd)),
  systemd: ({ history }) => history.systemd,
  /** Versions whose source has the assertion at this place. */
  'versions-of': (_, event) =>
    at(one(event), event => inRanges(versionsOf(event.values.file ?? '', event.values.line ?? '')?.versions ?? [])) || null,
  /** Which process the assertion at this place is about: main or control. */
  'process-of': (_, event) => at(one(event), event => versionsOf(event.values.file ?? '', event.values.line ?? '')?.role) ?? null,
  /** Services other than the unit that PID 1 stopped after the event. */
  'others-stopped': (scope, unit, event) => at(one(event), event => othersStopped(scope, unit, event)) || null,
  /** Seconds from the first of an episode to the last of its last burst. */
  'seconds-of': (_, list) => length(events(list)),
  'span-of': (_, list) => inWords(length(events(list))),
  /** Whose queue was full: dbus-daemon's last parentheses say it; ENOBUFS lines are about the speaker's own queue. */
  'victim-of': (scope, list) => victimOf(events(list), events(scope.events.get('rejected'))),
  /** What became of PID 1, by its own last word; without one only that it crashed. */
  fate: (_, event) => FATES[one(event)?.name ?? ''] ?? 'crashed',
  basename: (_, value) => (typeof value === 'string' ? value.trim().replace(/^.*\//, '').replace(/\s.*$/, '') : null),
  /** The value that most of the events have in a field. */
  top: (_, list, field) => tally(events(list), field)[0]?.[0] ?? null,
  /** All values of a field with their counts: `PropertiesChanged 2258, UnitNew 1`. */
  each: (_, list, field) =>
    tally(events(list), field)
      .slice(0, 12)
      .map(([value, count]) => `${value} ${count}`)
      .join(', ') || null,
  /** Those of an episode that one of these signals brought. */
  only: (_, list, ...names) => events(list).filter(event => names.includes(event.name)),
  distinct: (_, list, field) => tally(events(list), field).length,
  /** Entries like this that the bounded memory folded away. */
  folded: ({ history }, name) => (typeof name === 'string' ? (history.folded.get(name) ?? 0) : 0),
}

const FATES: Readonly<Record<string, string>> = {
  'pid1.froze': 'froze',
  'pid1.exited': 'exited',
  'pid1.rebooting': 'rebooted the machine',
  'pid1.poweroff': 'powered the machine off',
}

function countOf(list: Value | undefined): number {
  return events(list).reduce((sum, event) => sum + event.count, 0)
}

function timesInWords(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`
}

function length(list: readonly Event[]): number | null {
  const [first, last] = [list[0], list.at(-1)]
  if (!first || !last || first.time === null) return null
  return (Math.max(...list.map(event => event.until ?? event.time ?? 0)) - first.time) / 1e6
}

/**
 * Whose queue it was: the last parentheses of dbus-daemon's line name it (dbus 1.14 bus/connection.c: the proposed recipient). logind's own
 * ENOBUFS comes from its read queue, and PID 1's from its write queue, towards whoever does not read (systemd v239 sd-bus.c lines 1740, 1850).
 */
function victimOf(list: readonly Event[], rejected: readonly Event[]): string | null {
  const waiting = tally(rejected, 'victim-comm')[0]?.[0]
  if (waiting) return waiting.trim().replace(/\s.*$/, '').replace(/^.*\//, '')
  const speakers = list.filter(event => event.name === 'bus.scope-failed').map(event => event.speaker ?? 'systemd-logind')
  return speakers[0] ?? null
}

function events(value: Value | undefined): readonly Event[] {
  return Array.isArray(value) ? value : []
}
function one(value: Value | undefined): Event | null {
  return events(value)[0] ?? null
}
function lastOf(value: Value | undefined): Event | null {
  return events(value).reduce<Event | null>(
    (last, event) => (last && (last.until ?? 0) > (event.until ?? 0) ? last : event),
    null,
  )
}
function list(event: Event | null | undefined): readonly Event[] {
  return event ? [event] : []
}
function at<T>(event: Event | null, ask: (event: Event) => T): T | null {
  return event ? ask(event) : null
}
function between(from: Event | null, to: Event | null): number | null {
  return from && to ? secondsBetween(from, to) : null
}

function inWords(seconds: number | null): string | null {
  if (seconds === null) return null
  const size = Math.abs(seconds)
  if (size < 0.0005) return 'less than a second'
  if (size < 1) return `${Math.round(seconds * 1000)} ms`
  if (size < 120) return `${Number(seconds.toFixed(1))} s`
  if (size < 7200) return `${Math.round(seconds / 60)} min`
  if (size < 172_800) return `${Number((seconds / 3600).toFixed(1))} h`
  return `${Number((seconds / 86_400).toFixed(1))} days`
}

function heardAfter(history: History, event: Event): boolean {
  const { lastPid1 } = history.voices
  if (!lastPid1) return false
  // A burst's end is told in wall time only; else the uptime is surer, for no one sets it.
  if (lastPid1.mono !== null && event.mono !== null && event.count === 1) return lastPid1.mono >= event.mono + SPOKE_ON
  if (lastPid1.time !== null && event.time !== null) return lastPid1.time >= (event.until ?? event.time) + SPOKE_ON
  return lastPid1.seq > event.seq
}

/** µs after which a word of PID 1 is no echo of its end: the crash's own lines come at once, and some logs have whole seconds. */
const SPOKE_ON = 1e6

/** The unit's last words: by its name, else by the identifier that its daemon is known to use. */
function lastWord(history: History, unit: Value | undefined): LastWord | undefined {
  if (typeof unit !== 'string') return undefined
  return history.voices.words.get(unit) ?? history.voices.words.get(knownComm(unit) ?? unit.replace(/\.service$/, ''))
}

function isAfter(word: LastWord | undefined, event: Event): boolean {
  if (!word) return false
  return word.time !== null && event.time !== null ? word.time > event.time + SAME_MOMENT : word.seq > event.seq
}

/** µs within which two lines count as of one moment: a daemon's last words and its end race each other to the journal. */
const SAME_MOMENT = 2e6

function fellSilent(word: LastWord | undefined, event: Event): string | null {
  if (!word || word.time === null || event.time === null || isAfter(word, event)) return null
  const seconds = (event.time - word.time) / 1e6
  return seconds <= SAME_MOMENT / 1e6 ? inWords(Math.max(0, seconds)) : null
}

function remaining(history: History, event: Event): number | null {
  const { last } = history.voices
  return last === null || event.time === null ? null : (last - (event.until ?? event.time)) / 1e6
}

function othersStopped(scope: Scope, unit: Value | undefined, event: Event): number {
  let stopped = 0
  for (const track of scope.history.tracks.values()) {
    if (track.unit !== unit && track.steps.some(step => step.name === 'unit.stopping' && step.at > event.at)) stopped++
  }
  return stopped
}

/** s within which a refused socket and the start that pulled it in stand in the log. */
const ONE_TRANSACTION = 0.5

/**
 * A unit that requires the socket is started right behind its refusal, and nothing else is started around them: while a machine boots, any
 * unit stands next to any socket, and that says nothing.
 */
export function pulledIn(scope: Scope, unit: Value | undefined, pin: Event): boolean {
  const near = (step: Event) =>
    step.name === 'unit.starting' && Math.abs(secondsBetween(pin, step) ?? Number.POSITIVE_INFINITY) <= ONE_TRANSACTION
  const own = (trackOf(scope, unit)?.steps ?? []).filter(near)
  const starts = (scope.history.byName.get('unit.starting') ?? []).filter(near)
  return own.some(step => step.at > pin.at) && starts.length === own.length
}

function trackState(scope: Scope, unit: Value | undefined, event: Event | null) {
  return event ? trackOf(scope, unit)?.stateBefore(event) : undefined
}

function trackOf(scope: Scope, unit: Value | undefined): Track | undefined {
  return found(scope, unit)?.track
}

/**
 * The unit's own track, else its alias's (the running one of a pair may be the one that becomes the alias: systemd #9315), else the one
 * description that fits: the log of a systemd that prints descriptions only may never name the unit.
 */
function found(scope: Scope, unit: Value | undefined): { track: Track; guessed: boolean } | undefined {
  if (typeof unit !== 'string') return undefined
  const { tracks } = scope.history
  const alias = unit === scope.variables.get('unit') ? scope.variables.get('alias') : undefined
  const own = tracks.get(unit) ?? (alias === undefined ? undefined : tracks.get(alias))
  if (own?.steps.some(step => step.name !== 'unit.signalled' && step.name !== 'unit.notify-refused'))
    return { track: own, guessed: false }
  const described = describedAs(scope.history, unit)
  if (described) return { track: described, guessed: true }
  return own ? { track: own, guessed: false } : undefined
}

function runsAs(scope: Scope, unit: Value | undefined): string | null {
  const name = found(scope, unit)?.track.unit
  return name !== undefined && name === scope.variables.get('alias') ? name : typeof unit === 'string' ? unit : null
}

function describedAs(history: History, unit: string): Track | null {
  const stem = unit
    .replace(/\.[a-z]+$/, '')
    .replace(/@.*$/, '')
    .toLowerCase()
  if (stem.length < 3) return null
  const unnamed = [...history.tracks.values()].filter(track => /\s/.test(track.unit) || !track.unit.includes('.'))
  const fitting = unnamed.filter(track =>
    track.unit
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .includes(stem),
  )
  const [only] = fitting
  return only && fitting.length === 1 && !isOfTwo(only) ? only : null
}

/** Two units of one description: it is started while it runs. */
function isOfTwo(track: Track): boolean {
  return track.steps.some(step => step.name === 'unit.started' && track.stateBefore(step).state === 'running')
}

function tally(list: readonly Event[], field: Value | undefined): [string, number][] {
  const counts = new Map<string, number>()
  for (const event of list) {
    const value = typeof field === 'string' ? fieldOf(event, field) : null
    if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + event.count)
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
}
