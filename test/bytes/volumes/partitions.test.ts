import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memorySource } from '../../../src/bytes/source.ts'
import { partitions } from '../../../src/bytes/volumes/partitions.ts'
import type { Volume } from '../../../src/bytes/volumes/volume.ts'
import type { Problem } from '../../../src/problems/problem.ts'
import { run, scratch } from '../making.ts'

const work = scratch()
const MIB = 2 ** 20

function read(bytes: Buffer): { found: Volume[]; told: string } {
  const problems: Problem[] = []
  const found = partitions(memorySource(bytes), problem => problems.push(problem))
  return { found, told: problems.map(({ message }) => message).join('\n') }
}

function places({ found }: { found: Volume[] }): [string, number | null, number][] {
  return found.map(({ name, offset, source }) => [name, offset, source.size])
}

function gpt(): Buffer {
  const image = join(work, 'gpt.raw')
  run('truncate', '-s', '40M', image)
  run(
    'sgdisk',
    '-o',
    '-n',
    '1:2048:+8M',
    '-c',
    '1:EFI',
    '-t',
    '1:ef00',
    '-n',
    '3:0:+10M',
    '-c',
    '3:root fs',
    '-t',
    '3:8304',
    '-u',
    '3:8a01d3b1-1356-415f-9af8-b3b406dde7db',
    '-n',
    '2:0:0',
    image,
  )
  return readFileSync(image)
}

/** Tables as sfdisk makes them of its script. */
function mbr(name: string, script: string): Buffer {
  const image = join(work, name)
  run('truncate', '-s', '64M', image)
  execFileSync('/usr/sbin/sfdisk', ['-q', '--no-reread', image], {
    input: `label: dos\nlabel-id: 0x1234abcd\n${script}`,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  return readFileSync(image)
}

describe('the partitions of a disk', () => {
  it('GPT: numbers, places, names', () => {
    const { found, told } = read(gpt())
    expect(places({ found })).toEqual([
      ['p1', MIB, 8 * MIB],
      ['p2', 19 * MIB, 40 * MIB - 19 * MIB - 34 * 512 + 512],
      ['p3', 9 * MIB, 10 * MIB],
    ])
    expect(found[2]?.aliases).toEqual(['PARTUUID=8a01d3b1-1356-415f-9af8-b3b406dde7db', 'PARTLABEL=root fs'])
    expect(told).toBe('')
  })

  it('GPT: the copy at the end where the front is damaged, and says so', () => {
    const bytes = gpt()
    const whole = places(read(bytes))
    for (const at of [512, 512 + 80, 1024 + 40]) {
      const damaged = Buffer.from(bytes)
      damaged[at] = (damaged[at] ?? 0) ^ 0xff
      const { found, told } = read(damaged)
      expect(places({ found })).toEqual(whole)
      expect(told).toContain('its copy at the end was read')
    }
    const both = Buffer.from(bytes)
    both.fill(0xaa, 512 + 16, 512 + 20)
    both.fill(0xaa, both.length - 512 + 16, both.length - 512 + 20)
    expect(read(both).told).toContain('and so is its copy')
  })

  it('GPT: says what lies outside a cut disk', () => {
    const { found, told } = read(gpt().subarray(0, 15 * MIB))
    expect(places({ found })).toEqual([
      ['p1', MIB, 8 * MIB],
      ['p3', 9 * MIB, 6 * MIB],
    ])
    expect(told).toMatch(/partition 2 lies outside the disk[\s\S]*partition 3 goes on for 4194304 bytes past/)
  })

  it('MBR: primary and logical partitions', () => {
    const { found, told } = read(mbr('mbr.raw', '1M,8M,L,*\n10M,4M,82\n16M,40M,E\n17M,5M,L\n24M,6M,L\n32M,7M,L\n'))
    expect(places({ found })).toEqual([
      ['p1', MIB, 8 * MIB],
      ['p2', 10 * MIB, 4 * MIB],
      ['p5', 17 * MIB, 5 * MIB],
      ['p6', 24 * MIB, 6 * MIB],
      ['p7', 32 * MIB, 7 * MIB],
    ])
    expect(found[3]?.aliases).toEqual(['PARTUUID=1234abcd-06'])
    expect(told).toBe('')
  })

  it('MBR: a chain in a circle ends, and is told', () => {
    const bytes = mbr('circle.raw', '16M,40M,E\n17M,5M,L\n24M,6M,L\n')
    const second = 16 * MIB + bytes.readUInt32LE(16 * MIB + 446 + 16 + 8) * 512
    bytes.writeUInt8(5, second + 446 + 16 + 4)
    bytes.writeUInt32LE(0, second + 446 + 16 + 8)
    bytes.writeUInt32LE(100, second + 446 + 16 + 12)
    expect(read(bytes).told).toContain('runs in a circle')
  })

  it('says that partitions overlap', () => {
    const bytes = mbr('overlap.raw', '1M,8M,L\n10M,4M,L\n')
    bytes.writeUInt32LE(5 * 2048, 446 + 16 + 8)
    expect(read(bytes).told).toBe('partitions p1 and p2 overlap: at most one of them is what it says')
  })

  it('takes a disk without a table for one volume', () => {
    expect(places(read(Buffer.alloc(MIB)))).toEqual([['', 0, MIB]])
    expect(places(read(Buffer.alloc(0)))).toEqual([['', 0, 0]])
  })
})
