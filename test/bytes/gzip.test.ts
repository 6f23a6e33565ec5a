import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { gzip } from '../../src/bytes/gzip.ts'
import type { Problem } from '../../src/problems/problem.ts'

const TEXT = Buffer.from(Array.from({ length: 20_000 }, (_, at) => `line ${at} ${(at * 2654435761) % 1000}\n`).join(''))

async function unpack(bytes: Buffer, size = 1000): Promise<{ text: Buffer; problems: Problem[] }> {
  const problems: Problem[] = []
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  const texts: Buffer[] = []
  for await (const text of gzip.unpack(pieces(), problem => problems.push(problem))) texts.push(text)
  return { text: Buffer.concat(texts), problems }
}

describe('gzip', () => {
  it('reads one member, and two, and padding behind them, in any pieces', async () => {
    const one = gzipSync(TEXT)
    for (const size of [1, 7, 1000, 1 << 20]) {
      const sample = size === 1 ? gzipSync('a small text') : one
      expect((await unpack(sample, size)).problems).toEqual([])
    }
    expect((await unpack(one)).text.equals(TEXT)).toBe(true)
    expect((await unpack(Buffer.concat([one, one]))).text.length).toBe(2 * TEXT.length)
    expect(await unpack(Buffer.concat([one, Buffer.alloc(700), one, Buffer.alloc(512)]))).toMatchObject({ problems: [] })
    expect((await unpack(Buffer.concat([gzipSync(''), one]))).text.equals(TEXT)).toBe(true)
  })

  it('delivers what a cut file holds, and says so, wherever it is cut', async () => {
    const whole = gzipSync(TEXT)
    const cuts = [
      12,
      4096,
      8192,
      16384,
      whole.length >> 1,
      whole.length - 12,
      whole.length - 8,
      whole.length - 4,
      whole.length - 1,
    ]
    for (const cut of cuts) {
      const { text, problems } = await unpack(whole.subarray(0, cut))
      expect(problems.map(problem => problem.message)).toEqual([expect.stringContaining('cut off')])
      expect(TEXT.subarray(0, text.length).equals(text)).toBe(true)
      if (cut >= whole.length - 8) expect(text.length).toBe(TEXT.length)
      else if (cut > 5000) expect(text.length).toBeGreaterThan((TEXT.length * cut) / whole.length / 2)
    }
  })

  it('finds every flipped bit', async () => {
    const whole = gzipSync(TEXT)
    for (let at = 20; at < whole.length; at += Math.floor(whole.length / 40)) {
      const flipped = Buffer.from(whole)
      flipped.writeUInt8((flipped[at] ?? 0) ^ 0x10, at)
      expect((await unpack(flipped)).problems.length).toBeGreaterThan(0)
    }
  })

  it('keeps all of a member that garbage follows', async () => {
    const { text, problems } = await unpack(Buffer.concat([gzipSync(TEXT), Buffer.from('garbage')]))
    expect(text.equals(TEXT)).toBe(true)
    expect(problems).toHaveLength(1)
  })
})
