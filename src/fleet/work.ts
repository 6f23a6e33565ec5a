import { stat } from 'node:fs/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { analyzeWith } from '../analyze.ts'
import type { Problem } from '../problems/problem.ts'
import { InputError, UsageError } from '../problems/problem.ts'
import type { Grammar } from '../rules/shipped.ts'
import { VERSION } from '../version.ts'
import { type Item, shareOf } from './item.ts'
import { faultOf, type Result, resultOf } from './result.ts'

/** Examines the logs of one item. Nothing of an item is ever thrown: one bad host must not cost a cluster's job. */
async function workOn(item: Item, grammar: Grammar): Promise<Result> {
  if (item.tool !== VERSION || item.rules !== grammar.hash) {
    const here = `${VERSION} with rules ${grammar.hash}`
    return faultOf(item, `was planned for inquest ${item.tool} with rules ${item.rules}; this is ${here}: plan anew`, true)
  }
  const unreadable = item.inputs.filter(input => input.content.startsWith('unreadable: '))
  const readable = item.inputs.filter(input => !unreadable.includes(input))
  if (readable.length === 0) return faultOf(item, unreadable[0]?.content.slice('unreadable: '.length) ?? 'it has no logs')
  try {
    const { share, manner } = item
    const report = await analyzeWith(grammar, once(readable), {
      ...manner,
      // Items are worked on side by side.
      threads: 1,
      ...(share && { hosts: hostsOf(share) }),
    })
    const missing = unreadable.map(({ path, content }) => ({ message: `${path}: ${content.slice('unreadable: '.length)}` }))
    return resultOf(item, report, [...missing, ...(await changesOf(readable))])
  } catch (error) {
    if (error instanceof InputError || error instanceof UsageError) return faultOf(item, error.message)
    const { message } = error instanceof Error ? error : { message: String(error) }
    return faultOf(item, `inquest failed on it, which is a fault of inquest: ${message}`, true)
  }
}

/** Asked for every line: a hash a host, not a hash a line. */
function hostsOf({ at, of }: NonNullable<Item['share']>): (host: string) => boolean {
  const known = new Map<string, boolean>()
  return host => {
    const found = known.get(host) ?? shareOf(host, of) === at
    if (known.size < MOST_KNOWN) known.set(host, found)
    return found
  }
}

const MOST_KNOWN = 200_000

/** Paths, without second copies of the same bytes. */
function once(inputs: Item['inputs']): string[] {
  const seen = new Set<string>()
  return inputs.filter(({ content }) => !seen.has(content) && seen.add(content)).map(({ path }) => path)
}

/** What changed since it was planned was not read as planned: the next plan makes another item of it. */
async function changesOf(inputs: Item['inputs']): Promise<Problem[]> {
  const changed: Problem[] = []
  for (const { path, mtime, bytes } of inputs) {
    const found = await stat(path, { bigint: true }).catch(() => null)
    if (found?.isDirectory()) continue
    const same = found && String(found.mtimeNs) === mtime && Number(found.size) === bytes
    if (!same) changed.push({ message: `${path}: changed while the fleet was read; run again for what it holds now` })
  }
  return changed
}

/** Lines of items to lines of results, one at a time: what a pool's worker, a Spark partition or a Slurm job runs. */
export async function* workLines(lines: AsyncIterable<string>, grammar: Grammar): AsyncGenerator<string> {
  for await (const line of lines) {
    if (line.trim() === '') continue
    const item = itemIn(line)
    yield `${JSON.stringify(item ? await workOn(item, grammar) : unknownItem(line))}\n`
    if (item && item.bytes > LARGE) sweep()
  }
}

/** Of a large item nothing is kept, but V8 would let it lie beside the next one: twice the memory, for nothing. */
const LARGE = 32 * 2 ** 20

function sweep(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void // what that flag makes
  collect()
}

function itemIn(line: string): Item | null {
  try {
    const item = JSON.parse(line) as Item // shaped as `fleet plan` wrote it, or refused here
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
