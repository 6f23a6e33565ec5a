import { normalize } from 'node:path'
import type { Grammar } from '../rules/shipped.ts'
import { VERSION } from '../version.ts'
import type { HostFrom } from './find/host-from.ts'
import type { Item, Manner } from './item.ts'
import { isUrl } from './objects/registry.ts'
import { plan } from './plan.ts'
import { runPool, type Start } from './pool.ts'
import type { Database } from './store/database.ts'
import { Keeper } from './store/keeper.ts'

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
  items: number
  done: number
  hosts: number
  incidents: number
  bytes: number
  total: number
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
  const { grammar, hostFrom, manner, jobs, start } = options
  const keeper = new Keeper(database, hostFrom?.kind === 'field' ? hostFrom.name : null)
  await keeper.begin(VERSION, grammar.hash)
  let ran: Ran = { items: 0, done: 0, passed: [] }
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const { items, passed } = await plan(paths, { manner, rules: grammar.hash, hostFrom, memory: keeper })
    await keeper.flushSights()
    await keeper.expect(items, options.force && round === 1, paths.map(rootOf))
    const before = await keeper.done()
    const todo = items.filter(item => !before.has(item.id))
    ran = { items: items.length, done: ran.done + todo.length, passed }
    await work(todo, items, keeper, options)
    if (todo.length === 0 || (await keeper.learn()) === 0) break
  }
  await keeper.end(ran.items, ran.done, ran.passed)
  return ran

  async function work(todo: readonly Item[], all: readonly Item[], keeper: Keeper, { progress }: RunOptions): Promise<void> {
    const sum = (items: readonly Item[]): number => items.reduce((bytes, item) => bytes + item.bytes, 0)
    const total = sum(todo)
    const state: Progress = { items: all.length, done: all.length - todo.length, hosts: 0, incidents: 0, bytes: 0, total }
    for await (const result of runPool(todo, Math.min(jobs, todo.length), start)) {
      await keeper.take(result)
      state.done++
      state.hosts += result.hosts.length
      state.incidents += result.hosts.reduce((count, { incidents }) => count + incidents.length, 0)
      state.bytes += result.bytes
      progress(state)
    }
    await keeper.flush()
  }
}

/** As the paths below it begin. A glob stays one, and so is nothing's root: it may match less than lies below its beginning. */
function rootOf(path: string): string {
  return (isUrl(path) ? path : normalize(path)).replace(/(?!^)\/+$/, '')
}
