import type { Segment } from './boots.ts'

/** A boot as it stands at the end: the stretches of all inputs that lie in it. */
export interface SettledBoot {
  id: string
  host: string | null
  machineId: string | null
  first: number | null
  last: number | null
  entries: number
  real: boolean
  segments: Segment[]
  /** Stretches of text logs that lie in several boots, this one among them, in order: each line's time tells which. */
  shared: Map<Segment, Share[]>
}

/** A boot in whose time a stretch lies beside others, and when it began. */
interface Share {
  boot: SettledBoot
  from: number
}

/** Two logs of one boot may begin and end this far apart (µs) and still be copies of each other. */
const SLACK = 120e6
/** A text stamp has whole seconds, and the receiver's clock is not the sender's. */
const BLUR = 2e6

/**
 * Joins the stretches of all inputs into boots, host by host: those with the journal's boot id are settled; a stretch without one joins
 * the boot in whose time it lies; the rest are put in order and numbered.
 */
export function settleBoots(segments: readonly Segment[]): SettledBoot[] {
  nameAlike(segments)
  const byHost = new Map<string, Segment[]>()
  for (const segment of segments) {
    if (segment.entries === 0 || segment.joined) continue
    const key = segment.host ?? ''
    const others = byHost.get(key)
    if (others) others.push(segment)
    else byHost.set(key, [segment])
  }
  const boots = [...byHost.values()].flatMap(settleHost)
  const bootOfRoot = new Map(boots.flatMap(boot => boot.segments.map(segment => [segment, boot] as const)))
  for (const segment of segments) {
    if (segment.joined && segment.entries > 0) bootOfRoot.get(rootOf(segment))?.segments.push(segment)
  }
  for (const boot of boots) sum(boot)
  return boots
}

/** A machine is called localhost until it has read its name: one boot of one machine id has one host, the one most lines name. */
function nameAlike(segments: readonly Segment[]): void {
  const alike = new Map<string, Segment[]>()
  for (const segment of segments) {
    if (!segment.real || segment.machineId === null) continue
    const key = `${segment.id}\0${segment.machineId}`
    alike.set(key, [...(alike.get(key) ?? []), segment])
  }
  for (const group of alike.values()) {
    const most = group.reduce((best, one) =>
      one.host !== null && (best.host === null || one.entries > best.entries) ? one : best,
    )
    for (const segment of group) segment.host = most.host
  }
}

function rootOf(segment: Segment): Segment {
  return segment.joined ? rootOf(segment.joined) : segment
}

function settleHost(segments: readonly Segment[]): SettledBoot[] {
  const real = new Map<string, SettledBoot>()
  for (const segment of segments.filter(one => one.real)) {
    const key = `${segment.id}\0${segment.machineId ?? ''}`
    const boot = real.get(key)
    if (boot) widen(boot, segment)
    else real.set(key, bootOf(segment))
  }
  // Two stretches of one input are never one boot; a log of a million reboots must not be searched for that a million times.
  const several = new Set(segments.map(segment => segment.input)).size > 1
  const made: SettledBoot[] = []
  for (const segment of inOrder(segments.filter(one => !one.real))) {
    const over = [...real.values()].filter(boot => overlaps(boot, segment))
    if (over.length > 1) share(over, segment)
    const home = nearest(over, segment) ?? (several ? made.findLast(boot => continues(boot, segment)) : undefined)
    if (over.length > 1) home?.segments.push(segment)
    else if (home) widen(home, segment)
    else made.push(bootOf(segment))
  }
  made.forEach((boot, index) => {
    boot.id = `boot-${index + 1}`
  })
  return [...real.values(), ...made].sort(
    (a, b) => order(a.first, b.first) || (a.segments[0]?.seq ?? 0) - (b.segments[0]?.seq ?? 0),
  )
}

function bootOf(segment: Segment): SettledBoot {
  const { id, host, machineId, first, last, real } = segment
  return { id, host, machineId, first, last, real, entries: 0, segments: [segment], shared: new Map() }
}

