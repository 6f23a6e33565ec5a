import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import { isUrl } from '../../fleet/objects/registry.ts'
import { UsageError } from '../../problems/problem.ts'
import type { Grammar } from '../../rules/shipped.ts'
import { colored } from '../color.ts'
import { type Command, type Outcome, outcome, type Terminal } from '../command.ts'
import type { Options } from '../flags.ts'
import { keepYoungSmall } from '../heap.ts'

const LOGS = { name: 'PATH', least: 1, most: Number.POSITIVE_INFINITY, completes: 'file' } as const
const READING = ['timezone', 'year', 'inputFormat', 'maxExpanded', 'rules', 'hostFrom'] as const

export const fleet: Command = {
  name: 'fleet',
  about: 'many hosts at once: which, since when, what they share, who is next',
  flags: [],
  examples: [
    ['inquest fleet run logs --store f.db', 'goes on where it was left'],
    ['inquest fleet run s3://logs --store f.db', 'a bucket; az://, gs:// too'],
    ['inquest fleet report --store f.db', 'the verdict on all of them'],
    ['inquest fleet plan logs | inquest fleet work', 'the same work, in a pipe'],
  ],
  commands: [
    {
      name: 'run',
      about: 'examine the hosts whose logs lie there; what is done already is not done again',
      operands: LOGS,
      flags: [...READING, 'store', 'jobs', 'force', 'quiet'],
      run,
    },
    { name: 'status', about: 'how far it is, in a few lines', flags: ['store', 'width'], run: status },
    {
      name: 'report',
      about: 'the verdict on the fleet, from a store or from the results of fleet work',
      flags: ['store', 'inventory', 'fleetForm', 'output', 'color', 'width'],
      run: report,
    },
    {
      name: 'plan',
      about: 'print the work items, a line of JSON each, largest first',
      operands: LOGS,
      flags: [...READING, 'output'],
      run: planned,
    },
    {
      name: 'work',
      about: 'read work items on standard input, print a result for each: what the workers of fleet run do, and those of Spark',
      flags: ['rules'],
      run: work,
    },
  ],
}

/** A young generation of 4 MB instead of 16: a worker stays 20 MB smaller and is no slower (BENCHMARKS.md). */
const LEAN = ['--max-semi-space-size=4']

/** How logs are read is said once, in the item: a worker on another machine has another zone. */
function mannerOf({ timezone, year, inputFormat, maxExpanded }: Options) {
  return {
    timezone: timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(year === undefined ? {} : { year }),
    ...(inputFormat === undefined ? {} : { inputFormat }),
    ...(maxExpanded === undefined ? {} : { maxExpanded }),
  }
}

async function grammarOf({ rules }: Options): Promise<Grammar> {
  if (rules?.length) return (await import('../../rules/user.ts')).withUserRules(rules)
  return (await import('../../rules/shipped.ts')).shipped
}

function storeOf({ store }: Options): string {
  if (store === undefined) throw new UsageError('--store FILE is missing: it is where results are kept')
  if (isUrl(store)) throw new UsageError(`--store ${store}: results are kept and read on this machine; copy them here first`)
  return store
}

async function run(paths: readonly string[], options: Options, terminal: Terminal): Promise<Outcome> {
  // The run itself makes little garbage and often: so it stays 25 MB smaller.
  keepYoungSmall()
  const store = storeOf(options)
  const grammar = await grammarOf(options)
  const [{ Database, storeFault }, { runFleet }, { statusOf }] = await Promise.all([
    import('../../fleet/store/database.ts'),
    import('../../fleet/run.ts'),
    import('../../fleet/report/status.ts'),
  ])
  const database = await Database.open(store, 'write')
  const [program = ''] = process.argv.slice(1)
  const given = (options.rules ?? []).flatMap(path => ['--rules', path])
  try {
    const ran = await runFleet(paths, database, {
      manner: mannerOf(options),
      grammar,
      hostFrom: options.hostFrom ?? null,
      jobs: options.jobs ?? availableParallelism(),
      force: options.force === true,
      start: { command: process.execPath, args: [...LEAN, program, 'fleet', 'work', ...given] },
      progress: ({ looked, items, done, incidents, bytes, total }) => {
        const far = total === null ? `${looked} files looked at, ` : `${done} of ${items} items, ${incidents} incidents so far, `
        if (!options.quiet) terminal.progress(bytes, total, far)
      },
    })
    const { text, status, faults } = await statusOf(database)
    const left =
      ran.passed.length === 0
        ? []
        : [`no logs, and left out: ${ran.passed.slice(0, 8).join(', ')}${ran.passed.length > 8 ? ' …' : ''}`]
    const said = [`${ran.done} of ${ran.items} work items done now, ${ran.items - ran.done} were done before\n`, text]
    return ran.items === 0
      ? outcome([], 2, [`${paths.join(', ')}: there are no logs`])
      : outcome(said, status, [...faults, ...left])
  } catch (error) {
    if (!isStoreFault(error)) throw error
    return outcome([], 2, [`--store ${store}: ${storeFault(error)}; what was done is kept: run it again to go on`])
  } finally {
    database.close()
  }
}

