import { describe, expect, it } from 'vitest'
import { fileSource } from '../../../src/bytes/source.ts'
import { openXfs, sniffXfs } from '../../../src/bytes/xfs/index.ts'
import type { Problem } from '../../../src/problems/problem.ts'
import { makeImage, sampleTree } from './made.ts'
import { differences, everything, expected } from './walk.ts'

/** Every geometry that changes where things lie: block, inode and directory block sizes, kinds in names, B-trees beside the files. */
const GEOMETRIES = [
  ['v5 as it comes', 4000],
  ['-b size=1024', 1500],
  ['-b size=2048 -i size=1024 -n size=8192', 1500],
  ['-b size=65536 -n size=65536', 1500],
  ['-i size=2048 -n size=16384', 1500],
  ['-m bigtime=0,reflink=0,finobt=0,inobtcount=0 -i sparse=0', 800],
  ['-m rmapbt=1 -i nrext64=1', 800],
  ['-m uuid=0d1a0d1a-1111-2222-3333-444455556666 -L seed-root', 100],
  ['-d agcount=3', 2500],
  ['-m crc=0', 4000],
  ['-m crc=0 -b size=512 -i size=256', 1500],
  ['-m crc=0 -n ftype=1,size=32768', 1500],
  ['-m crc=0 -b size=1024 -i size=512 -l version=1', 800],
  ['-m crc=0 -i attr=1 -s size=4096', 800],
] as const

/** Large blocks want a large log; the image is sparse. */
const megabytesFor = (options: string, most: number): number => (options.includes('65536') ? 384 : most > 2000 ? 128 : 96)

describe('an XFS file system, every file byte for byte', () => {
  it.each(GEOMETRIES)('%s', (options, most) => {
    const names = sampleTree(most)
    const image = makeImage(options.startsWith('-') ? options.split(' ') : [], names, megabytesFor(options, most))
    const problems: Problem[] = []
    const source = fileSource(image)
    expect(sniffXfs(source)).toBe(true)
    const found = openXfs(source, 'disk.raw', problem => problems.push(problem))
    expect(found?.replay.state).toBe('clean')
    if (!found) return
    const read = everything(found.tree)
    expect(problems).toEqual([])
    expect(differences(read, expected(names))).toEqual([])
    expect(read.size).toBeGreaterThan(most)
    found.tree.close()
  })

  it('says what it is called', () => {
    const uuid = '0d1a0d1a-1111-2222-3333-444455556666'
    const found = openXfs(fileSource(makeImage(['-m', `uuid=${uuid}`, '-L', 'seed-root'], {})), 'disk.raw', () => {})
    expect(found).toMatchObject({ uuid, label: 'seed-root', tree: { label: 'disk.raw' } })
    expect(found?.tree.list('')).toEqual([])
  })

  it('lists what is in a directory, and answers in one sentence for what is not', () => {
    const found = openXfs(
      fileSource(makeImage([], { etc: { fstab: Buffer.from('UUID') }, link: { to: 'etc' } })),
      'disk.raw',
      () => {},
    )
    if (!found) throw new Error('not read')
    const { tree } = found
    expect(tree.list('etc')).toMatchObject([{ name: 'fstab', kind: 'file', size: 4 }])
    expect(tree.list('').map(({ name, kind }) => `${name} ${kind}`)).toEqual(['etc directory', 'link link'])
    const age = Date.now() * 1000 - (tree.list('etc')[0]?.mtime ?? 0)
    expect(age).toBeGreaterThanOrEqual(-1e6)
    expect(age).toBeLessThan(3600e6)
    expect(() => tree.open('etc/none')).toThrow('disk.raw:etc/none: there is no such file')
    expect(() => tree.open('link/fstab')).toThrow('no directory')
    expect(() => tree.open('etc')).toThrow('disk.raw:etc: is no regular file')
    expect(() => tree.list('etc/fstab')).toThrow('no directory')
    expect(() => tree.open('etc/../etc/fstab')).toThrow('no such file')
    expect(() => tree.readlink('etc/fstab')).toThrow('no symbolic link')
    expect(tree.readlink('link')).toBe('etc')
  })

  it('reads any part of a file', () => {
    const names = sampleTree(10)
    const found = openXfs(fileSource(makeImage([], names)), 'disk.raw', () => {})
    const source = found?.tree.open('large')
    if (!source || !Buffer.isBuffer(names.large)) throw new Error('not read')
    const part = Buffer.alloc(10_000)
    for (const at of [0, 1, 4095, 4096, 777_777, 2_990_001, 2_999_999]) {
      const count = source.read(at, part)
      expect(part.subarray(0, count).equals(names.large.subarray(at, at + 10_000))).toBe(true)
    }
    expect(source.read(3_000_000, part)).toBe(0)
    expect(source.read(2 ** 40, part)).toBe(0)
  })
})
