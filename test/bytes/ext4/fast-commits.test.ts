import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openExt4 } from '../../../src/bytes/ext4/open.ts'
import { memorySource } from '../../../src/bytes/source.ts'
import { everything, numbers, run, scratch } from '../making.ts'

const fixtures = join(import.meta.dirname, '../../../fixtures/images')
const raw = join(scratch(), 'fast.raw')
run('zstd', '-dqf', join(fixtures, 'ext4-fast-commit.raw.zst'), '-o', raw)
const image = readFileSync(raw)
// A head is the first thing in its block: tag 9, length 8.
const head = image.indexOf(Buffer.from([9, 0, 8, 0, 0, 0, 0, 0]))

function read(bytes: Buffer): { sums: string; told: string } {
  const told: string[] = []
  const fs = openExt4(memorySource(bytes), 'image', ({ message }) => told.push(message))
  if (typeof fs === 'string') throw new Error(fs)
  const sums = [...everything(fs.tree)]
    .filter(([, value]) => Buffer.isBuffer(value))
    .map(([path, value]) => `${createHash('sha256').update(value).digest('hex')}  ${path}\n`)
  return { sums: sums.sort((one, other) => (one.slice(66) < other.slice(66) ? -1 : 1)).join(''), told: told.join('\n') }
}

describe('fast commits', () => {
  const wanted = readFileSync(join(fixtures, 'ext4-fast-commit.sha256'), 'utf8')

  it('are replayed as the kernel does it (Linux 6.18): appends, new files, renames, unlinks, holes, cuts', () => {
    expect(read(image)).toEqual({ sums: wanted, told: '' })
  })

  it('of another transaction are old ones, and left', () => {
    const bytes = Buffer.from(image)
    bytes.writeUInt32LE(99, head + 8)
    const { sums, told } = read(bytes)
    expect(sums).toContain('d/old7\n')
    expect(sums).not.toContain('d/renamed\n')
    expect(told).toBe('')
  })

  it('that do not fit their checksum are named, and left', () => {
    const bytes = Buffer.from(image)
    bytes[head + 40] = (bytes[head + 40] ?? 0) ^ 1
    const { sums, told } = read(bytes)
    expect(sums).not.toContain('d/renamed\n')
    expect(told).toContain('a fast commit of transaction 3 does not fit its checksum: it and what follows it were not replayed')
  })

  it('with an unknown feature are named, and left', () => {
    const bytes = Buffer.from(image)
    bytes[head + 4] = 1
    expect(read(bytes).told).toContain('a feature that is not known here (0x1)')
  })

  it('damaged in any way end the replay, nothing else', () => {
    const next = numbers(3)
    for (let nth = 0; nth < 60; nth++) {
      const bytes = Buffer.from(image)
      for (let times = 0; times < 4; times++) bytes[head + next(12_000)] = next(256)
      expect(() => read(bytes)).not.toThrow()
    }
  })
})
