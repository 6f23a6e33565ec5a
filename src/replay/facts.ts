import { basename, dirname } from 'node:path'
import type { Event } from './history.ts'
import { isUnitName } from './names.ts'

/** Facts: events that no single line tells. Each takes the place of the last line it was made from. */
export function deriveFacts(events: readonly Event[]): Event[] {
  return [...reloads(events), ...aliasLinks(events), ...pins(events), ...storms(events)]
}

function fact(name: string, made: readonly Event[], values: Record<string, string>, unit: string | null = null): Event {
  const [first, last] = [made[0], made.at(-1)]
  if (!first || !last) throw new Error(`fact ${name} made of nothing`)
  return { ...first, name, values, unit, at: last.at + 0.5, made, refs: made.flatMap(event => event.refs) }
}

/**
 * One reload or re-execution of the manager, in the place of its begin line, for the units' states are saved right after it: up to three lines (who asked, begin, end) that PID 1 prints in this order with
 * nothing of its own in between (systemd v255 src/core/dbus-manager.c:log_caller, src/core/manager.c:manager_reload).
 */
function reloads(events: readonly Event[]): Event[] {
  const found: Event[] = []
  let open: Event[] = []
  const close = () => {
    const begin = open.find(event => event.name !== 'manager.reload-requested') ?? open[0]
    if (begin) {
      const asked = open.find(event => /-requested$|sighup$/.test(event.name))
      const { pid, comm, asker } = asked?.values ?? {}
      const values: Record<string, string> = { kind: open.some(event => /reexec/.test(event.name)) ? 're-execution' : 'reload' }
      if (pid !== undefined) values.pid = pid
      if (comm !== undefined) values.comm = comm
      if (asker !== undefined) values.asker = asker
      found.push({
        ...fact('reload', open, values),
        at: begin.at + 0.5,
        time: begin.time,
        mono: begin.mono,
        message: begin.message,
      })
    }
    open = []
  }
  for (const event of events) {
    const rank = RELOAD_LINES[event.name]
    if (rank === undefined) continue
    const reached = RELOAD_LINES[open.at(-1)?.name ?? ''] ?? -1
    if (open.length > 0 && (rank <= reached || event.at - (open.at(-1)?.at ?? 0) > RELOAD_REACH)) close()
    open.push(event)
    if (rank === 2) close()
  }
  close()
  return found
}

const RELOAD_LINES: Readonly<Record<string, number>> = {
  'manager.reload-requested': 0,
  'manager.reexec-requested': 0,
  'manager.sighup': 0,
  'manager.reload-begin': 1,
  'manager.reexec': 1,
  'manager.reload-done': 2,
}
/** Signals that may stand between two lines of one reload: other programs' lines, and what PID 1 says of units while it loads them. */
const RELOAD_REACH = 2000

/** A link by which one unit name becomes another's alias; links into *.wants/ and *.requires/ are dependencies, not names. */
function aliasLinks(events: readonly Event[]): Event[] {
  return events.flatMap(event => {
    const { link, target } = event.values
    if (event.name !== 'link.created' || !link || !target) return []
    const [alias, unit] = [basename(link), basename(target)]
    const named = isUnitName(alias) && isUnitName(unit) && alias !== unit && suffix(alias) === suffix(unit)
    if (!named || /\.(?:wants|requires|upholds)$/.test(dirname(link)) || isInstanceOf(alias, unit)) return []
    return [fact('alias.link', [event], { alias, unit, link, target }, unit)]
  })
}

function suffix(unit: string): string {
  return unit.slice(unit.lastIndexOf('.'))
}

function isInstanceOf(name: string, template: string): boolean {
  return template.includes('@.') && name.startsWith(template.slice(0, template.indexOf('@') + 1))
}

/**
 * A socket whose service has no unit file: PID 1 tracks that name apart, dead, for as long as the socket unit is loaded. A socket that
 * listens is told as well, for it stops being refused in the moment its service's name becomes an alias.
 */
function pins(events: readonly Event[]): Event[] {
  return events.flatMap(event => {
    if (event.name === 'socket.listening' && event.unit?.endsWith('.socket')) {
      return [fact('alias.listening', [event], { alias: event.unit.replace(/socket$/, 'service'), socket: event.unit })]
    }
    if (event.name !== 'socket.refused' && event.name !== 'socket.refused-other') return []
    const { unit: socket, service } = event.values
    return socket && service ? [fact('alias.pin', [event], { alias: service, socket })] : []
  })
}

/** A hundred mount units or more within a minute below one directory. */
function storms(events: readonly Event[]): Event[] {
  return events.flatMap(event => {
    const { prefix, peakSeconds, peakEntries } = event.values
    if (prefix === undefined || KIND_OF[event.name] === undefined || (peakSeconds === undefined && peakEntries === undefined))
      return []
    const dense = peakSeconds !== undefined ? Number(peakSeconds) <= STORM_SECONDS : Number(peakEntries) <= STORM_ENTRIES
    if (!dense) return []
    return [
      { ...fact('mount.storm', [event], { prefix, kind: KIND_OF[event.name] ?? '' }), count: event.count, until: event.until },
    ]
  })
}

const STORM_SECONDS = 60
const STORM_ENTRIES = 200
const KIND_OF: Readonly<Record<string, string>> = {
  'unit.deactivated': 'ended',
  'mount.unmounted': 'ended',
  'mount.unmounting': 'ended',
  'mount.mounting': 'made',
  'mount.mounted': 'made',
}

/** The signals that a fact is made of, for facts that take no name from elsewhere (`alias.listening` does). */
export const MADE_OF: Readonly<Record<string, readonly string[]>> = {
  reload: Object.keys(RELOAD_LINES),
  'alias.link': ['link.created'],
  'alias.pin': ['socket.refused', 'socket.refused-other'],
  'mount.storm': Object.keys(KIND_OF),
}
