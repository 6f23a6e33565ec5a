import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { analyzeWith } from '../../analyze.ts'
import { InputError } from '../../problems/problem.ts'
import type { Incident, Input, Report } from '../../report/report.ts'
import type { Grammar } from '../../rules/shipped.ts'
import { expanded, type Item, partOf, shareOf } from '../item.ts'
import { type HostResult, hostsOf } from '../result.ts'
import { Parts, type Piece } from './parts.ts'
import { isStream, type Log, takeApart } from './take-apart.ts'

/** What is examined at once is about this much, so that memory does not grow with the streams. */
const PART = 4 * 2 ** 20
/** Where journals, archives or roots lie among the streams: these are read anew for each part. */
const PART_BESIDE = 64 * 2 ** 20
const MOST_PARTS = 1024

/** A share of the hosts of streams: what is known of each, and of the streams themselves. */
export interface Examined {
  hosts: HostResult[]
  inputs: Input[]
}

/**
 * Examines a share of the hosts of streams, a few at a time. Each stream is read once and taken apart by host; the parts are examined like logs that
 * lie in files of their own, and what is found is told with its place in the stream.
 */
export async function examineStreams(item: Item, paths: readonly string[], grammar: Grammar): Promise<Examined> {
  const { at, of } = item.share ?? { at: 0, of: 1 }
  const [streams, beside]: [string[], string[]] = [[], []]
  for (const path of paths) ((await isStream(path, item.manner)) ? streams : beside).push(path)
  const size = expanded(item.inputs) / of / (beside.length > 0 ? PART_BESIDE : PART)
  const count = Math.max(1, Math.min(MOST_PARTS, Math.ceil(size)))
  const parts = new Parts(count)
  const inputs = new Inputs()
  const hosts: HostResult[] = []
  try {
    const logs: Log[] = []
    for (const path of streams) {
      const log = await takeApart(path, item.manner, parts, host => (shareOf(host, of) === at ? partOf(host, count) : null))
      logs.push(log)
      inputs.add(path, log)
    }
    for (let part = 0; part < count; part++) {
      const pieces = parts.piecesOf(part)
      if (pieces.length === 0 && beside.length === 0) continue
      const report = await withFiles(pieces, logs, files => {
        const own = (host: string): boolean => shareOf(host, of) === at && partOf(host, count) === part
        return analyzeWith(grammar, [...files, ...beside], { ...item.manner, ...(beside.length > 0 && { hosts: own }) })
      })
      for (const input of report.inputs) inputs.add(input.path, input)
      hosts.push(...hostsOf(item, report))
    }
  } finally {
    parts.close()
  }
  return { hosts, inputs: inputs.all() }
}

/**
 * Lays the pieces into files of a private folder, each under the end of its log's own path (a container's name stands there), has them examined, and
 * tells the report's places as those in the logs.
 */
async function withFiles(
  pieces: readonly Piece[],
  logs: readonly Log[],
  examine: (files: readonly string[]) => Promise<Report>,
): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'inquest-'))
  const origin = new Map<string, { path: string; piece: Piece }>()
  try {
    for (const piece of pieces) {
      const log = logs[piece.log]
      if (!log) continue
      const file = join(folder, String(piece.log), ...log.path.split('/').filter(part => part !== '..').slice(-TAIL))
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, Buffer.concat([...piece.chunks()]))
      // The year of stamps that have none is told from it.
      if (log.mtime !== null) utimesSync(file, new Date(), new Date(log.mtime))
      origin.set(file, { path: log.path, piece })
    }
    const report = await examine([...origin.keys()])
    const placed = <Place extends { line?: number; offset?: number }>(place: Place, at: string): Place => {
      const { piece } = origin.get(at) ?? {}
      return piece ? { ...place, ...piece.placeOf(place) } : place
    }
    return {
      ...report,
      inputs: report.inputs.map(input => ({
        ...input,
        path: origin.get(input.path)?.path ?? input.path,
        problems: input.problems.map(problem => placed(problem, input.path)),
      })),
      incidents: report.incidents.map(incident =>
        withRefs(incident, ref => ({ ...placed(ref, ref.input), input: origin.get(ref.input)?.path ?? ref.input })),
      ),
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // where node:fs throws it
    throw code === 'ENOSPC' || code === 'EACCES' ? new InputError(`${tmpdir()}: no room for a temporary copy (${code})`) : error
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Parts of a path that a container's name may stand in. */
const TAIL = 4

function withRefs(incident: Incident, moved: (ref: Incident['timeline'][number]['refs'][number]) => typeof ref): Incident {
  const told = <Told extends { refs: Incident['timeline'][number]['refs'] }>(each: Told): Told => ({
    ...each,
    refs: each.refs.map(moved),
  })
  const { timeline, evidence } = incident
  return {
    ...incident,
    timeline: timeline.map(told),
    evidence: { for: evidence.for.map(told), against: evidence.against.map(told), unknown: evidence.unknown.map(told) },
  }
}

/** What each log was read as, over all parts. */
class Inputs {
  private readonly byPath = new Map<string, Input>()

  add(path: string, found: Partial<Omit<Input, 'path'>>): void {
    const known = this.byPath.get(path)
    const input = known ?? { ...UNREAD, path, problems: [] }
    this.byPath.set(path, input)
    if (input.entries === 0 && found.format !== undefined) input.format = found.format
    input.entries += found.entries ?? 0
    input.bytes += found.bytes ?? 0
    input.recovered += found.recovered ?? 0
    const lost = found.lost === undefined ? 0 : found.lost
    input.lost = input.lost === null || lost === null ? null : input.lost + lost
    input.complete &&= found.complete ?? true
    input.problems.push(...(found.problems ?? []))
  }

  all(): Input[] {
    return [...this.byPath.values()]
  }
}

const UNREAD = { format: 'unknown', entries: 0, bytes: 0, recovered: 0, lost: 0, complete: true }
