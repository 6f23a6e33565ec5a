import { stat } from 'node:fs/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { analyzeWith } from '../analyze.ts'
import { type Stored, storedAt } from '../bytes/stored.ts'
import type { Problem } from '../problems/problem.ts'
import { InputError, UsageError } from '../problems/problem.ts'
import type { Grammar } from '../rules/shipped.ts'
import { VERSION } from '../version.ts'
import { looksAt, type Sight, type Sought } from './find/look.ts'
import type { Item } from './item.ts'
import { storedObject } from './objects/object.ts'
import { faultOf, type Result, resultOf, resultOfHosts } from './result.ts'
import { examineStreams } from './stream/examine.ts'

/** Examines the logs of one item. Nothing of an item is ever thrown: one bad host must not cost a cluster's job. */
async function workOn(item: Item, grammar: Grammar): Promise<Result> {
  if (item.tool !== VERSION || item.rules !== grammar.hash) {
    const here = `${VERSION} with rules ${grammar.hash}`
    return faultOf(item, `was planned for inquest ${item.tool} with rules ${item.rules}; this is ${here}: plan anew`, true)
  }
  const unreadable = item.inputs.filter(input => input.content.startsWith('unreadable: '))
  const readable = item.inputs.filter(input => !unreadable.includes(input))
  if (readable.length === 0) return faultOf(item, unreadable[0]?.content.slice('unreadable: '.length) ?? 'it has no logs')
  const failures: string[] = []
  // The object is still the same: only another attempt shows what is in it.
  const settled = (result: Result): Result => (failures.length > 0 ? { ...result, again: true } : result)
  const stored = (path: string): Promise<Stored> => storedFor(readable, path, reason => failures.push(reason))
  try {
    const missing = unreadable.map(({ path, content }) => ({ message: `${path}: ${content.slice('unreadable: '.length)}` }))
    const paths = once(readable)
    if (item.share === null) {
      // Items are worked on side by side.
      const report = await analyzeWith(grammar, paths, { ...item.manner, stored, threads: 1 })
      return settled(resultOf(item, report, [...missing, ...(await changesOf(readable))]))
    }
    const { hosts, inputs } = await examineStreams(item, paths, grammar, stored)
    return settled(resultOfHosts(item, hosts, inputs, [...missing, ...(await changesOf(readable))]))
  } catch (error) {
    if (error instanceof InputError || error instanceof UsageError) return faultOf(item, error.message, failures.length > 0)
    const { message } = error instanceof Error ? error : { message: String(error) }
    return faultOf(item, `inquest failed on it, which is a fault of inquest: ${message}`, true)
  }
}

/** A file of this machine, or an object of just the version that was planned. */
async function storedFor(inputs: Item['inputs'], path: string, failed: (reason: string) => void): Promise<Stored> {
  const { version, bytes, mtime } = inputs.find(input => input.path === path) ?? {}
  if (version === undefined || bytes === undefined || mtime === undefined) return storedAt(path)
  const facts = { size: bytes, version, modified: Number(BigInt(mtime) / 1_000_000n) }
  return storedObject(path, facts, { failed, blocks: false })
}

/** Paths, without second copies of the same bytes. */
function once(inputs: Item['inputs']): string[] {
  const seen = new Set<string>()
  return inputs.filter(({ content }) => !seen.has(content) && seen.add(content)).map(({ path }) => path)
}

/** What changed since it was planned was not read as planned: the next plan makes another item of it. */
async function changesOf(inputs: Item['inputs']): Promise<Problem[]> {
  const changed: Problem[] = []
  for (const { path, mtime, bytes, version } of inputs) {
    if (version !== undefined) continue // the store gives the version that was planned, or refuses
    const found = await stat(path, { bigint: true }).catch(() => null)
    if (found?.isDirectory()) continue
    const same = found && String(found.mtimeNs) === mtime && Number(found.size) === bytes
    if (!same) changed.push({ message: `${path}: changed while the fleet was read; run again for what it holds now` })
  }
  return changed
}

/**
 * Lines of items to lines of results, one at a time: what a pool's worker, a Spark partition or a Slurm job runs. A pool's worker is asked as well
 * to look at files before anything is planned.
 */
export async function* workLines(lines: AsyncIterable<string>, grammar: Grammar): AsyncGenerator<string> {
  for await (const line of lines) {
    if (line.trim() === '') continue
    const asked = askedIn(line)
    if (asked && 'look' in asked) {
      yield `${JSON.stringify(await look(asked))}\n`
      continue
    }
    yield `${JSON.stringify(asked ? await workOn(asked, grammar) : unknownItem(line))}\n`
    if (asked && asked.bytes > LARGE) sweep()
  }
}

/** Files to be looked at; the answer has a sight for each. */
export interface LookOrder {
  look: Sought[]
  /** Of --host-from. */
  field: string | null
}

export interface Looked {
  sights: Sight[]
}

async function look({ look, field }: LookOrder): Promise<Looked> {
  return { sights: await looksAt(look, field) }
}

/** Of a large item nothing is kept, but V8 would let it lie beside the next one: twice the memory, for nothing. */
const LARGE = 32 * 2 ** 20

function sweep(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void // what that flag makes
  collect()
}

function askedIn(line: string): Item | LookOrder | null {
  try {
    const asked = JSON.parse(line) as Item | LookOrder // shaped as `fleet plan` or our own pool wrote it, or refused here
    if ('look' in asked) return asked
    const item = asked
    const whole = typeof item.id === 'string' && typeof item.host === 'string' && Array.isArray(item.inputs)
    return whole && item.inputs.every(input => typeof input.path === 'string' && typeof input.content === 'string') ? item : null
  } catch {
    return null
  }
}

function unknownItem(line: string): Result {
  const item = { id: '', host: 'unknown host', named: false, inputs: [], bytes: 0, share: null }
  const manner = { timezone: 'UTC' }
  return faultOf({ ...item, manner, tool: VERSION, rules: '' }, `no item of fleet plan: ${line.slice(0, 60)}`, true)
}
