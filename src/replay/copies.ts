import type { Signal } from '../signals/signal.ts'

/** µs between two inputs' stamps of one event: whole seconds in the one, the sender's clock in the other. */
const COPY_REACH = 2e6
const SECOND = 1e6

/**
 * Finds for each signal of a log with whole seconds (rsyslog's file) the same event in a log with finer stamps (the journal): that one's
 * stamp is the event's. Events of one wording are matched in their order, each at most once.
 */
export function finerTwins(signals: readonly Signal[]): Map<Signal, Signal> {
  const coarse = coarseInputs(signals)
  const twins = new Map<Signal, Signal>()
  if (coarse.size === 0) return twins
  const fine = new Map<string, Signal[]>()
  for (const signal of signals) {
    if (coarse.has(inputOf(signal)) || signal.time === null) continue
    const key = sameness(signal)
    const list = fine.get(key)
    if (list) list.push(signal)
    else fine.set(key, [signal])
  }
  if (fine.size === 0) return twins
  for (const list of fine.values()) list.sort((a, b) => (a.time ?? 0) - (b.time ?? 0))
  const taken = new Set<string>()
  for (const signal of signals) {
    if (signal.time === null || !coarse.has(inputOf(signal))) continue
    const twin = nearestFree(fine.get(sameness(signal)) ?? [], signal, one => taken.has(`${inputOf(signal)}\0${one.seq}`))
    if (!twin) continue
    taken.add(`${inputOf(signal)}\0${twin.seq}`)
    twins.set(signal, twin)
  }
  return twins
}

function inputOf(signal: Signal): string {
  return signal.refs[0]?.input ?? ''
}

/** Inputs whose stamps have no fraction of a second. */
function coarseInputs(signals: readonly Signal[]): Set<string> {
  const whole = new Map<string, boolean>()
  for (const signal of signals) {
    if (signal.time !== null) whole.set(inputOf(signal), (whole.get(inputOf(signal)) ?? true) && signal.time % SECOND === 0)
  }
  return new Set([...whole].filter(([, all]) => all).map(([input]) => input))
}

/** A storm is the same storm when it is about the same thing; its first line may be missing in one of the logs. */
function sameness({ name, count, values, message }: Signal): string {
  if (count > 1 && values.prefix !== undefined) return `${name}\0${values.prefix}`
  return `${name}\0${message.split('\n', 1)[0]?.trim()}`
}

/** Of those in the same second the first that is free, else the nearest. `list` is in order of time. */
function nearestFree(list: readonly Signal[], signal: Signal, isTaken: (one: Signal) => boolean): Signal | null {
  const time = signal.time ?? 0
  let best: Signal | null = null
  let bestGap = Number.POSITIVE_INFINITY
  for (let index = firstFrom(list, time - COPY_REACH); index < list.length; index++) {
    const one = list[index]
    if (!one || (one.time ?? 0) > time + SECOND + COPY_REACH) break
    if (isTaken(one)) continue
    const gap = (one.time ?? 0) < time ? time - (one.time ?? 0) : Math.max(0, (one.time ?? 0) - time - SECOND)
    if (gap < bestGap) [best, bestGap] = [one, gap]
    if (gap === 0) break
  }
  return best
}

function firstFrom(list: readonly Signal[], time: number): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle]?.time ?? 0) < time) low = middle + 1
    else high = middle
  }
  return low
}
