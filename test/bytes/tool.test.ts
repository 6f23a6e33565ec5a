/** Text through an installed tool: the same whether it comes by a socket of our own or by the child's output, whoever keeps it. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { openBytes } from '../../src/bytes/open.ts'
import { storedAt } from '../../src/bytes/stored.ts'
import { started, throughTool, toolNamed } from '../../src/bytes/tool.ts'
import { bytes } from '../lab.ts'

const folder = mkdtempSync(join(tmpdir(), 'inquest-test-'))
const long = join(folder, 'a-name-that-is-longer-than-a-socket-may-have'.repeat(3))
mkdirSync(long)
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.unstubAllEnvs())

/** Some megabytes of a real log: no two of its pieces are alike. */
const text = Buffer.concat(
  Array.from({ length: 8 }, (_, index) => Buffer.concat([Buffer.from(`${index}\n`), bytes('run-full-252', 'json')])),
)
const packed = execFileSync('zstd', ['-cq'], { input: text, maxBuffer: 1 << 28 })
const zstd = toolNamed('zstd') ?? 'zstd'

async function* pieces(): AsyncGenerator<Buffer> {
  for (let at = 0; at < packed.length; at += 10_000) yield packed.subarray(at, at + 10_000)
}

async function* unpacked(lent: () => boolean): AsyncGenerator<Buffer> {
  const tool = await started(zstd, ['-dcq'])
  if (!tool) throw new Error('zstd is not installed')
  yield* throughTool(tool, pieces(), lent)
}

describe('through a tool', () => {
  const places = { 'a folder': folder, 'no folder': join(folder, 'none'), 'a folder with a long name': long }

  it.each(Object.entries(places))('the text is whole where temporary files have %s', async (_, place) => {
    vi.stubEnv('TMPDIR', place)
    const kept: Buffer[] = []
    for await (const chunk of unpacked(() => false)) kept.push(chunk)
    expect(Buffer.concat(kept).equals(text)).toBe(true)
    const copied: Buffer[] = []
    for await (const chunk of unpacked(() => true)) copied.push(Buffer.from(chunk))
    expect(Buffer.concat(copied).equals(text)).toBe(true)
  })

  it('what is lent lies in the same memory each time', async () => {
    const memory = new Set<ArrayBufferLike>()
    for await (const chunk of unpacked(() => true)) memory.add(chunk.buffer)
    expect(memory.size).toBe(1)
  })

  it('whoever has seen enough leaves nothing behind', async () => {
    const place = mkdtempSync(join(folder, 'early-'))
    vi.stubEnv('TMPDIR', place)
    for await (const chunk of unpacked(() => true)) {
      expect(chunk.equals(text.subarray(0, chunk.length))).toBe(true)
      break
    }
    expect(readdirSync(place)).toEqual([])
  })

  it('what cannot be started leaves nothing behind, and the library does its work', async () => {
    const place = mkdtempSync(join(folder, 'none-'))
    vi.stubEnv('TMPDIR', place)
    const tools = mkdtempSync(join(folder, 'tools-'))
    mkdirSync(join(tools, 'zstd')) // to whoever looks for a command, a folder is one that may be executed
    vi.stubEnv('PATH', tools)
    expect(await started(toolNamed('zstd') ?? '', [])).toBeNull()
    const path = join(folder, 'by-library')
    writeFileSync(path, packed)
    const opened = openBytes(await storedAt(path))
    const parts: Buffer[] = []
    for await (const chunk of opened.chunks) parts.push(Buffer.from(chunk))
    expect(opened.problems).toEqual([])
    expect(Buffer.concat(parts).equals(text)).toBe(true)
    expect(readdirSync(place)).toEqual([])
  })
})

describe('an input whose chunks are lent', () => {
  // Nothing that a second packing makes smaller, so that it comes in many chunks.
  const noise = Buffer.from(
    createHash('shake256', { outputLength: 3 << 20 })
      .update('noise')
      .digest(),
  )
  const inner = execFileSync('lz4', ['-cq', '-B4'], { input: noise, maxBuffer: 1 << 28 })

  it.each([
    ['packed once', noise],
    // What unpacks LZ4 without its tool keeps a chunk's end until the next has come.
    ['packed twice', inner],
  ])('is whole: %s', async (name, input) => {
    const path = join(folder, name)
    writeFileSync(path, execFileSync('zstd', ['-cq'], { input, maxBuffer: 1 << 28 }))
    const tools = mkdtempSync(join(folder, 'tools-'))
    symlinkSync(zstd, join(tools, 'zstd'))
    vi.stubEnv('PATH', tools)
    const opened = openBytes(await storedAt(path))
    const parts: Buffer[] = []
    for await (const chunk of opened.chunks) {
      parts.push(Buffer.from(chunk))
      opened.lend()
    }
    expect(opened.problems).toEqual([])
    expect(Buffer.concat(parts).equals(noise)).toBe(true)
  })
})
