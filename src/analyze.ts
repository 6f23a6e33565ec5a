import { Kept } from './bytes/kept.ts'
import { fileAtStdin, standardInput, streamChunks } from './bytes/stdin.ts'
import type { Entry } from './entries/entry.ts'
import type { ReadOptions } from './entries/options.ts'
import { type Reading, read } from './entries/read.ts'
import { buildIncident } from './incidents/build.ts'
import { finishCoverage, selectBoots } from './incidents/coverage.ts'
import { joinFindings } from './incidents/join.ts'
import { type Look, looksAt } from './look.ts'
import { withDisks } from './replay/disk.ts'
import { Ledger, noVoices, type Page } from './replay/ledger.ts'
import { replay } from './replay/replay.ts'
import { type Confidence, type DiskRead, type Incident, type Report, SCHEMA } from './report/report.ts'
import { type Finding, judge } from './rules/judge.ts'
import type { Grammar } from './rules/shipped.ts'
import { Hiring } from './scan/hiring.ts'
import { createMatcher, type Matcher } from './signals/match.ts'
import { VERSION } from './version.ts'

export interface AnalyzeOptions extends ReadOptions {
  /** A boot id, 0 or -1, -2 … counted back from the last, or `all`. */
  boot?: string
  /** Only these rules. */
  only?: readonly string[]
  minConfidence?: Confidence
  explain?: (line: string) => void
  /** Threads that work on a large file. Default: as many as there are processors. */
  threads?: number
  /** Reads every line: what the quick ways are measured against. */
  plain?: boolean
}

/** The whole pipeline: entries → signals → replay → rules → incidents → report. */
export async function analyzeWith(grammar: Grammar, paths: readonly string[], options: AnalyzeOptions = {}): Promise<Report> {
  const rules = grammar.rules.filter(rule => !options.only || options.only.includes(rule.name))
  const matcher = matcherOf(grammar)
  const disks = new Map<string, DiskRead>()
  const looks = await looksAt(grammar, matcher, rules, paths, options)
  const stdin = keptStdin(paths, options)
  const hiring = new Hiring(options.threads)
  try {
    if (looks.some(({ options: { sought } }) => sought)) hiring.ahead(paths)
    for (const look of looks) {
      const again = look === looks.at(-1) ? null : stdin
      const reading = read(paths, {
        ...options,
        ...look.options,
        hiring,
        ...(stdin && { stdin: again ? stdin.first() : stdin.second() }),
      })
      const pages = await listen(reading, matcher, look, again)
      // Read twice, it was read twice as much.
      for (const disk of reading.disks) disks.set(disk.path, { ...disk, read: disk.read + (disks.get(disk.path)?.read ?? 0) })
      const report = pages && reportOf({ ...grammar, rules }, pages, reading, options, look)
      if (report && disks.size > 0) report.coverage.images = [...disks.values()]
      if (report) return report
    }
  } finally {
    await Promise.all([stdin?.close(), hiring.stop()])
  }
  throw new Error('the last look told nothing')
}

/** Making one takes as long as reading a thousand lines. */
const matchers = new WeakMap<Grammar, Matcher>()

function matcherOf(grammar: Grammar): Matcher {
  const matcher = matchers.get(grammar) ?? createMatcher(grammar.signals)
  matchers.set(grammar, matcher)
  return matcher
}

/** What must be kept of standard input for a second look; null where none of it is read, or it can be read again. */
function keptStdin(paths: readonly string[], { root, image = [], stdin }: ReadOptions): Kept | null {
  const isRead = paths.includes('-') || (paths.length === 0 && root === undefined && image.length === 0)
  if (!isRead || (stdin === undefined && fileAtStdin())) return null
  return new Kept(spill => (stdin ? spill.passed(streamChunks(stdin)) : standardInput(spill)))
}

/** All pages of the ledger; null as soon as it shows that this look will not do, or that another will not be possible. */
async function listen(reading: Reading, matcher: Matcher, { decisive }: Look, kept: Kept | null): Promise<Page[] | null> {
  const ledger = new Ledger()
  let found = false
  for await (const batch of reading.batches) {
    for (const item of batch) {
      if ('words' in item) {
        ledger.overhear(item)
        continue
      }
      ledger.hear(item)
      const match = matcher.match(firstLine(item), item.speaker)
      if (match) ledger.add(item, match)
      if (match && decisive.has(match.name)) found = true
    }
    if ((found && reading.inPart) || kept?.full) return null
  }
  return ledger.all()
}

/** What the pages tell; null where a rule has something to judge of which this look has seen a part. */
function reportOf(
  grammar: Grammar,
  pages: readonly Page[],
  reading: Reading,
  options: AnalyzeOptions,
  { decisive }: Look,
): Report | null {
  const settledPages = pages.flatMap(page => settled(page, reading))
  const coverage = reading.coverage()
  const selected = selectBoots(coverage, options.boot)
  const histories = withDisks(replay(settledPages), reading.machines).filter(history => selected(history.host, history.boot))
  if (reading.inPart && histories.some(({ byName }) => [...decisive].some(name => byName.has(name)))) return null
  const incidents = histories.flatMap(history => {
    const findings = grammar.rules.flatMap((rule): Finding[] => judge(rule, history, options.explain))
    return joinFindings(findings).map(({ finding, absorbed }) => buildIncident(finding, absorbed))
  })
  return {
    schema: SCHEMA,
    tool: { name: 'inquest', version: VERSION, rules: grammar.hash },
    inputs: reading.inputs,
    coverage: finishCoverage(coverage, histories, selected),
    incidents: incidents.filter(incident => isSure(incident, options.minConfidence)).sort(bySeverity),
  }
}

/** Templates describe one line; what follows a line break is the message's second. */
function firstLine(entry: Entry): string {
  const end = entry.message.indexOf('\n')
  return end < 0 ? entry.message : entry.message.slice(0, end)
}

/** Gives a page its final boot and its signals their final times, now that everything was read; a page may turn out to lie in several boots. */
function settled(page: Page, reading: Reading): Page[] {
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
