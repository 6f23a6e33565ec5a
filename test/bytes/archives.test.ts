import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Archive } from '../../src/bytes/archive.ts'
import { bytesOf, chunksOf, fileSource, memorySource } from '../../src/bytes/source.ts'
import { openTar } from '../../src/bytes/tar.ts'
import { openZip } from '../../src/bytes/zip.ts'
import { archive, plant, run, workshop } from '../where/trees.ts'

const dir = workshop()
const LOG = Buffer.from('Nov 24 01:51:19 h systemd[1]: Reloading.\n'.repeat(3000))
const FILES = { 'a.log': LOG, 'b/c.log': LOG.subarray(0, 700), 'b/d.journal': LOG.subarray(0, 90_000), 'z.log': '→ b/c.log' }
const tree = plant(join(dir, 'tree'), FILES)

const tar = (bytes: Buffer, seekable: boolean) => {
  const source = memorySource(bytes)
  const unpacked = { label: 'x.tar', chunks: () => chunksOf(source) }
  return openTar(unpacked, seekable ? source : null, path => path.endsWith('.journal'))
}

async function textOf(archive: Archive, path: string): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of archive.chunks?.(path) ?? []) parts.push(part)
  return Buffer.concat(parts)
}

/** Headers by the place of `ustar` in them. */
function headersIn(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 512 }, (_, index) => index * 512).filter(
    at => bytes.toString('latin1', at + 257, at + 262) === 'ustar',
  )
}

describe.each([true, false])('a tar, seekable: %s', seekable => {
  const bytes = readFileSync(archive(tree, 'tar'))

  it('lists its files, its links, and the directories around them', async () => {
    const opened = await tar(bytes, seekable)
    expect(opened.problems).toEqual([])
    expect(
      opened
        .list('')
        .map(({ name, kind }) => [name, kind])
        .sort(),
    ).toEqual([
      ['a.log', 'file'],
      ['b', 'directory'],
      ['z.log', 'link'],
    ])
    expect(opened.readlink('z.log')).toBe('b/c.log')
    expect(() => opened.list('nothing')).toThrow(/no such directory/)
    opened.close()
  })

  it('gives files in any order, and at any place what was kept', async () => {
    const opened = await tar(bytes, seekable)
    const paths = ['a.log', 'b/c.log', 'a.log', 'b/d.journal', 'b/c.log'] as const
    for (const path of paths) expect((await textOf(opened, path)).equals(FILES[path])).toBe(true)
    expect(bytesOf(opened.open('b/d.journal')).equals(FILES['b/d.journal'])).toBe(true)
    if (!seekable) expect(() => opened.open('a.log')).toThrow(/from the front only/)
    opened.close()
  })

  it('tells every cut, between files too, and gives what lies before it', async () => {
    const headers = headersIn(bytes)
    const end = (headers.at(-1) ?? 0) + 512
    for (const at of [...headers.slice(1), ...headers.map(header => header + 300), end, end + 512, 100_000]) {
      const opened = await tar(bytes.subarray(0, at), seekable)
      expect([at, opened.problems.length]).toEqual([at, 1])
      for (const { name, kind } of opened.list('')) {
        if (kind !== 'file') continue
        const got = await textOf(opened, name)
        expect(got.equals(FILES['a.log'].subarray(0, got.length))).toBe(true)
      }
      opened.close()
    }
  })

  it('tells a header that was changed', async () => {
    const changed = Buffer.from(bytes)
    const at = (headersIn(bytes).at(-1) ?? 0) + 3
    changed[at] = (changed[at] ?? 0) ^ 1
    expect((await tar(changed, seekable)).problems).toHaveLength(1)
  })
})

it('a tar that keeps fractions of seconds tells when a link was made to the microsecond', async () => {
  const path = join(dir, 'pax.tar')
  run('touch', ['-h', '-d', '2026-11-24T01:51:20.800123456Z', join(tree, 'z.log')])
  run('tar', ['--format=pax', '-cf', path, '.'], { cwd: tree })
  const opened = await tar(readFileSync(path), true)
  expect(opened.list('').find(({ name }) => name === 'z.log')?.mtime).toBe(Date.UTC(2026, 10, 24, 1, 51, 20) * 1000 + 800_123)
})

describe('a zip', () => {
  const path = archive(tree, 'zip')
  const bytes = readFileSync(path)

  it('gives its files, links and times', async () => {
    const opened = await openZip(path, fileSource(path))
    expect(opened.problems).toEqual([])
    expect((await textOf(opened, 'a.log')).equals(LOG)).toBe(true)
    expect(bytesOf(opened.open('b/d.journal')).equals(FILES['b/d.journal'])).toBe(true)
    expect(opened.readlink('z.log')).toBe('b/c.log')
    expect(opened.list('').find(({ name }) => name === 'z.log')?.mtime).not.toBeNull()
    opened.close()
  })

  it('names its checksum where a bit is flipped, stored or deflated', async () => {
    const stored = join(dir, 'stored.zip')
    run('zip', ['-q0', stored, 'a.log'], { cwd: tree })
    const changed = readFileSync(stored)
    changed[5000] = (changed[5000] ?? 0) ^ 1
    await expect(textOf(await openZip('x.zip', memorySource(changed)), 'a.log')).rejects.toThrow(/checksum \(CRC-32\)/)
    const packed = Buffer.from(bytes)
    const at = packed.indexOf('a.log') + 40
    packed[at] = (packed[at] ?? 0) ^ 16
    await expect(textOf(await openZip('x.zip', memorySource(packed)), 'a.log')).rejects.toThrow(/the zip is damaged/)
  })

  it.each([0.2, 0.5, 0.9])('that is cut (%s) gives what lies before the cut, and says so', async share => {
    const opened = await openZip('x.zip', memorySource(bytes.subarray(0, Math.floor(bytes.length * share))))
    expect(opened.problems).toHaveLength(1)
    expect(opened.problems[0]?.message).toMatch(/damaged or cut off/)
    const names = opened.list('').map(({ name }) => name)
    expect(names.length).toBeGreaterThan(0)
  })

  it('that was written to a pipe is read from the front too', async () => {
    const piped = run('zip', ['-qr', '-', 'a.log', 'b'], { cwd: tree })
    const cut = piped.subarray(0, piped.lastIndexOf('PK\x01\x02') - 200)
    const opened = await openZip('x.zip', memorySource(cut))
    expect((await textOf(opened, 'a.log')).equals(LOG)).toBe(true)
  })

  it('that is encrypted is told', async () => {
    const locked = join(dir, 'locked.zip')
    run('zip', ['-q', '-P', 'secret', locked, 'a.log'], { cwd: tree })
    expect((await openZip(locked, fileSource(locked))).problems[0]?.message).toContain('is encrypted')
  })

  it('of nothing but noise is told, never thrown', async () => {
    writeFileSync(join(dir, 'noise.zip'), Buffer.concat([Buffer.from('PK\x03\x04'), LOG]))
    const opened = await openZip('noise.zip', memorySource(readFileSync(join(dir, 'noise.zip'))))
    expect(opened.problems).toHaveLength(1)
  })
})
