import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Archive } from '../../src/bytes/archive.ts'
import { containers } from '../../src/bytes/registry.ts'
import { bytesOf, chunksOf, memorySource } from '../../src/bytes/source.ts'
import { openTar } from '../../src/bytes/tar.ts'
import { openZip } from '../../src/bytes/zip.ts'
import { InputError } from '../../src/problems/problem.ts'
import { archive, plant, run, workshop } from '../where/trees.ts'

const dir = workshop()
const LOG = 'Nov 24 01:51:19 h systemd[1]: Reloading.\n'
const tree = plant(join(dir, 'tree'), { 'a.log': LOG.repeat(40), 'b/c.journal': LOG.repeat(200), 'd.log': '→ a.log' })
const [tar, zip] = [readFileSync(archive(tree, 'tar')), readFileSync(archive(tree, 'zip'))]

/** Some bytes of it changed, some of it cut. */
const damaged = (whole: Buffer) =>
  fc
    .record({
      changes: fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 }),
      end: fc.option(fc.nat(whole.length), { freq: 3 }),
    })
    .map(({ changes, end }) => {
      const bytes = Buffer.from(whole.subarray(0, end ?? whole.length))
      for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte
      return bytes
    })

/** Reads all of it, in both ways; only an InputError may come out, and no more text than the limit lets through. */
async function exhaust(archive: Archive, folder = '', depth = 0): Promise<number> {
  let size = 0
  for (const { name, kind } of archive.list(folder)) {
    const path = folder === '' ? name : `${folder}/${name}`
    if (kind === 'directory' && depth < 20) size += await exhaust(archive, path, depth + 1)
    if (kind !== 'file') continue
    try {
      for await (const chunk of archive.chunks?.(path) ?? []) size += chunk.length
      size += bytesOf(archive.open(path)).length
    } catch (error) {
      if (!(error instanceof InputError)) throw error
    }
  }
  return size
}

describe('whatever befell an archive', () => {
  it('a tar is read as far as it goes', async () => {
    await fc.assert(
      fc.asyncProperty(damaged(tar), fc.boolean(), async (bytes, seekable) => {
        const source = memorySource(bytes)
        const opened = await openTar({ label: 'x', chunks: () => chunksOf(source) }, seekable ? source : null, () => true)
        expect(await exhaust(opened)).toBeLessThan(20 * tar.length)
        opened.close()
      }),
      { numRuns: 1500 },
    )
  })

  it('a zip is read as far as it goes', async () => {
    await fc.assert(
      fc.asyncProperty(damaged(zip), async bytes => {
        const opened = await openZip('x', memorySource(bytes))
        expect(await exhaust(opened)).toBeLessThan(20 * tar.length)
        opened.close()
      }),
      { numRuns: 1500 },
    )
  })
})

/** The libraries, for what a tool does with damage is the tool's own. */
describe('whatever befell packed bytes', () => {
  const before = process.env.PATH
  const text = Buffer.from(LOG.repeat(100))
  const packed = [
    ['gzip', run('gzip', ['-c'], { input: text })],
    ['zstd', run('zstd', ['-cq'], { input: text })],
    ['lz4', run('lz4', ['-cq'], { input: text })],
    ['xz', run('xz', ['-c'], { input: text })],
  ] as const
  beforeAll(() => {
    process.env.PATH = ''
  })
  afterAll(() => {
    process.env.PATH = before
  })

  it('zstd: a block larger than the format has them is damage, not a megabyte of text', async () => {
    // A run of one byte, said to be 1,048,633 long where RFC 8878 has blocks of 128 KiB at the most.
    const head = (1_048_633 << 3) | (1 << 1) | 1
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, head & 255, (head >> 8) & 255, head >> 16, 0x78])
    const told: string[] = []
    let size = 0
    const zstd = containers.find(({ name }) => name === 'zstd')
    for await (const chunk of zstd?.unpack(chunksOf(memorySource(frame)), ({ message }) => told.push(message)) ?? [])
      size += chunk.length
    expect([size, told.length]).toEqual([0, 1])
  })

  it.each(packed)('%s gives the text, or tells', async (name, whole) => {
    const container = containers.find(one => one.name === name)
    await fc.assert(
      fc.asyncProperty(damaged(whole), async bytes => {
        if (!container?.sniff(bytes)) return
        let problems = 0
        const texts: Buffer[] = []
        for await (const chunk of container.unpack(chunksOf(memorySource(bytes)), () => problems++)) texts.push(chunk)
        const got = Buffer.concat(texts)
        expect(got.length).toBeLessThanOrEqual(1 << 20)
        // A header's name and time may change without a trace: then the text is whole.
        if (problems === 0 && bytes.length > 0) expect(got.equals(text)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})