/** DuckDB's errors name their kind at the front. */
function isStoreFault(error: unknown): boolean {
  return error instanceof Error && /^(?:IO|Transaction|Out of Memory|TransactionContext|FATAL|Fatal) Error:/.test(error.message)
}

async function status(_: readonly string[], options: Options): Promise<Outcome> {
  const { Database } = await import('../../fleet/store/database.ts')
  const { statusOf } = await import('../../fleet/report/status.ts')
  const database = await Database.open(storeOf(options), 'read')
  try {
    const { text, status, faults } = await statusOf(database)
    return outcome([text], status, faults)
  } finally {
    database.close()
  }
}

async function report(_: readonly string[], options: Options, terminal: Terminal): Promise<Outcome> {
  const { fleetForm = 'text', color, width } = options
  const [{ openReport }, { fleetReports }] = await Promise.all([
    import('../../fleet/report/report.ts'),
    import('../../fleet/report/registry.ts'),
  ])
  const form = fleetReports.find(({ name }) => name === fleetForm)
  const opened = await openReport(storeOf(options), options.inventory)
  const { status } = opened
  async function* text(): AsyncGenerator<string> {
    try {
      // A report about nothing would read like an all-clear.
      if (status !== 2) yield* form?.write(opened, { color: colored(color, terminal), width: width ?? terminal.columns }) ?? []
    } finally {
      opened.close()
    }
  }
  return { text: text(), end: () => ({ status, complaints: status === 2 ? [opened.report.verdict] : [] }) }
}

async function planned(paths: readonly string[], options: Options): Promise<Outcome> {
  const [{ plan }, { Database }, { Docket }, { isUrl, openPlace }] = await Promise.all([
    import('../../fleet/plan.ts'),
    import('../../fleet/store/database.ts'),
    import('../../fleet/store/docket.ts'),
    import('../../fleet/objects/registry.ts'),
  ])
  // A client that is missing is told before DuckDB is asked for.
  await Promise.all(paths.filter(isUrl).map(openPlace))
  const { hash: rules } = await grammarOf(options)
  const database = await Database.inMemory()
  const docket = new Docket(database)
  let passed: string[] = []
  async function* lines(): AsyncGenerator<string> {
    try {
      passed = await plan(paths, { manner: mannerOf(options), rules, hostFrom: options.hostFrom ?? null }, docket)
      for await (const line of docket.lines()) yield `${line}\n`
    } finally {
      database.close()
    }
  }
  const text = lines()
  const first = await text.next()
  if (first.done) return outcome([], 2, [`${paths.join(', ')}: there are no logs`])
  const left =
    passed.length === 0 ? [] : [`no logs, and left out: ${passed.slice(0, 8).join(', ')}${passed.length > 8 ? ' …' : ''}`]
  return outcome(prepended(first.value, text), 0, left)
}

async function* prepended(first: string, others: AsyncIterable<string>): AsyncGenerator<string> {
  yield first
  yield* others
}

async function work(_: readonly string[], options: Options): Promise<Outcome> {
  const grammar = await grammarOf(options)
  const { workLines } = await import('../../fleet/work.ts')
  return outcome(workLines(createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }), grammar))
}
