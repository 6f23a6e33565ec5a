import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { fileSource, stretch } from '../../../src/bytes/source.ts'
import type { Tree } from '../../../src/bytes/tree.ts'
import { openXfs, type XfsFileSystem } from '../../../src/bytes/xfs/index.ts'
import { scratch } from './made.ts'
import { contentOf } from './walk.ts'

/**
 * Disks of machines that stopped while they wrote, and what their own kernel's recovery made of copies: SHA-256 sums of every file, or trees
 * of tab-separated lines: name in JSON, kind, size, SHA-256 (a link: where it leads; nothing: it is empty), µs since the epoch; of version 4
 * name, kind and sum. Version 4 was written by Linux 6.1, which was reset in the midst of it (sysrq b), the wrapped log by 6.18.
 */
const images = new URL('../../../fixtures/images/', import.meta.url).pathname

function unpacked(name: string): string {
  const path = join(scratch, name)
  execFileSync('zstd', ['-d', '-q', '-f', '--sparse', join(images, `${name}.zst`), '-o', path])
  return path
}

function open(name: string): { found: XfsFileSystem; messages: string[]; path: string } {
  const messages: string[] = []
  const path = unpacked(name)
  const found = openXfs(fileSource(path), name, problem => messages.push(problem.message))
  if (!found) throw new Error(messages.join('; '))
  return { found, messages, path }
}

const sumOf = (tree: Tree, path: string): string =>
  createHash('sha256')
    .update(contentOf(tree.open(path)))
    .digest('hex')

const shown = (name: string): string[] =>
  gunzipSync(readFileSync(join(images, name)))
    .toString()
    .trim()
    .split('\n')

const differing = (got: string[], want: string[]): string[] => {
  const [shown, read] = [new Set(want), new Set(got)]
  return [...got.filter(line => !shown.has(line)), ...want.filter(line => !read.has(line))]
}

/** A tree as lines, as its kernel showed it. */
function lines(tree: Tree, path = ''): string[] {
  return tree.list(path).flatMap(({ name, kind, size, mtime }) => {
    const below = path === '' ? name : `${path}/${name}`
    const what = kind === 'link' ? tree.readlink(below) : kind === 'file' && size > 0 ? sumOf(tree, below) : ''
    return [[JSON.stringify(below), kind, size, what, mtime].join('\t'), ...(kind === 'directory' ? lines(tree, below) : [])]
  })
}

const sums = (name: string): [string, string][] =>
  readFileSync(join(images, name), 'utf8')
    .trim()
    .split('\n')
    .map(line => [line.slice(66), line.slice(0, 64)])

describe('a disk that was being written to, as its kernel’s recovery shows it', () => {
  it('the lab’s, whose files are only in its log', () => {
    const { found, messages } = open('xfs-dirty.raw')
    expect(found.replay).toMatchObject({ state: 'replayed', transactions: 3, unfinished: [] })
    const want = sums('xfs-dirty.sha256')
    expect(want.length).toBeGreaterThan(10)
    expect(want.map(([path]) => [path, sumOf(found.tree, path)])).toEqual(want)
    expect(messages).toEqual([])
    expect(found).toMatchObject({ uuid: '6d099a76-0218-4075-b60b-30c9ca97b59e', label: 'root' })
  })

  it('one whose log goes on at the ring’s front, with every form of file', () => {
    const { found, messages } = open('xfs-wrapped.raw')
    const want = shown('xfs-wrapped.tree.gz')
    const got = lines(found.tree)
    expect(got.length).toBeGreaterThan(700)
    expect(differing(got, want)).toEqual([])
    expect(messages).toEqual([])
    expect(found.replay.state).toBe('replayed')
    expect(found.replay.transactions).toBeGreaterThan(20)
  })

  it('one of version 4 whose machine was reset, with thousands of files and inodes half as large as a block', () => {
    const { found, messages } = open('xfs-v4-dirty.raw')
    const want = shown('xfs-v4-dirty.tree.gz')
    const got = lines(found.tree).map(line => [0, 1, 3].map(column => line.split('\t')[column]).join('\t'))
    expect(got.length).toBeGreaterThan(3000)
    expect(differing(got, want)).toEqual([])
    expect(messages).toEqual([])
    expect(found.replay).toMatchObject({ state: 'replayed', transactions: 11 })
  })

  it('is read alike from a stretch of a larger disk', () => {
    const { path } = open('xfs-wrapped.raw')
    const source = fileSource(path)
    const shifted = stretch(
      { ...source, size: source.size + 12_345, read: (at, target) => source.read(at - 12_345, target) },
      12_345,
      source.size,
    )
    const found = openXfs(shifted, 'part', () => {})
    expect(found && contentOf(found.tree.open('var/log/journal-3')).toString()).toBe('entry 3\n'.repeat(50))
  })

  it('is never written to, and little of it is read', () => {
    const path = unpacked('xfs-dirty.raw')
    const before = statSync(path, { bigint: true })
    const source = fileSource(path)
    let bytes = 0
    const counted = {
      ...source,
      read: (offset: number, target: Uint8Array) => {
        bytes += target.length
        return source.read(offset, target)
      },
    }
    const found = openXfs(counted, 'disk', () => {})
    expect(found?.tree.list('var/log/journal').length).toBe(1)
    expect(bytes).toBeLessThan(6_000_000)
    found?.tree.close()
    const { mtimeNs, size, blocks } = statSync(path, { bigint: true })
    expect([mtimeNs, size, blocks]).toEqual([before.mtimeNs, before.size, before.blocks])
  })
})
