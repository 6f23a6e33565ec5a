import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { analyzeWith } from '../../analyze.ts'
import { containerOf } from '../../formats/container-name.ts'
import { InputError } from '../../problems/problem.ts'
import type { Incident, Input, Report } from '../../report/report.ts'
import type { Grammar } from '../../rules/shipped.ts'
import { expanded, type Item, partOf, shareOf } from '../item.ts'
import { type HostResult, hostsOf } from '../result.ts'
import { Parts, type Piece } from './parts.ts'
import { isStream, type Log, type Open, takeApart } from './take-apart.ts'

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
export async function examineStreams(item: Item, paths: readonly string[], grammar: Grammar, stored: Open): Promise<Examined> {
  const { at, of } = item.share ?? { at: 0, of: 1 }
  const [streams, beside]: [string[], string[]] = [[], []]
  for (const path of paths) ((await isStream(path, stored, item.manner)) ? streams : beside).push(path)
  const size = expanded(item.inputs) / of / (beside.length > 0 ? PART_BESIDE : PART)
  const count = Math.max(1, Math.min(MOST_PARTS, Math.ceil(size)))
  const parts = new Parts(count)
  const inputs = new Inputs()
  const hosts: HostResult[] = []
  const folder = mkdtempSync(join(tmpdir(), 'inquest-'))
  try {
    const logs: Log[] = []
    for (const path of streams) {
      const log = await takeApart(path, stored, item.manner, parts, host =>
        shareOf(host, of) === at ? partOf(host, count) : null,
      )
      logs.push(log)
      inputs.add(path, log)
    }
    for (let part = 0; part < count; part++) {
      const files = filesOf(parts.piecesOf(part), logs, folder)
      if (files.size === 0 && beside.length === 0) continue
      const own = (host: string): boolean => shareOf(host, of) === at && partOf(host, count) === part
      const manner = { ...item.manner, stored, ...(beside.length > 0 && { hosts: own }) }
      const report = inStreams(await analyzeWith(grammar, [...files.keys(), ...beside], { ...manner, threads: 1 }), files)
      for (const input of report.inputs) inputs.add(input.path, input)
      hosts.push(...hostsOf(item, report))
      for (const file of files.keys()) rmSync(file)
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // where node:fs throws it
    throw code === 'ENOSPC' ? new InputError(`${tmpdir()}: no room for a temporary copy`) : error
  } finally {
    parts.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { hosts, inputs: inputs.all() }
}

/** Where what lies in a file comes from. */
interface Origin {
  path: string
  piece: Piece
}

/** Lays pieces into files. */
function filesOf(pieces: readonly Piece[], logs: readonly Log[], folder: string): Map<string, Origin> {
  const files = new Map<string, Origin>()
  for (const piece of pieces) {
    const log = logs[piece.log]
    if (!log) continue
    const { path, mtime } = log
    // A container's name stands in the end of its log's path.
    const kept = containerOf(path) === UNNAMED ? basename(path) : path.split('/').slice(-TAIL).join('/')
    const file = join(folder, `${piece.log}-${kept}`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, Buffer.concat([...piece.chunks()]))
    // The year of stamps that have none is told from it.
    if (mtime !== null) utimesSync(file, new Date(), new Date(mtime))
    files.set(file, { path, piece })
  }
  return files
}

const UNNAMED = containerOf('')
const TAIL = 4

/** The report's places, as they are in the streams. */
function inStreams(report: Report, files: ReadonlyMap<string, Origin>): Report {
  const placed = <Place extends { line?: number; offset?: number }>(place: Place, file: string): Place => {
    const { piece } = files.get(file) ?? {}
    return piece ? { ...place, ...piece.placeOf(place) } : place
  }
  const pathOf = (file: string): string => files.get(file)?.path ?? file
  return {
    ...report,
    inputs: report.inputs.map(input => ({
      ...input,
      path: pathOf(input.path),
      problems: input.problems.map(problem => placed(problem, input.path)),
    })),
    incidents: report.incidents.map(incident =>
      withRefs(incident, ref => ({ ...placed(ref, ref.input), input: pathOf(ref.input) })),
    ),
  }
}

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