/** A text log whose lines tell no boundary, through several boots of which the journal tells. */
function share(boots: readonly SettledBoot[], segment: Segment): void {
  const shares = boots.map(boot => ({ boot, from: boot.first ?? Number.NEGATIVE_INFINITY })).sort((a, b) => a.from - b.from)
  for (const boot of boots) boot.shared.set(segment, shares)
}

/** Where a stretch's line of that time lies. */
export function bootAt(home: SettledBoot, segment: Segment, time: number | null): SettledBoot {
  const shares = home.shared.get(segment)
  if (!shares || time === null) return home
  return (shares.findLast(({ from }) => from - BLUR <= time) ?? shares[0])?.boot ?? home
}

function widen(boot: SettledBoot, segment: Segment): void {
  boot.segments.push(segment)
  boot.machineId ??= segment.machineId
  boot.first = least(boot.first, segment.first)
  boot.last = most(boot.last, segment.last)
}

/** From here on a boot's figures are those of what was asked for. */
function sum(boot: SettledBoot): void {
  const kept = boot.segments.map(segment => within(segment, boot))
  boot.entries = kept.reduce((all, one) => all + one.entries, 0)
  boot.first = kept.reduce((all: number | null, one) => least(all, one.first), null)
  boot.last = kept.reduce((all: number | null, one) => most(all, one.last), null)
}

/** Of a shared stretch only what lies beyond all other boots can widen this one. */
function within(segment: Segment, boot: SettledBoot): Segment['kept'] {
  const shares = boot.shared.get(segment)
  if (!shares) return segment.kept
  const { entries, first, last } = segment.kept
  return { entries, first: shares[0]?.boot === boot ? first : null, last: shares.at(-1)?.boot === boot ? last : null }
}

/** The boot with an id in whose time this stretch lies, the one that shares most of it. */
function nearest(boots: readonly SettledBoot[], segment: Segment): SettledBoot | null {
  let best: SettledBoot | null = null
  let shared = Number.NEGATIVE_INFINITY
  for (const boot of boots) {
    if (!overlaps(boot, segment)) continue
    const common = Math.min(boot.last ?? 0, segment.last ?? 0) - Math.max(boot.first ?? 0, segment.first ?? 0)
    if (common > shared) [best, shared] = [boot, common]
  }
  return best
}

function overlaps(boot: SettledBoot, segment: Segment): boolean {
  if (boot.first === null || boot.last === null || segment.first === null || segment.last === null) return false
  return segment.first <= boot.last + BLUR && segment.last >= boot.first - BLUR
}

/** Whether a stretch belongs to a boot found before: another copy of its log, or the next file of it. */
function continues(boot: SettledBoot, segment: Segment): boolean {
  if (boot.segments.some(one => one.input === segment.input)) return false
  if (overlaps(boot, segment)) return !segment.marked || Math.abs((segment.first ?? 0) - (boot.first ?? 0)) < SLACK
  if (segment.marked || boot.first === null || segment.first === null) return false
  const over = boot.segments.some(one => one.over)
  return segment.first >= boot.first && !(over && segment.pid1Speaks)
}

/** By time; within one input the order of its lines holds, whatever its clocks say, and what has no time stays between its neighbours. */
function inOrder(segments: readonly Segment[]): Segment[] {
  const keys = new Map<Segment, number | null>()
  const reached = new Map<string, number>()
  const bySeq = [...segments].sort((a, b) => a.seq - b.seq)
  const following = new Map<string, number>()
  for (const segment of [...bySeq].reverse()) {
    const key = segment.first ?? following.get(segment.input) ?? null
    if (key !== null) following.set(segment.input, key)
    keys.set(segment, key)
  }
  for (const segment of bySeq) {
    const key = keys.get(segment) ?? reached.get(segment.input) ?? null
    const before = reached.get(segment.input)
    const held = key !== null && before !== undefined ? Math.max(key, before) : key
    if (held !== null) reached.set(segment.input, held)
    keys.set(segment, held)
  }
  return bySeq.sort((a, b) => order(keys.get(a) ?? null, keys.get(b) ?? null) || a.seq - b.seq)
}

/** What has no time stands behind what has. */
function order(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return a - b
}

function least(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
}

function most(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b)
}
