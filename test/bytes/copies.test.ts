/** File systems whose first superblock is damaged: they have copies of it. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openImage } from '../../src/bytes/image/image.ts'
import { bytesOf, fileSource } from '../../src/bytes/source.ts'
import type { Tree } from '../../src/bytes/tree.ts'
import { analyze } from '../../src/index.ts'
import { everything, run, scratch } from './making.ts'
import { makeImage } from './xfs/made.ts'

const work = scratch()
const fixtures = join(import.meta.dirname, '../../fixtures/images')
const EXT4 = join(work, 'ext4.raw')
const XFS = join(work, 'xfs.raw')
const XFS_V4 = makeImage(['-m', 'crc=0', '-d', 'agcount=7'], { etc: { hostname: Buffer.from('host\n') } }, 127)
const KIB = 1024

beforeAll(() => {
  run('zstd', '-dqf', '--sparse', join(fixtures, 'ext4-dirty.raw.zst'), '-o', EXT4)
  run('zstd', '-dqf', '--sparse', join(fixtures, 'xfs-dirty.raw.zst'), '-o', XFS)
})

function opened(path: string) {
  const told: string[] = []
  const image = openImage([{ label: 'disk', path: null, source: fileSource(path) }], { backing: [] }, ({ message }) =>
    told.push(message),
  )
  return { image, told }
}

function sums(tree: Tree | undefined): string[] {
  if (!tree) throw new Error('no machine')
  return [...everything(tree)].map(([path, value]) => `${path} ${createHash('sha256').update(String(value)).digest('hex')}`)
}

/** The disk with bytes written over it. */
function damaged(path: string, at: number, bytes: Buffer): string {
  const copy = join(work, 'damaged.raw')
  run('cp', '--sparse=always', path, copy)
  const fd = openSync(copy, 'r+')
  writeSync(fd, bytes, 0, bytes.length, at)
  closeSync(fd)
  return copy
}

describe('a file system whose superblock is damaged', () => {
  it.each([
    [
      'ext4, zeros',
      () => damaged(EXT4, KIB, Buffer.alloc(KIB)),
      /^the ext4 superblock cannot be true \(its magic number is gone\): its copy at offset 8389632 of the volume was read instead$/,
    ],
    [
      'ext4, one byte',
      () => damaged(EXT4, KIB + 0x30, Buffer.from([0xff])),
      /^the ext4 superblock does not fit its checksum: its copy at/,
    ],
    [
      'ext4, and the descriptors of groups',
      () => damaged(EXT4, 0, Buffer.alloc(16 * KIB, 0xff)),
      /^the ext4 superblock cannot be true/,
    ],
    [
      'ext4, the descriptors of groups alone',
      () => damaged(EXT4, 2 * KIB, Buffer.alloc(16 * KIB)),
      /^group descriptors of the ext4 file system are damaged: their copies in group 1 were read instead$/,
    ],
    [
      'XFS, zeros',
      () => damaged(XFS, 0, Buffer.alloc(512)),
      /^the superblock of the XFS file system cannot be read: its copy at offset 83886080 of the volume was read instead$/,
    ],
    [
      'XFS, one byte',
      () => damaged(XFS, 12, Buffer.from([0xff])),
      /^the superblock of the XFS file system .*: its copy at offset/,
    ],
  ])('%s: the same files, and a word about it', (_, path, word) => {
    const whole = opened(word.source.includes('XFS') ? XFS : EXT4)
    const { image, told } = opened(path())
    expect(told[0]).toMatch(word)
    expect(image.contents[0]?.fileSystem?.replayed).toBe(whole.image.contents[0]?.fileSystem?.replayed)
    expect(sums(image.hosts[0])).toEqual(sums(whole.image.hosts[0]))
  })

  it('XFS of version 4, which has no checksums', () => {
    const { image, told } = opened(damaged(XFS_V4, 84, Buffer.alloc(8)))
    const { tree } = image.contents[0]?.fileSystem ?? {}
    expect(tree && bytesOf(tree.open('etc/hostname')).toString()).toBe('host\n')
    expect(told).toEqual([expect.stringContaining('cannot be read: its copy at offset')])
  })

  it.each([
    ['zeros', 0, false],
    ['anything, where it is called a disk', 'inquest\n', true],
  ])('tells the incident where there are %s at its front, and that it is damaged', async (_, fill, image) => {
    const path = damaged(EXT4, 0, Buffer.alloc(16 * KIB, fill))
    const { report, exitStatus } = await analyze(image ? [] : [path], image ? { image: [path] } : {})
    expect(report.incidents).toMatchObject([{ outcome: 'froze', unit: 'rsyslog.service' }])
    expect(
      report.inputs.some(({ problems }) => problems.some(({ message }) => message.includes('its copy at offset 8389632'))),
    ).toBe(true)
    expect(exitStatus).toBe(1)
  })
})

describe('copies are not believed', () => {
  it('where another file system lies by now', () => {
    const path = damaged(EXT4, 0, Buffer.concat([Buffer.from('LUKS\xba\xbe\0\x02', 'latin1'), Buffer.alloc(4 * KIB)]))
    expect(opened(path).image.contents[0]?.kind).toBe('a LUKS encrypted volume')
  })

  it('where none is whole', () => {
    const path = damaged(EXT4, KIB, Buffer.alloc(KIB))
    const fd = openSync(path, 'r+')
    for (let group = 1; group < 12; group++) writeSync(fd, Buffer.alloc(KIB), 0, KIB, (1 + group * 8192) * KIB)
    closeSync(fd)
    expect(opened(path).image.contents[0]?.kind).toBe('unknown')
  })

  it('against a superblock that its checksum proves', () => {
    const { image, told } = opened(XFS)
    expect(image.hosts).toHaveLength(1)
    expect(told).toEqual([])
  })
})
