import { describe, expect, it } from 'vitest'
import { memorySource } from '../../../src/bytes/source.ts'
import { openXfs } from '../../../src/bytes/xfs/index.ts'
import { Disk, dataOf, made, TEXT } from './disk.ts'
import { contentOf } from './walk.ts'

/** Where an image says something of itself: struct xfs_dsb. */
const INCOMPATIBLE = 216
const CORE = { v4: 100, v5: 176 }

const refusal = (image: Buffer): string[] => {
  const messages: string[] = []
  expect(openXfs(memorySource(image), 'disk', problem => messages.push(problem.message))).toBe(null)
  return messages
}

describe('what cannot be read is said in a sentence', () => {
  it('features by name or by number', () => {
    const zoned = new Disk(made.v5).image
    zoned.writeUInt32BE(zoned.readUInt32BE(INCOMPATIBLE) | 0x200, INCOMPATIBLE)
    expect(refusal(zoned)).toContainEqual(expect.stringContaining('"zoned realtime device"'))
    const unknown = new Disk(made.v5).image
    unknown.writeUInt32BE((unknown.readUInt32BE(INCOMPATIBLE) | 0x40000000) >>> 0, INCOMPATIBLE)
    expect(refusal(unknown)).toContainEqual(expect.stringContaining('incompatible feature bit 30'))
  })

  it.each([
    ['block size', 4, 4000],
    ['inode size', 104, 3 * 2 ** 16],
    ['allocation groups', 88, 0],
    ['its groups and its size', 8, 7],
    ['version 7', 100, 0xb4a7 * 2 ** 16 + 512],
  ])('a superblock whose %s cannot be', (what, at, value) => {
    const { image } = new Disk(made.v4)
    image.writeUInt32BE(value, at)
    expect(refusal(image)).toEqual([expect.stringContaining(what)])
  })

  it('a file system that is marked as damaged, and a file on a device that is not there', () => {
    const changed = new Disk(made.v5)
    changed.image.writeUInt32BE(changed.image.readUInt32BE(INCOMPATIBLE) | 16, INCOMPATIBLE)
    changed.image.writeUInt16BE(1, changed.inodePlace('file').place + 90)
    const { messages, text } = changed.open()
    expect(text('other')).toBe('other')
    expect(text('file')).toMatch(/^10000: /)
    expect(messages).toContainEqual(expect.stringContaining('(needsrepair)'))
    expect(messages).toContainEqual(expect.stringContaining('the realtime device'))
  })

  it('nothing, where no XFS begins', () => {
    expect(refusal(Buffer.alloc(4096))).toEqual([])
    expect(refusal(Buffer.from('XFSB'))).toEqual([])
  })

  it('a log on another device', () => {
    const changed = new Disk(made.v4)
    changed.image.writeBigUInt64BE(0n, 48)
    expect(changed.open()).toMatchObject({ replay: { state: 'not' }, messages: [expect.stringContaining('a device of its own')] })
  })
})

describe('checksums that do not fit are named, and what they sum is read all the same', () => {
  it('of the superblock, an inode, and what is whole stays silent', () => {
    const changed = new Disk(made.v5)
    changed.image.writeUInt8(1, 140)
    changed.image.writeUInt8(1, changed.inodePlace('file').place + 140)
    const { messages, text } = changed.open()
    expect(text('file')).toBe('whole')
    expect(messages).toEqual([
      'the superblock of the XFS file system does not fit its checksum',
      expect.stringMatching(/^inode \d+ does not fit its checksum/),
    ])
  })

  it('an inode in another inode’s place is not read', () => {
    const changed = new Disk(made.v5)
    changed.inode('other').copy(changed.image, changed.inodePlace('file').place)
    const { messages, tree } = changed.open()
    expect(() => tree.open('file')).toThrow('its place holds inode')
    expect(tree.list('')).toContainEqual({ name: 'file', kind: 'file', size: 0, mtime: null })
    expect(messages).toEqual([expect.stringContaining('its place holds inode')])
  })
})

