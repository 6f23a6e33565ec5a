import { basename } from 'node:path'
import { VERSION } from '../version.ts'
import { type Found, filesIn, type Unread } from './find/files.ts'
import type { HostFrom } from './find/host-from.ts'
import { looksAt, type Sight, soughtOf, unseen } from './find/look.ts'
import { nameOfPlace } from './find/name.ts'
import { objectsIn } from './find/objects.ts'
import { expanded, type Item, itemOf, type Manner, type Source } from './item.ts'
import { isUrl } from './objects/registry.ts'
import type { Docket, Group } from './store/docket.ts'

export interface PlanOptions {
  manner: Manner
  /** Hash of the rules in force. */
  rules: string
  hostFrom: HostFrom | null
  /** What earlier looks told; none: everything is looked at. */
  memory?: Memory
  /** Looks at files, in whatever order; by itself one after the other. */
  looks?: Looks
  progress?: (looked: number, bytes: number) => void
}

/** Looks of earlier runs. A file is not read again to be planned while its size, times and inode are what they were. */
export interface Memory {
  recall(found: readonly Found[]): Promise<ReadonlyMap<string, Sight>>
  keep(found: Found, sight: Sight): Promise<void>
}

export type Looks = (batches: AsyncIterable<readonly Found[]>, field: string | null) => AsyncIterable<[Found, Sight]>

/** Files looked at before the memory is asked again. */
const AT_ONCE = 512

/** Names that are told of what lies there and is no log. */
const MOST_PASSED = 1000

/**
 * Lists the work: finds logs, looks whose they are, brings together what belongs together. What is planned stands in the docket; answers the
 * names of what lies there and is no log.
 */
export async function plan(paths: readonly string[], options: PlanOptions, docket: Docket): Promise<string[]> {
  const { memory, hostFrom, looks = oneByOne, progress } = options
  const passed = new Set<string>()
  let [looked, bytes] = [0, 0]
  const take = async (found: Found, sight: Sight): Promise<void> => {
    looked++
    bytes += soughtOf(found).size
    progress?.(looked, bytes)
    if (sight.log) await docket.addLog(placedAt(found, sight, hostFrom))
    else if (passed.size < MOST_PASSED) passed.add(basename(found.path))
  }
  async function* unknown(): AsyncGenerator<Found[]> {
    for await (const batch of batches(foundIn(paths))) {
      const found = batch.filter(each => each.kind !== 'unread')
      const known = await memory?.recall(found)
      for (const each of batch) {
        if (each.kind !== 'unread') continue
        const source = { path: each.path, bytes: 0, mtime: '0', content: `unreadable: ${each.reason}` }
        await docket.addLog({ source, place: nameOfPlace(each.below) || each.path, named: null, voices: [] })
      }
      const rest: Found[] = []
      for (const each of found) {
        const sight = known?.get(each.path)
        if (sight) await take(each, sight)
        else rest.push(each)
      }
      yield rest
    }
  }
  await docket.begin()
  for await (const [found, sight] of looks(unknown(), hostFrom?.kind === 'field' ? hostFrom.name : null)) {
    await memory?.keep(found, sight)
    await take(found, sight)
  }
  await docket.plan(itemsOf(docket.groups(), options))
  return [...passed].sort()
}

async function* foundIn(paths: readonly string[]): AsyncGenerator<Found | Unread> {
  for (const path of paths) {
    if (isUrl(path)) yield* objectsIn(path)
    else yield* filesIn([path])
  }
}

async function* oneByOne(batches: AsyncIterable<readonly Found[]>, field: string | null): AsyncGenerator<[Found, Sight]> {
  for await (const batch of batches) {
    const sights = await looksAt(batch.map(soughtOf), field)
    for (const [index, found] of batch.entries()) yield [found, sights[index] ?? unseen(found.path, 'was not looked at')]
  }
}

function placedAt(found: Found, { content, voices, bytes, field }: Sight, from: HostFrom | null) {
  const { path, below } = found
  const named = from?.kind === 'path' ? (from.pattern.exec(path)?.slice(1).find(Boolean) ?? null) : field
  return { source: sourceOf(found, content, bytes), place: nameOfPlace(below), named, voices }
}

function sourceOf(found: Found, content: string, read: number | undefined): Source {
  const { path } = found
  if (found.kind !== 'object') return { path, bytes: read ?? Number(found.stat.size), mtime: String(found.stat.mtimeNs), content }
  const { size, modified, version } = found
  return { path, bytes: size, mtime: String(BigInt(modified) * 1_000_000n), content, version }
}

async function* itemsOf(groups: AsyncIterable<Group>, { manner, rules }: PlanOptions): AsyncGenerator<Item> {
  for await (const { host, named, inputs, mixed } of groups)
    for (const share of sharesOf(mixed, inputs)) yield itemOf({ host, named, inputs, share, manner, tool: VERSION, rules })
}

/** Mixed streams are read once for each share of their hosts: a few shares, so that a few workers have something to do, and no more. */
const SHARE = 64 * 2 ** 20
const MOST_SHARES = 8
/** Streams so small are examined as if they were one host's. */
const NO_STREAM = 4 * 2 ** 20

function sharesOf(mixed: boolean, inputs: Item['inputs']): Item['share'][] {
  if (!mixed) return [null]
  const bytes = expanded(inputs)
  if (bytes < NO_STREAM) return [null]
  const of = Math.min(MOST_SHARES, Math.ceil(bytes / SHARE))
  return Array.from({ length: of }, (_, at) => ({ at, of }))
}

async function* batches<T>(all: AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const one of all) {
    batch.push(one)
    if (batch.length < AT_ONCE) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
