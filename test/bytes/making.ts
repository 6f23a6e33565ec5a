import { execFileSync } from 'node:child_process'
import {
  closeSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { bytesOf } from '../../src/bytes/source.ts'
import type { Tree } from '../../src/bytes/tree.ts'

/** A directory of the test's own, gone after it. */
export function scratch(): string {
  const made = mkdtempSync(join(tmpdir(), 'inquest-test-'))
  afterAll(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** Runs a tool; what it prints. */
export function run(command: string, ...args: string[]): string {
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`
  return execFileSync(command, args, { env: { ...process.env, PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] }).toString()
}

/** The same numbers in the same order for the same seed. */
export function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1
  return below => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

export function noise(size: number, next: (below: number) => number): Buffer {
  const bytes = Buffer.alloc(Math.ceil(size / 4) * 4)
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(next(2 ** 32), at)
  return bytes.subarray(0, size)
}

/** Fills a directory: many small files, long names, deep directories, links, sparse files. */
export function fill(root: string, files: number, seed: number): void {
  const next = numbers(seed)
  mkdirSync(join(root, 'many'), { recursive: true })
  for (let nth = 0; nth < files; nth++)
    writeFileSync(join(root, 'many', `file-${nth}-${'x'.repeat(next(40))}`), `${nth}\n`.repeat(next(60)))
  let deep = root
  for (let depth = 0; depth < 30; depth++) deep = join(deep, `deep-${depth}`)
  mkdirSync(deep, { recursive: true })
  writeFileSync(join(deep, 'bottom'), 'found\n')
  mkdirSync(join(root, 'names'))
  for (const name of ['n'.repeat(255), 'with space', 'ümläut', 'new\nline', '-dash', '日本語'])
    writeFileSync(join(root, 'names', name), name)
  mkdirSync(join(root, 'sizes'))
  for (const size of [0, 1, 59, 60, 61, 100, 150, 1023, 1024, 4095, 4096, 4097, 65536, 300_001]) {
    writeFileSync(join(root, 'sizes', `${size}`), noise(size, next))
  }
  for (const [name, target] of [
    ['short', 'many'],
    ['absolute', '/etc/passwd'],
    ['dangling', 'nowhere'],
    ['long', `${'l/'.repeat(100)}end`],
    ['59', 'a'.repeat(59)],
    ['60', 'a'.repeat(60)],
  ] as const) {
    symlinkSync(target, join(root, 'names', name))
  }
  writeSparse(join(root, 'sparse'), [0, 70_000, 3_000_000, 9_999_999], 12_000_000)
}

/** A file with a few bytes here and there. */
function writeSparse(path: string, places: readonly number[], size: number): void {
  const fd = openSync(path, 'w')
  ftruncateSync(fd, size)
  for (const place of places) writeSync(fd, Buffer.from(`here: ${place}\n`), 0, undefined, place)
  closeSync(fd)
}

/** Every file of a tree by its path: its kind and what it holds. */
export function everything(tree: Tree): Map<string, string | Buffer> {
  const found = new Map<string, string | Buffer>()
  function walk(path: string): void {
    for (const { name, kind, size } of tree.list(path)) {
      const at = path === '' ? name : `${path}/${name}`
      if (kind === 'directory') {
        found.set(at, 'directory')
        if (at !== 'lost+found') walk(at)
      } else if (kind === 'link') found.set(at, `-> ${tree.readlink(at)}`)
      else if (kind === 'file') {
        const bytes = bytesOf(tree.open(at))
        expect(bytes.length, at).toBe(size)
        found.set(at, bytes)
      } else found.set(at, kind)
    }
  }
  walk('')
  return found
}

/** The same of a real directory. */
export function onDisk(root: string): Map<string, string | Buffer> {
  const found = new Map<string, string | Buffer>()
  function walk(path: string): void {
    for (const name of readdirSync(join(root, path))) {
      const at = path === '' ? name : `${path}/${name}`
      const real = join(root, at)
      const stat = lstatSync(real)
      if (stat.isDirectory()) {
        found.set(at, 'directory')
        walk(at)
      } else found.set(at, stat.isSymbolicLink() ? `-> ${readlinkSync(real)}` : readFileSync(real))
    }
  }
  walk('')
  return found
}

/** Equal, path by path and byte by byte; `lost+found` is the file system's own. */
export function expectSame(got: Map<string, string | Buffer>, wanted: Map<string, string | Buffer>): void {
  const own = new Set(['lost+found'])
  const names = (map: Map<string, unknown>): string[] => [...map.keys()].filter(name => !own.has(name)).sort()
  expect(names(got)).toEqual(names(wanted))
  for (const [path, value] of wanted) {
    const other = got.get(path)
    const same = Buffer.isBuffer(value) ? Buffer.isBuffer(other) && value.equals(other) : value === other
    if (!same && !own.has(path)) expect.fail(`${JSON.stringify(path)} differs`)
  }
}
