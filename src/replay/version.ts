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

/** Releases in words, those that follow one another as a range: `255.5 to 255.13, 256`. Branches and candidates stand as they are. */
export function inRanges(versions: readonly string[]): string {
  const numbered = versions
    .filter(version => /^\d+(?:\.\d+)?$/.test(version))
    .sort((a, b) => major(a) - major(b) || point(a) - point(b))
  const runs: string[][] = []
  for (const version of numbered) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (run && last && major(last) === major(version) && point(version) === point(last) + 1) run.push(version)
    else runs.push([version])
  }
  const ranges = runs.map(run => (run.length > 2 ? `${run[0]} to ${run.at(-1)}` : run.join(', ')))
  return [...ranges, ...versions.filter(version => !numbered.includes(version))].join(', ')
}

function point(version: string): number {
  return Number(version.split('.')[1] ?? 0)
}
