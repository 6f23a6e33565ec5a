/** What file systems' maps say is free, beside what their own tools say. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { joinedFree } from '../../src/bytes/free.ts'
import type { FileSystem } from '../../src/bytes/image/file-system.ts'
import { openImage } from '../../src/bytes/image/image.ts'
import { type ByteSource, fileSource } from '../../src/bytes/source.ts'
import { fill, run, scratch } from './making.ts'

const work = scratch()
const fixtures = join(import.meta.dirname, '../../fixtures/images')

function opened(path: string, told: string[] = []): FileSystem {
  const file = { label: 'disk', path: null, source: fileSource(path) }
  const image = openImage([file], { backing: [] }, ({ message }) => told.push(message))
  const [found] = image.contents
  if (!found?.fileSystem) throw new Error(`no file system: ${told.join()}`)
  return found.fileSystem
}

/** A file system with holes: files went in, every third came out again. */
function ext4(name: string, ...options: string[]): string {
  const [folder, path] = [join(work, 'tree'), join(work, name)]
  if (!existsSync(folder)) {
    mkdirSync(folder)
    fill(folder, 400, 7)
  }
  run('truncate', '-s', '300M', path)
  run('mke2fs', '-q', '-F', '-d', folder, ...options, path)
  const names = run('debugfs', '-R', 'ls -p many', path)
    .split('\n')
    .flatMap(line => line.split('/')[5] ?? [])
  const script = join(work, `${name}.rm`)
  writeFileSync(
    script,
    names
      .filter((file, nth) => file.startsWith('file-') && nth % 3 === 0)
      .map(file => `rm many/${file}\n`)
      .join(''),
  )
  run('debugfs', '-w', '-f', script, path)
  return path
}

/** dumpe2fs writes a group's free blocks as `Free blocks: 8482-9000, 9100`. */
function freeByDumpe2fs(path: string, blockSize: number): string[] {
  const told = run('dumpe2fs', path)
  const ranges = told.matchAll(/^ {2}Free blocks: (.+)$/gm)
  const unit = Number(/^Cluster size: +(\d+)$/m.exec(told)?.[1] ?? blockSize)
  return [...ranges]
    .flatMap(([, list = '']) => list.split(', '))
    .map(range => range.split('-').map(Number))
    .map(([first = 0, last = first]) => `${first * blockSize} ${(last - first) * blockSize + unit}`)
}

describe('the free space of', () => {
  it.each([
    ['ext4 with blocks of 4 KiB', ['-t', 'ext4', '-b', '4096']],
    ['ext4 with blocks of 1 KiB', ['-t', 'ext4', '-b', '1024']],
    ['ext4 with clusters', ['-t', 'ext4', '-O', 'bigalloc', '-C', '16384']],
    ['ext2', ['-t', 'ext2', '-b', '2048']],
  ])('%s', (name, options) => {
    const path = ext4(name, ...options)
    const told: string[] = []
    const fileSystem = opened(path, told)
    const free = [...fileSystem.free()]
    const unused = free.filter(({ neverUsed }) => neverUsed)
    const within = (place: number): boolean => unused.some(({ from, size }) => place >= from && place < from + size)
    const wanted = freeByDumpe2fs(path, fileSystem.blockSize).filter(range => !within(Number.parseInt(range, 10)))
    const found = free.filter(({ neverUsed }) => !neverUsed).map(({ from, size }) => `${from} ${size}`)
    expect(found.length).toBeGreaterThan(20)
    expect(found).toEqual(wanted)
    expect(told).toEqual([])
  })

  it('XFS whose tree of it has two levels', () => {
    const path = join(work, 'xfs.raw')
    run('zstd', '-dqf', '--sparse', join(fixtures, 'xfs-deleted.raw.zst'), '-o', path)
    const fileSystem = opened(path)
    const groupBlocks = Number(/= (\d+)/.exec(run('xfs_db', '-r', '-c', 'sb 0', '-c', 'p agblocks', path))?.[1])
    const lines = run('xfs_db', '-r', '-c', 'freesp -d', path).matchAll(/^ *(\d+) +(\d+) +(\d+)$/gm)
    const wanted = [...lines].map(([, group, block, count]) => {
      const from = (Number(group) * groupBlocks + Number(block)) * fileSystem.blockSize
      return `${from} ${Number(count) * fileSystem.blockSize}`
    })
    const found = [...fileSystem.free()].map(({ from, size }) => `${from} ${size}`)
    expect(found.length).toBeGreaterThan(600)
    expect(found.filter(range => !wanted.includes(range))).toEqual([])
    // Blocks kept back for the trees themselves are free too, and hold nothing of a file.
    const kept = wanted.filter(range => !found.includes(range))
    expect(kept.every(range => range.endsWith(` ${fileSystem.blockSize}`)) && kept.length < 40).toBe(true)
  })

  it('a damaged map is told, and its group left out', () => {
    const path = ext4('damaged', '-t', 'ext4', '-b', '4096')
    const first = /Block bitmap at (\d+)/.exec(run('dumpe2fs', path))?.[1]
    run('sh', '-c', `printf x | dd of="${path}" bs=1 seek=$((${first} * 4096 + 9)) conv=notrunc status=none`)
    const told: string[] = []
    const whole = [...opened(path, told).free()]
    expect(told).toEqual(['group 0 of the ext4 file system has no sound map of its blocks: it was not searched'])
    expect(whole.some(({ from }) => from < 4096 * 32768)).toBe(false)
  })
})

it('joins stretches that touch, but not what was never used', () => {
  const all = [
    { from: 0, size: 4, neverUsed: false },
    { from: 4, size: 4, neverUsed: false },
    { from: 8, size: 8, neverUsed: true },
    { from: 20, size: 1, neverUsed: true },
  ]
  expect([...joinedFree(all)]).toEqual([
    { from: 0, size: 8, neverUsed: false },
    { from: 8, size: 8, neverUsed: true },
    { from: 20, size: 1, neverUsed: true },
  ])
})

describe('holes that an image knows of', () => {
  const HUGE = 2 ** 41

  /** Walks through a source by its holes, as a search does; how much of it is none. */
  function full(source: ByteSource): { steps: number; bytes: number } {
    const found = { steps: 0, bytes: 0 }
    for (let at = 0; at < source.size; found.steps++) {
      const empty = source.hole?.(at) ?? 0
      if (empty === 0) found.bytes += 65536
      at += empty || 65536
    }
    return found
  }

  it.each([
    ['qcow2', 65536],
    ['vmdk', 65536],
    ['vdi', 2 ** 20],
    ['vhdx', 2 ** 25],
  ])('%s of 2 TB', (form, block) => {
    const path = join(work, `huge.${form}`)
    run('qemu-img', 'create', '-q', '-f', form, path, String(HUGE))
    run('qemu-io', '-f', form, '-c', 'write -P 7 1T 64k', path)
    const source = openedDisk(path)
    expect(source.size).toBe(HUGE)
    const { steps, bytes } = full(source)
    expect(bytes).toBe(block)
    expect(steps).toBeLessThan(10_000)
    expect(source.hole?.(2 ** 40)).toBe(0)
  })

  function openedDisk(path: string): ByteSource {
    const file = { label: 'disk', path: null, source: fileSource(path) }
    const [whole] = openImage([file], { backing: [] }, () => {}).contents
    if (!whole) throw new Error('no disk')
    return whole.volume.source
  }
})
