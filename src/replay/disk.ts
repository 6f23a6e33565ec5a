import type { Machine } from '../where/machine.ts'
import type { Event, History } from './history.ts'

/**
 * What a machine's own files tell of its units, as facts beside those of its log:
 *
 * - `disk.alias-link {alias, unit, link, target, when, stamp}`: a link that makes a name a unit's alias, in its place by the time when it was made;
 *   `when` is `boot` where that lies in this boot, else `before`, `after` or `unknown`; `stamp` is `seconds` where archives keep no fraction,
 *   and the link may be younger by up to one
 * - `disk.alias-declared {alias, unit, file}`: an `Alias=` line
 * - `disk.pin {alias, by, how}`: a unit that names the alias, so that PID 1 loads that name though it has no file of its own
 */
export function withDisks(histories: readonly History[], machines: readonly Machine[]): History[] {
  return histories.map(history => {
    const left = machines.find(machine => isOf(machine, history, histories) || bearsItsName(machine, history))?.platform ?? null
    return machines.filter(machine => isOf(machine, history, histories)).reduce(withDisk, { ...history, left })
  })
}

/**
 * The machine's own boots: those that bear its name; where its name is nowhere, those that its logs tell of, if of one host only. A root
 * without logs of its own speaks of the log that bears its name.
 */
function isOf(machine: Machine, history: History, all: readonly History[]): boolean {
  if (machine.inputs.size === 0) return bearsItsName(machine, history)
  if (!toldBy(machine, history)) return false
  const hosts = new Set(all.filter(other => toldBy(machine, other)).map(({ host }) => host))
  return hosts.size === 1 || bearsItsName(machine, history)
}

function bearsItsName({ host }: Machine, history: History): boolean {
  return host !== null && nameOf(history.host) === nameOf(host)
}

function toldBy({ inputs }: Machine, { events }: History): boolean {
  return events.some(({ refs }) => refs.some(({ input }) => inputs.has(input)))
}

/** Logs have the name up to its first dot, or all of it. */
function nameOf(host: string): string {
  return host.split('.', 1)[0] ?? ''
}

function withDisk(history: History, machine: Machine): History {
  const facts = factsFor(history, machine)
  if (facts.length === 0) return history
  const byName = new Map(history.byName)
  for (const fact of facts) byName.set(fact.name, [...(byName.get(fact.name) ?? []), fact].sort(inOrder))
  return { ...history, events: [...history.events, ...facts].sort(inOrder), byName }
}

function inOrder(a: Event, b: Event): number {
  return a.at - b.at
}

function factsFor(history: History, { label, units }: Machine): Event[] {
  const fact = (name: string, values: Event['values'], path: string, line: number | null, more: Partial<Event>): Event => ({
    ...NOTHING,
    name,
    values,
    host: history.host,
    boot: history.boot,
    refs: [line === null ? { input: `${label}${path}` } : { input: `${label}${path}`, line }],
    ...more,
  })
  const links = units.links.map(({ alias, unit, path, target, made }) => {
    const { when, at } = placeOf(history, made)
    const values = { alias, unit, link: `/${path}`, target, when, stamp: isWhole(made) ? 'seconds' : 'fine' }
    return fact('disk.alias-link', values, path, null, { unit, time: made, until: made, at, message: `/${path} → ${target}` })
  })
  const aliases = new Set([...units.links, ...units.declared].map(({ alias }) => alias))
  const declared = units.declared.map(({ alias, unit, at }) =>
    fact('disk.alias-declared', { alias, unit, file: `/${at.path}` }, at.path, at.line, { unit, message: `Alias=${alias}` }),
  )
  const pins = units.pins.filter(({ name }) => aliases.has(name))
  const pinned = pins.map(({ name, by, how, at }) =>
    fact('disk.pin', { alias: name, by, how, file: `/${at.path}` }, at.path, at.line, { message: `${how}${name}` }),
  )
  return [...links, ...declared, ...pinned]
}

/** Files have no place in the boot's order unless their time gives them one: they stand before it. */
const NOTHING: Event = {
  name: '',
  values: {},
  time: null,
  mono: null,
  seq: -1,
  host: null,
  boot: null,
  trust: 'claimed',
  speaker: 'disk',
  pid: null,
  message: '',
  subject: null,
  speakerUnit: null,
  refs: [],
  count: 1,
  until: null,
  at: -1,
  unit: null,
  made: [],
}

function isWhole(made: number | null): boolean {
  return made !== null && made % 1e6 === 0
}

function placeOf({ events, voices }: History, made: number | null): { when: string; at: number } {
  const first = events.find(({ time }) => time !== null)?.time ?? null
  if (made === null || first === null || voices.last === null) return { when: 'unknown', at: -1 }
  if (made < first) return { when: 'before', at: -1 }
  const before = events.findLast(({ time }) => time !== null && time <= made)
  // Behind that line and the facts made from it.
  return { when: made <= voices.last ? 'boot' : 'after', at: (before?.at ?? 0) + 0.7 }
}
