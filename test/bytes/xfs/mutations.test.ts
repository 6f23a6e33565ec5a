import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type ByteSource, memorySource } from '../../../src/bytes/source.ts'
import type { Tree } from '../../../src/bytes/tree.ts'
import { openXfs } from '../../../src/bytes/xfs/index.ts'
import { InputError } from '../../../src/problems/problem.ts'
import { Disk, made } from './disk.ts'
import { Logbook, transaction } from './logbook.ts'
import { makeImage, type Names, noise } from './made.ts'
import { contentOf } from './walk.ts'

const CASES = 1000
/** Files of a directory that are opened. */
const OPENED = 8

/** One of each form of directory and file that mkfs makes, few of each. */
const names: Names = {
  short: { one: noise(10), two: { to: 'one' } },
  block: Object.fromEntries(Array.from({ length: 15 }, (_, at) => [`name-${at}`, noise(at)])),
  leaf: Object.fromEntries(Array.from({ length: 110 }, (_, at) => [`a-longer-name-${at}`, noise(0)])),
  deep: { a: { b: { c: { bottom: noise(9000) } } } },
}

const v5 = readFileSync(makeImage(['-l', 'size=6m'], names, 24))
const v4 = readFileSync(makeImage(['-m', 'crc=0', '-l', 'size=4m'], names, 24))
const dirty = dirtyLog()

it.each([
  ['v5', v5],
  ['v4', v4],
  ['a dirty log without sums', dirty],
])('no damage of %s stops the reader, keeps it busy, or leads it outside', (_, image) => {
  const touched = new Touched(memorySource(image))
  visit(touched, () => {})
  const places = touched.places
  expect(places.length).toBeGreaterThan(50)
  const random = randomness(7)
  let damaged = 0
  for (let round = 0; round < CASES; round++) {
    const undo = mutate(image, places, random)
    const source = new Touched(memorySource(image))
    let told = 0
    visit(source, () => told++)
    expect(told).toBeLessThan(300)
    expect(source.bytes).toBeLessThan(400e6)
    expect(source.reads).toBeLessThan(400_000)
    if (told > 0) damaged++
    undo()
  }
  expect(damaged).toBeGreaterThan(CASES / 20)
})

/** Opens, lists everything, reads from the front and the end of every file. */
function visit(source: ByteSource, tell: () => void): void {
  const found = openXfs(source, 'disk', tell)
  if (!found) return
  walk(found.tree, '', { left: 20_000 })
  let end = 0
  for (const { from, size } of found.free()) {
    if (from < end || size <= 0) throw new Error(`free: ${size} bytes at ${from}, behind ${end}`)
    end = from + size
  }
}

function walk(tree: Tree, path: string, budget: { left: number }): void {
  let opened = 0
  for (const entry of unlessUnreadable(() => tree.list(path)) ?? []) {
    if (budget.left-- <= 0) return
    const below = path === '' ? entry.name : `${path}/${entry.name}`
    if (entry.kind === 'directory') walk(tree, below, budget)
    else if (entry.kind === 'link') unlessUnreadable(() => tree.readlink(below))
    else if (entry.kind === 'file' && opened++ < OPENED)
      unlessUnreadable(() => {
        const content = tree.open(below)
        contentOf(content, 64 * 1024)
        content.read(Math.max(0, content.size - 5000), Buffer.alloc(9999))
      })
  }
}

/** Only an InputError may be thrown: it is an answer. */
function unlessUnreadable<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

/** Counts what is read, and sees that no place is asked for that cannot be one. */
class Touched implements ByteSource {
  readonly places: { from: number; size: number }[] = []
  bytes = 0
  reads = 0

  constructor(private readonly below: ByteSource) {}

  get size(): number {
    return this.below.size
  }

  read(offset: number, target: Uint8Array): number {
    if (!Number.isSafeInteger(offset) || offset < 0) throw new Error(`a read at ${offset}`)
    // Pieces, so that an inode is as likely to be hit as a stretch of the log.
    if (this.places.length < 20_000) this.places.push({ from: offset, size: Math.min(target.length, 4096) })
    this.bytes += target.length
    this.reads++
    return this.below.read(offset, target)
  }

  close(): void {}
}

/** Changes one to three places of what the reader looks at; returns what takes it back. */
function mutate(image: Buffer, places: { from: number; size: number }[], random: (below: number) => number): () => void {
  const undo: (() => void)[] = []
  for (let count = 1 + random(3); count > 0; count--) {
    const place = places[random(places.length)] ?? { from: 0, size: 512 }
    const at = place.from + random(place.size)
    const part = image.subarray(at, at + ([1, 1, 2, 4, 8][random(5)] ?? 1))
    const before = Buffer.from(part)
    undo.unshift(() => part.set(before))
    const ways = [
      () => part.fill(random(256)),
      () => part.fill(0xff),
      () => part.fill(0),
      () => part.set(part.map(byte => byte ^ (1 << random(8)))),
      () => part.set(image.subarray(at + 8, at + 8 + part.length)),
    ]
    ways[random(ways.length)]?.()
  }
  return () => {
    for (const take of undo) take()
  }
}

function randomness(seed: number): (below: number) => number {
  let value = seed
  return below => {
    value = (Math.imul(value, 1664525) + 1013904223) >>> 0
    return Math.floor((value / 2 ** 32) * below)
  }
}

/** Many kinds of items in records that carry no sum, so that damage gets as far as them. */
function dirtyLog(): Buffer {
  const disk = new Disk(made.v5)
  const { host } = disk
  const log = new Logbook(disk.image, 100, 3)
  for (let tid = 1; tid < 12; tid++) {
    const items = [
      disk.size('file', 5 * tid),
      disk.size('other', tid),
      host.buffer(160, 8, tid, Buffer.alloc(256, tid)),
      host.buffer(160, 8, 0, Buffer.alloc(0), 2),
      host.intent(0x1236, tid),
      host.intent(0x1237, tid - 1),
      host.intent(0x1244, tid, [8, 133], [8, 5], [8, 0], [4, 1], [4, 1]),
    ]
    log.record(transaction(tid, items), { summed: false })
  }
  return disk.image
}
