import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Free } from '../../../src/bytes/free.ts'
import { openImage } from '../../../src/bytes/image/image.ts'
import { type ByteSource, memorySource } from '../../../src/bytes/source.ts'
import type { Tree } from '../../../src/bytes/tree.ts'
import { InputError } from '../../../src/problems/problem.ts'
import { numbers, run, scratch } from '../making.ts'

const work = scratch()
const MIB = 2 ** 20
/** What one damaged image may cost: its reader is asked for every file's first bytes. */
const MOST_READ = 200 * MIB
const MOST_MS = 10_000

function seed(name: string, ...options: string[]): Buffer {
  const raw = join(work, 'seed.raw')
  const out = join(work, name)
  run('qemu-img', 'convert', ...options, raw, out)
  return readFileSync(out)
}

/** A dirty file system with every kind of thing in it, small enough to be copied thousands of times. */
function makeSeed(...options: string[]): Buffer {
  const raw = join(work, 'seed.raw')
  const script = join(work, 'script')
  const content = join(work, 'content')
  writeFileSync(content, 'x'.repeat(3000))
  run('rm', '-f', raw)
  run('truncate', '-s', '3M', raw)
  run('mke2fs', '-q', '-F', '-N', '64', ...options, raw)
  const commands = [
    'mkdir etc',
    `write ${content} etc/hostname`,
    'mkdir var',
    'mkdir var/log',
    `write ${content} var/log/messages`,
    'symlink l /etc/hostname',
  ]
  for (let nth = 0; nth < 20; nth++) commands.push(`write ${content} var/log/file-${nth}`)
  run(
    'sh',
    '-c',
    `printf '%s\\n' ${commands.map(one => `'${one}'`).join(' ')} 'jo -c' 'jw -b 1500,1501 ${content}' 'jw -r 1501' 'jw -b 1502 ${content}' jc > ${script}`,
  )
  run('debugfs', '-w', '-f', script, raw)
  return readFileSync(raw)
}

/** Bytes that mean something are near bytes that are not zero. */
function places(bytes: Buffer): number[] {
  const found: number[] = []
  for (let at = 0; at < bytes.length; at += 4) if (bytes.readUInt32LE(Math.min(at, bytes.length - 4)) !== 0) found.push(at)
  return found
}

const VALUES = [0, 1, 0xff, 0x7f, 0x80, 0xfe]

function damage(bytes: Buffer, at: readonly number[], next: (below: number) => number): Buffer {
  const damaged = Buffer.from(next(8) === 0 ? bytes.subarray(0, next(bytes.length)) : bytes)
  if (damaged.length < 8) return damaged
  for (let times = 1 + next(6); times > 0; times--) {
    const place = Math.min((at[next(at.length)] ?? 0) + next(4), damaged.length - 4)
    const kind = next(3)
    if (kind === 0) damaged[place] = (damaged[place] ?? 0) ^ (1 << next(8))
    else if (kind === 1) damaged[place] = VALUES[next(VALUES.length)] ?? 0
    else damaged.fill(VALUES[next(VALUES.length)] ?? 0, place, place + 4)
  }
  return damaged
}

/** Opens it and reads all it can; whatever throws but a sentence for the user is a bug. */
function readAll(bytes: Buffer): void {
  let read = 0
  const memory = memorySource(bytes)
  const source: ByteSource = {
    ...memory,
    read: (offset, target) => {
      expect(Number.isSafeInteger(offset) && offset >= 0, `a read at ${offset}`).toBe(true)
      const got = memory.read(offset, target)
      read += got
      if (read > MOST_READ) throw new Error('reads without end')
      return got
    },
  }
  try {
    const image = openImage([{ label: 'image', path: null, source }], { backing: [] }, ({ message }) =>
      expect(message).not.toMatch(/NaN|undefined|Infinity/),
    )
    for (const host of image.hosts) walk(host, '', { left: 2000 })
    for (const { fileSystem } of image.contents) if (fileSystem) expectFreeInside(fileSystem.free())
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    expect(error.message).not.toMatch(/NaN|undefined|Infinity/)
  }
}

/** Free space rises and lies inside the largest disk there is, whatever the maps say; and it ends. */
function expectFreeInside(free: Iterable<Free>): void {
  let end = 0
  let looked = 0
  for (const { from, size } of free) {
    if (looked++ > 5000) return
    if (from < end || size <= 0 || !Number.isSafeInteger(from + size)) throw new Error(`free: ${size} bytes at ${from}`)
    end = from + size
  }
}

function walk(tree: Tree, path: string, budget: { left: number }): void {
  const start = Buffer.alloc(2000)
  try {
    for (const { name, kind } of tree.list(path)) {
      if (budget.left-- <= 0) return
      const at = path === '' ? name : `${path}/${name}`
      if (kind === 'directory') walk(tree, at, budget)
      else if (kind === 'link') tree.readlink(at)
      else if (kind === 'file') {
        const file = tree.open(at)
        file.read(0, start)
        file.read(Math.max(0, file.size - 1000), start)
      }
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
  }
}

describe('a damaged image', () => {
  const plain = makeSeed('-t', 'ext2', '-b', '1024', '-O', '^metadata_csum')
  const ext4 = makeSeed('-t', 'ext4', '-b', '1024', '-O', '64bit,metadata_csum,inline_data', '-J', 'size=1')
  const gpt = join(work, 'gpt.raw')
  run('truncate', '-s', '6M', gpt)
  run('sgdisk', '-o', '-n', '1:2048:+3M', gpt)
  run('dd', `if=${join(work, 'seed.raw')}`, `of=${gpt}`, 'bs=1M', 'seek=1', 'conv=notrunc', 'status=none')
  it.each<[string, Buffer, number]>([
    ['ext4', ext4, 1500],
    ['ext2', plain, 1000],
    ['GPT', readFileSync(gpt), 500],
    ['qcow2', seed('q.qcow2', '-O', 'qcow2', '-o', 'cluster_size=4096'), 600],
    ['compressed qcow2', seed('c.qcow2', '-c', '-O', 'qcow2'), 600],
    ['zstd qcow2', seed('z.qcow2', '-c', '-O', 'qcow2', '-o', 'compression_type=zstd'), 400],
    ['extended qcow2', seed('x.qcow2', '-O', 'qcow2', '-o', 'extended_l2=on'), 300],
    ['VMDK', seed('s.vmdk', '-O', 'vmdk'), 400],
    ['streamOptimized VMDK', seed('o.vmdk', '-O', 'vmdk', '-o', 'subformat=streamOptimized'), 400],
    ['VHD', seed('d.vhd', '-O', 'vpc'), 400],
    ['VDI', seed('d.vdi', '-O', 'vdi'), 300],
    ['VHDX', seed('d.vhdx', '-O', 'vhdx', '-o', 'block_size=1M'), 200],
    ['LVM2 in VMDK', readFileSync(join(import.meta.dirname, '../../../fixtures/images/lvm.vmdk')), 200],
  ])('%s: no crash, no endless reading, no place outside', (_, bytes, cases) => {
    const next = numbers(cases)
    const at = places(bytes)
    readAll(bytes)
    for (let nth = 0; nth < cases; nth++) {
      const started = performance.now()
      readAll(damage(bytes, at, next))
      expect(performance.now() - started).toBeLessThan(MOST_MS)
    }
  })

  it('metadata alone, thousands of times', () => {
    const next = numbers(12)
    const superblock = Array.from({ length: 256 }, (_, nth) => 1024 + nth * 4)
    for (let nth = 0; nth < 2000; nth++) readAll(damage(ext4, superblock, next))
  })
})
