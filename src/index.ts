/**
 * The library: the same pipeline as the command's, as functions.
 *
 * @example
 * import { analyze } from 'journal-inquest'
 * const { report } = await analyze(['/var/log/messages'])
 */
import { analyzeWith, type AnalyzeOptions as PipelineOptions } from './analyze.ts'
import { UsageError } from './problems/problem.ts'
import type { Confidence, Input, Report } from './report/report.ts'
import { type Grammar, shipped } from './rules/shipped.ts'

export { InputError, type Problem, RuleError, UsageError } from './problems/problem.ts'
export * from './report/report.ts'

export interface AnalyzeOptions {
  /** A boot id, an offset such as -1, or `all`. */
  boot?: string
  /** journalctl's time syntax. */
  since?: string
  until?: string
  host?: string
  /** A machine's root: its logs are read before the paths, its unit files are evidence. */
  root?: string
  /** Disks of machines, in any form: read before the paths, several of them together. */
  image?: string[]
  /** Folders besides an image's own in which the images it stands on may lie. */
  allowBacking?: string[]
  /** Whether what was deleted from disks, and lies in their unallocated space, is read too. */
  deleted?: boolean
  /** Bytes that a packed file may become (default: 64 GiB, and 500 times its size). */
  maxExpanded?: number
  timezone?: string
  year?: number
  inputFormat?: string
  /** Rule files or folders of them, added to the shipped rules. */
  rules?: string[]
  only?: string[]
  minConfidence?: Confidence
  explain?: boolean
  now?: Date
  stdin?: NodeJS.ReadableStream
  progress?: (bytes: number, total: number | null) => void
  signal?: AbortSignal
  /** Reads every line, also those that tell nothing: slower, with the same report. */
  plain?: boolean
}

export interface Analysis {
  report: Report
  /** For --explain: which rule looked at which event, and what it said. */
  explanation: string[]
  exitStatus: 0 | 1 | 2 | 3
  /** Sentences for standard error; each names its place and reason. */
  complaints: string[]
}

/**
 * Reads the logs and reports what befell PID 1 or the bus.
 *
 * @throws UsageError for options that make no sense, RuleError for a rule file with faults. Damage of the input is no error: it is in the report.
 */
export async function analyze(paths: readonly string[], options: AnalyzeOptions = {}): Promise<Analysis> {
  const grammar = options.rules?.length ? await (await import('./rules/user.ts')).withUserRules(options.rules) : shipped
  const unknown = options.only?.find(name => !grammar.rules.some(rule => rule.name === name))
  if (unknown)
    throw new UsageError(`no rule ${JSON.stringify(unknown)}; there are ${grammar.rules.map(rule => rule.name).join(', ')}`)
  const explanation: string[] = []
  const report = await analyzeWith(grammar, paths, await pipelineOptions(options, explanation))
  const status = exitStatus(report)
  const complaints = report.inputs.flatMap(complaintsOf)
  if (status === 2) complaints.push(...report.inputs.filter(input => input.complete).map(emptiness))
  return { report, explanation, exitStatus: status, complaints }
}

async function pipelineOptions(options: AnalyzeOptions, explanation: string[]): Promise<PipelineOptions> {
  const { since, until, explain, rules: _, ...rest } = options
  const made: PipelineOptions = { ...rest }
  if (since !== undefined || until !== undefined) {
    const { parseWhen } = await import('./entries/when.ts')
    const [now, zone] = [options.now ?? new Date(), options.timezone]
    if (since !== undefined) made.since = parseWhen(since, now, zone)
    if (until !== undefined) made.until = parseWhen(until, now, zone)
    if (typeof made.since === 'number' && typeof made.until === 'number' && made.since > made.until)
      throw new UsageError(`--since ${since} is later than --until ${until}`)
  }
  if (explain) made.explain = line => explanation.push(line)
  return made
}

/** 0 nothing found and nothing lost; 1 an incident of medium severity or above; 2 nothing could be read; 3 nothing found, but something was lost. */
function exitStatus(report: Report): 0 | 1 | 2 | 3 {
  if (report.incidents.some(({ severity }) => severity === 'critical' || severity === 'high' || severity === 'medium')) return 1
  // A disk that tells what is in it (LUKS, btrfs) was read, though no log was found in it.
  if (report.inputs.every(input => input.entries === 0)) return report.inputs.some(input => input.format === 'disk') ? 3 : 2
  return report.inputs.every(input => input.complete) ? 0 : 3
}

function nameOf(input: Input): string {
  return input.path === '-' ? 'standard input' : input.path
}

/** An empty pipe is how a journalctl that failed looks from here: no all-clear may be read out of it. */
function emptiness(input: Input): string {
  return `${nameOf(input)}: ${input.bytes === 0 ? 'is empty' : 'holds no entry'}; there is nothing to examine`
}

const MOST_COMPLAINTS = 5

function complaintsOf(input: Input): string[] {
  const name = nameOf(input)
  const told = input.problems.slice(0, MOST_COMPLAINTS).map(({ message, line, offset }) => {
    // What could not even be opened names itself.
    if (message.startsWith(`${name}: `) || message.startsWith(`${input.path}: `)) return message
    const place = line !== undefined ? `:${line}` : offset !== undefined ? ` at byte ${offset}` : ''
    return `${name}${place}: ${message}`
  })
  const more = input.problems.length - told.length
  return more > 0 ? [...told, `${name}: ${more} more problems; --format json lists them`] : told
}

/** The rules in force, with what each may say. */
export async function ruleList(
  paths: string[] = [],
): Promise<{ name: string; about: string; outcomes: { name: string; severity: string }[]; file: string }[]> {
  const { rules } = await grammarWith(paths)
  return rules.map(({ name, about, outcomes, file }) => {
    const once = new Map(outcomes.map(outcome => [outcome.name, { name: outcome.name, severity: outcome.severity }]))
    return { name, about, outcomes: [...once.values()], file }
  })
}

/** A rule's source as it was written. */
export async function ruleText(name: string, paths: string[] = []): Promise<string> {
  const { rules, sources } = await grammarWith(paths)
  const rule = rules.find(each => each.name === name)
  if (!rule) throw new UsageError(`no rule ${JSON.stringify(name)}; there are ${rules.map(each => each.name).join(', ')}`)
  return sources?.[rule.file] ?? (await import('./rules/shipped-text.ts')).ruleTexts[rule.file] ?? ''
}

async function grammarWith(paths: string[]): Promise<Grammar> {
  return paths.length ? (await import('./rules/user.ts')).withUserRules(paths) : shipped
}

/** Checks rule and signal files: every fault of every file, framed. */
export async function checkRules(paths: string[]): Promise<{ ok: boolean; output: string }> {
  return (await import('./rules/user.ts')).checkFiles(paths)
}

/** Runs the cases that lie beside rules (`cases/NAME/input.log` with `expected.json`) or, without a path, the shipped rules' own. */
export async function testRules(paths: string[]): Promise<{ ok: boolean; output: string }> {
  return (await import('./rules/cases.ts')).runCases(paths)
}
