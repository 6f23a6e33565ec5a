import { isDirectory, sizeOf } from './bytes/file.ts'
import type { Entry } from './entries/entry.ts'
import { type ReadOptions, read } from './entries/read.ts'
import { buildIncident } from './incidents/build.ts'
import { finishCoverage, selectBoots } from './incidents/coverage.ts'
import { Glancer } from './incidents/glancer.ts'
import { joinFindings } from './incidents/join.ts'
import { withDisks } from './replay/disk.ts'
import { Ledger, noVoices, type Page } from './replay/ledger.ts'
import { replay } from './replay/replay.ts'
import { type Confidence, type DiskRead, type Incident, type Report, SCHEMA } from './report/report.ts'
import { type Finding, judge } from './rules/judge.ts'
import type { Grammar } from './rules/shipped.ts'
import { createMatcher } from './signals/match.ts'
import { VERSION } from './version.ts'

export interface AnalyzeOptions extends ReadOptions {
  /** A boot id, 0 or -1, -2 … counted back from the last, or `all`. */
  boot?: string
  /** Only these rules. */
  only?: readonly string[]
  minConfidence?: Confidence
  explain?: (line: string) => void
  /** Reads journals whole, also where their index would do. */
  whole?: boolean
}

/** The whole pipeline: entries → signals → replay → rules → incidents → report. */
export async function analyzeWith(grammar: Grammar, paths: readonly string[], options: AnalyzeOptions = {}): Promise<Report> {
  const first = (await mayReadByIndex(paths, options)) ? new Glancer(grammar) : null
  const disks = new Map<string, DiskRead>()
  const report = await analyzeOnce(grammar, paths, options, first, disks)
  const again = report ?? (await analyzeOnce(grammar, paths, options, null, disks))
  if (!again) throw new Error('a reading without an index that asks for more')
  return again
}
/** Null where the journals' index was not enough. */
async function analyzeOnce(
  grammar: Grammar,
  paths: readonly string[],
  options: AnalyzeOptions,
  glancer: Glancer | null,
  disks: Map<string, DiskRead>,
): Promise<Report | null> {
  const reading = read(paths, glancer ? { ...options, glance: glancer.glance } : options)
  const matcher = createMatcher(grammar.signals)
  const ledger = new Ledger()
  for await (const batch of reading.batches) {
    for (const entry of batch) {
      ledger.hear(entry)
      const match = matcher.match(firstLine(entry), entry.speaker)
      if (match) ledger.add(entry, match)
    }
  }
  // Read twice, it was read twice as much.
  for (const disk of reading.disks) disks.set(disk.path, { ...disk, read: disk.read + (disks.get(disk.path)?.read ?? 0) })
  const pages = ledger.all().flatMap(page => settled(page, reading))
  const coverage = reading.coverage()
  const replayed = replay(pages)
  if (glancer?.missed(replayed)) return null
  const selected = selectBoots(coverage, options.boot)
  const histories = withDisks(replayed, reading.machines).filter(history => selected(history.host, history.boot))
  const rules = grammar.rules.filter(rule => !options.only || options.only.includes(rule.name))
  const incidents = histories.flatMap(history => {
    const findings = rules.flatMap((rule): Finding[] => judge(rule, history, options.explain))
    return joinFindings(findings).map(({ finding, absorbed }) => buildIncident(finding, absorbed))
  })
  return {
    schema: SCHEMA,
    tool: { name: 'inquest', version: VERSION, rules: grammar.hash },
    inputs: reading.inputs,
    coverage: { ...finishCoverage(coverage, histories, selected), ...(disks.size > 0 && { images: [...disks.values()] }) },
    incidents: incidents.filter(incident => isSure(incident, options.minConfidence)).sort(bySeverity),
  }
}

/** Selections ask for single entries; what comes through a pipe cannot be read again, and unallocated space is searched once. */
async function mayReadByIndex(paths: readonly string[], options: AnalyzeOptions): Promise<boolean> {
  const { since = null, until = null, host, root, image, whole, deleted } = options
  if (whole || deleted || since !== null || until !== null || host !== undefined) return false
  const all = [...(root === undefined ? [] : [root]), ...(image ?? []), ...paths]
  if (all.length === 0) return false
  const again = await Promise.all(
    all.map(async path => path !== '-' && ((await isDirectory(path)) || (await sizeOf(path)) !== null)),
  )
  return again.every(Boolean)
}

/** Templates describe one line; what follows a line break is the message's second. */
function firstLine(entry: Entry): string {
  const end = entry.message.indexOf('\n')
  return end < 0 ? entry.message : entry.message.slice(0, end)
}

/** Gives a page its final boot and its signals their final times, now that everything was read; a page may turn out to lie in several boots. */
function settled(page: Page, reading: ReturnType<typeof read>): Page[] {
  const input = page.signals[0]?.refs[0]?.input ?? page.input
  const place = { host: page.host || null, boot: page.boot || null, input }
  const { host, boot } = reading.settle({ ...place, time: page.voices.last })
  const final = (time: number | null) => reading.settle({ ...place, time }).time
  const byBoot = new Map<string, Page>([[boot, { ...page, host: host ?? '', boot, signals: [] }]])
  let current = boot
  for (const signal of page.signals) {
    const { time, boot: own } = reading.settle({ ...place, time: signal.time })
    // A line without a time lies where the line before it does.
    if (time !== null) current = own
    const part: Page = byBoot.get(current) ?? {
      ...page,
      host: host ?? '',
      boot: current,
      signals: [],
      voices: noVoices(),
      folded: new Map(),
    }
    byBoot.set(current, part)
    part.signals.push(signal)
    if (signal.until !== null && signal.time !== null && time !== null) signal.until += time - signal.time
    signal.time = time
  }
  const { voices } = page
  voices.last = final(voices.last)
  if (voices.lastPid1) voices.lastPid1 = { ...voices.lastPid1, time: final(voices.lastPid1.time) }
  for (const word of voices.words.values()) word.time = final(word.time)
  return [...byBoot.values()]
}

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info']
const CONFIDENCES = ['certain', 'strong', 'moderate', 'weak']

function isSure(incident: Incident, least: Confidence | undefined): boolean {
  return least === undefined || CONFIDENCES.indexOf(incident.confidence) <= CONFIDENCES.indexOf(least)
}

/** Most severe first, then by time, then by id: the same order on every machine. */
function bySeverity(a: Incident, b: Incident): number {
  const severity = SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)
  return severity || compare(a.at ?? '', b.at ?? '') || compare(a.host, b.host) || compare(a.id, b.id)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
