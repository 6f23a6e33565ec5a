import { basename } from 'node:path'
import { VERSION } from '../version.ts'
import { type Found, filesIn, type Unread } from './find/files.ts'
import { grouped, type Placed } from './find/group.ts'
import type { HostFrom } from './find/host-from.ts'
import { lookAt, type Sight } from './find/look.ts'
import { nameOfPlace } from './find/name.ts'
import { objectsIn } from './find/objects.ts'
import { type Item, itemOf, type Manner, type Source } from './item.ts'
import { isUrl } from './objects/registry.ts'

export interface PlanOptions {
  manner: Manner
  /** Hash of the rules in force. */
  rules: string
  hostFrom: HostFrom | null
  /** What earlier looks told; none: everything is looked at. */
  memory?: Memory
}

/** Looks of earlier runs. A file is not read again to be planned while its size, times and inode are what they were. */
export interface Memory {
  recall(found: readonly Found[]): Promise<ReadonlyMap<string, Sight>>
  keep(found: Found, sight: Sight): Promise<void>
}

export interface Plan {
  /** Largest first: a large one that comes last would keep one worker busy while the others wait. */
  items: Item[]
  /** Names of what lies there and is no log. */
  passed: string[]
}

/** Files looked at before the memory is asked again. */
const AT_ONCE = 500

/** A mixed stream's share: what one worker reads of it at once is at most about this, so that its memory is bounded. */
const SHARE = 64 * 2 ** 20
/** Packed logs expand about this much. */
const EXPANDS = 10

/** Lists the work: finds logs, looks whose they are, brings together what belongs together. */
export async function plan(paths: readonly string[], options: PlanOptions): Promise<Plan> {
  const placed: Placed[] = []
  const passed: string[] = []
  for await (const batch of batches(foundIn(paths))) {
    const found = batch.filter(each => each.kind !== 'unread')
    const known = await options.memory?.recall(found)
    const ahead = await lookedAhead(
      found.filter(({ path }) => !known?.has(path)),
      options,
    )
    for (const each of batch) {
      if (each.kind === 'unread') {
        const source = { path: each.path, bytes: 0, mtime: '0', content: `unreadable: ${each.reason}` }
        placed.push({ source, place: nameOfPlace(each.below) || each.path, named: null, voices: [] })
        continue
      }
      const sight = known?.get(each.path) ?? (await looked(each, options, ahead))
      if (sight.log) placed.push(placedAt(each, sight, options.hostFrom))
      else passed.push(basename(each.path))
    }
  }
  const { manner, rules } = options
  const items = grouped(placed).flatMap(({ host, named, inputs, mixed }) =>
    sharesOf(mixed, inputs).map(share => itemOf({ host, named, inputs, share, manner, tool: VERSION, rules })),
  )
  return { items: items.sort((a, b) => b.bytes - a.bytes || (a.id < b.id ? -1 : 1)), passed: [...new Set(passed)].sort() }
}

async function* foundIn(paths: readonly string[]): AsyncGenerator<Found | Unread> {
  for (const path of paths) {
    if (isUrl(path)) yield* objectsIn(path)
    else yield* filesIn([path])
  }
}

/** Each look at an object is a way over the network and back: so many are under way at once. */
const ON_THE_WAY = 16

async function lookedAhead(found: readonly Found[], { hostFrom }: PlanOptions): Promise<ReadonlyMap<string, Sight>> {
  const objects = found.filter(({ kind }) => kind === 'object').values()
  const sights = new Map<string, Sight>()
  async function look(): Promise<void> {
    for (const object of objects) sights.set(object.path, await lookAt(object, hostFrom))
  }
  await Promise.all(Array.from({ length: ON_THE_WAY }, look))
  return sights
}

async function looked(found: Found, { hostFrom, memory }: PlanOptions, ahead: ReadonlyMap<string, Sight>): Promise<Sight> {
  const sight = ahead.get(found.path) ?? (await lookAt(found, hostFrom))
  await memory?.keep(found, sight)
  return sight
}

function placedAt(found: Found, { content, voices, bytes, field }: Sight, from: HostFrom | null): Placed {
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

function sharesOf(mixed: boolean, inputs: Item['inputs']): Item['share'][] {
  if (!mixed) return [null]
  const bytes = inputs.reduce((sum, { path, bytes }) => sum + bytes * (/\.(?:gz|xz|zst|bz2|lz4)$/.test(path) ? EXPANDS : 1), 0)
  const of = Math.ceil(bytes / SHARE)
  return of < 2 ? [null] : Array.from({ length: of }, (_, at) => ({ at, of }))
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
