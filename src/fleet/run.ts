import { normalize } from 'node:path'
import type { Grammar } from '../rules/shipped.ts'
import { VERSION } from '../version.ts'
import type { HostFrom } from './find/host-from.ts'
import type { Manner } from './item.ts'
import { isUrl } from './objects/registry.ts'
import { plan } from './plan.ts'
import { Pool, type Start } from './pool.ts'
import type { Database } from './store/database.ts'
import { Docket } from './store/docket.ts'
import { Keeper } from './store/keeper.ts'
import { examine, looksOf } from './tasks.ts'

export interface RunOptions {
  manner: Manner
  grammar: Grammar
  hostFrom: HostFrom | null
  jobs: number
  force: boolean
  start: Start
  progress: (state: Progress) => void
}

/** How far a run is. */
interface Progress {
  /** Files looked at, to know whose they are; then items. */
  looked: number
  items: number
  done: number
  incidents: number
  bytes: number
  /** Null while it is not known. */
  total: number | null
}

export interface Ran {
  items: number
  /** Of these, done in this run; the others were done before. */
  done: number
  passed: string[]
}

/** Hosts may turn out to lie in several items: then these are done again together. Each round brings more together, so few are needed. */
const MOST_ROUNDS = 4

/** Examines a fleet, from where the store says that it was left. */
export async function runFleet(paths: readonly string[], database: Database, options: RunOptions): Promise<Ran> {
  const { grammar, hostFrom, manner, progress } = options
  const keeper = new Keeper(database, hostFrom?.kind === 'field' ? hostFrom.name : null)
  const docket = new Docket(database)
  const pool = new Pool(options.start, options.jobs)
  await keeper.begin(VERSION, grammar.hash)
  const ran: Ran = { items: 0, done: 0, passed: [] }
  const state: Progress = { looked: 0, items: 0, done: 0, incidents: 0, bytes: 0, total: null }
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    ran.passed = await plan(
      paths,
      {
        manner,
        rules: grammar.hash,
        hostFrom,
        memory: keeper,
        looks: looksOf(pool),
        progress: (looked, bytes) => progress(Object.assign(state, { looked, bytes })),
      },
      docket,
    )
    await keeper.flushSights()
    const expected = await keeper.expect(options.force && round === 1, paths.map(rootOf))
    ran.items = expected.items
    ran.done += expected.todo
    Object.assign(state, { items: expected.items, done: expected.items - expected.todo, bytes: 0, total: expected.bytes })
    for await (const result of examine(pool, docket.lines('done'))) {
      await keeper.take(result)
      state.done++
      state.incidents += result.hosts.reduce((count, { incidents }) => count + incidents.length, 0)
      state.bytes += result.bytes
      progress(state)
    }
    await keeper.flush()
    if (expected.todo === 0 || (await keeper.learn()) === 0) break
  }
  await pool.end()
  await keeper.end(ran.items, ran.done, ran.passed)
  return ran
}

/** As the paths below it begin. A glob stays one, and so is nothing's root: it may match less than lies below its beginning. */
function rootOf(path: string): string {
  return (isUrl(path) ? path : normalize(path)).replace(/(?!^)\/+$/, '')
}
