import data from './data/assert-lines.json' with { type: 'json' }
import type { Event } from './history.ts'

const places: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = data.places

/** Versions whose source has this assertion at this place, and for which process; null where none is known. */
export function versionsOf(file: string, line: string): { role: string; versions: readonly string[] } | null {
  const found = Object.entries(places[`${file.replace(/^.*\//, '')}:${line}`] ?? {})
  const main = found.find(([role]) => role === 'main') ?? found[0]
  return main ? { role: main[0], versions: main[1] } : null
}

/** systemd's version: what it says itself when it starts, else what the assertion's place allows, as far as that is one. */
export function versionIn(events: readonly Event[]): string | null {
  const said = events.findLast(event => event.name === 'boot.systemd')?.values.version
  const number = said && /^v?(\d+(?:\.\d+)*)/.exec(said)?.[1]
  if (number) return number
  const assertion = events.find(event => event.name === 'pid1.assert' && event.values.line !== undefined)
  const { file, line } = assertion?.values ?? {}
  const versions = (file && line && versionsOf(file, line)?.versions) || []
  const released = versions.filter(version => !/-rc|-stable/.test(version))
  if (released.length === 1) return released[0] ?? null
  const majors = new Set(versions.map(major))
  return majors.size === 1 ? String([...majors][0]) : null
}

export function major(version: string): number {
  return Number.parseInt(version, 10)
}