describe.each(['v4', 'v5'] as const)('a damaged %s', version => {
  it('inode with 2^60 bytes ends where its last block does', () => {
    for (const size of [2n ** 60n, 2n ** 63n - 1n, 2n ** 40n]) {
      const changed = new Disk(made[version])
      changed.image.writeBigUInt64BE(size, changed.inodePlace('file').place + 56)
      const { messages, tree } = changed.open()
      const source = tree.open('file')
      expect(source.size).toBe(12_288)
      expect(contentOf(source).subarray(0, TEXT.length).equals(TEXT)).toBe(true)
      expect(messages).toContainEqual(expect.stringContaining('more than its disk'))
    }
  })

  it('directory that names itself, or another for the second time, is followed once', () => {
    const changed = new Disk(made[version])
    const root = Number(changed.image.readBigUInt64BE(56))
    const { number, place } = changed.inodePlace('file')
    const names = place - (number - root) * changed.inode('file').length + CORE[version]
    const entry = changed.image.indexOf('file', names) + 4 + 1
    changed.image.writeUInt32BE(root, entry)
    const { messages, tree } = changed.open()
    expect(tree.list('')).toContainEqual(expect.objectContaining({ name: 'file', kind: 'directory' }))
    expect(() => tree.list('file')).toThrow('a directory that has a second name')
    expect(() => tree.list('file/file/file')).toThrow('a directory that has a second name')
    expect(messages).toContainEqual(expect.stringContaining('followed only by its first'))
  })

  it('tree of extents that points at itself ends', () => {
    const changed = new Disk(made[version])
    const { number, place } = changed.inodePlace('file')
    const header = version === 'v5' ? 72 : 24
    const { start } = dataOf(changed)
    const block = changed.image.subarray(start, start + 4096)
    block.fill(0)
    block.write(version === 'v5' ? 'BMA3' : 'BMAP')
    block.writeUInt16BE(1, 4)
    block.writeUInt16BE(1, 6)
    if (version === 'v5') block.writeBigUInt64BE(BigInt(number), 56)
    block.writeBigUInt64BE(BigInt(start / 4096), header + Math.floor((4096 - header) / 16) * 8)
    const inode = changed.image.subarray(place, place + changed.inode('file').length)
    inode.writeUInt8(3, 5)
    const fork = inode.subarray(CORE[version])
    fork.fill(0)
    fork.writeUInt32BE(0x0001_0001, 0)
    fork.writeBigUInt64BE(BigInt(start / 4096), 4 + Math.floor((fork.length - 4) / 16) * 8)
    for (const level of [1, 2, 9]) {
      fork.writeUInt16BE(level, 0)
      const { messages, tree } = changed.open()
      expect(contentOf(tree.open('file')).equals(Buffer.alloc(TEXT.length))).toBe(true)
      expect(messages).toContainEqual(expect.stringContaining('a part of its data cannot be reached'))
    }
  })

  it('link that is longer than one can be is not read', () => {
    const changed = new Disk(made[version])
    changed.image.writeBigUInt64BE(5000n, changed.inodePlace('link').place + 56)
    expect(() => changed.open().tree.readlink('link')).toThrow('more than a link can have')
  })

  it('image that was cut off gives what lies before the cut', () => {
    for (let part = 1; part < 24; part++) {
      const image = new Disk(made[version]).image.subarray(0, part * 2 ** 20)
      const messages: string[] = []
      const found = openXfs(memorySource(image), 'disk', problem => messages.push(problem.message))
      expect(messages).toContainEqual(expect.stringContaining(`the image ends after ${image.length}`))
      try {
        const text = found && contentOf(found.tree.open('file'))
        if (text) expect(text.equals(TEXT) || messages.some(message => message.includes('behind the end'))).toBe(true)
      } catch (error) {
        expect(String(error)).toMatch(/behind the end of the image/)
      }
    }
  })
})
