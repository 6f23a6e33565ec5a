import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { containers } from '../../src/bytes/registry.ts'
import type { Problem } from '../../src/problems/problem.ts'
import { bytes } from '../lab.ts'

/** Half a megabyte of a real log. */
const text = Buffer.concat(['rsyslog-nolink-255', 'healthy-257', 'run-full-252'].map(run => bytes(run, 'json')))

const pack = (command: string, input: Buffer, ...args: string[]): Buffer =>
  execFileSync(command, [...args], { input, maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'ignore'] })

const FORMS: readonly { name: string; pack(input: Buffer): Buffer }[] = [
  { name: 'gzip', pack: input => pack('gzip', input, '-c') },
  { name: 'zstd', pack: input => pack('zstd', input, '-cq') },
  { name: 'xz', pack: input => pack('xz', input, '-c') },
  { name: 'bzip2', pack: input => pack('bzip2', input, '-c', '-1') },
  { name: 'lz4', pack: input => pack('lz4', input, '-cq') },
]

interface Unpacked {
  text: Buffer
  problems: Problem[]
}

async function unpack(name: string, packed: Buffer, piece = 10_000): Promise<Unpacked> {
  const container = containers.find(one => one.name === name)
  if (!container) throw new Error(`no container ${name}`)
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < packed.length; at += piece) yield packed.subarray(at, at + piece)
  }
  const problems: Problem[] = []
  const texts: Buffer[] = []
  for await (const chunk of container.unpack(chunks(), problem => problems.push(problem))) texts.push(chunk)
  return { text: Buffer.concat(texts), problems }
}

/** Without a tool on the path the library is what is left. */
async function withoutTools<T>(run: () => Promise<T>): Promise<T> {
  const path = process.env.PATH
  process.env.PATH = ''
  try {
    return await run()
  } finally {
    process.env.PATH = path
  }
}

const WAYS: readonly { way: string; by: typeof unpack }[] = [
  { way: 'by the tool', by: unpack },
  { way: 'by the library', by: (...args) => withoutTools(() => unpack(...args)) },
]

const cases = FORMS.flatMap(form => WAYS.map(way => ({ ...form, ...way })))

describe.each(cases)('$name $way', ({ name, pack, by }) => {
  const packed = pack(text)

  it('reads one frame, two of them, and an empty one', async () => {
    const once = await by(name, packed)
    expect(once.problems).toEqual([])
    expect(once.text.equals(text)).toBe(true)
    const twice = await by(name, Buffer.concat([packed, packed]))
    expect(twice.problems).toEqual([])
    expect(twice.text.equals(Buffer.concat([text, text]))).toBe(true)
    expect(await by(name, pack(Buffer.alloc(0)))).toEqual({ text: Buffer.alloc(0), problems: [] })
  })

  it('tells every cut, and keeps what came before it', async () => {
    const ends = [1, 4, 8, 12].map(missing => packed.length - missing)
    const steps = [1, 2, 3, 4, 5, 6, 7].map(step => Math.floor((packed.length * step) / 8))
    for (const end of [...steps, ...ends]) {
      const got = await by(name, packed.subarray(0, end))
      expect([end, got.problems.length]).toEqual([end, 1])
      expect(got.text.equals(text.subarray(0, got.text.length))).toBe(true)
    }
  })

  it('tells a flipped bit, wherever it is in what is packed', async () => {
    const places = Array.from({ length: 12 }, (_, index) => Math.floor((packed.length * (index + 1)) / 13))
    for (const place of places) {
      const changed = Buffer.from(packed)
      changed[place] = (changed[place] ?? 0) ^ 4
      const { problems } = await by(name, changed)
      expect([place, problems.length]).toEqual([place, 1])
    }
  })
})

describe.each(WAYS)('odd forms $way', ({ by }) => {
  it('zstd: a skippable frame, a long window, frames without checksum', async () => {
    const skippable = Buffer.concat([Buffer.from('502a4d1805000000', 'hex'), Buffer.from('words')])
    const frames = [pack('zstd', text, '-cq'), skippable, pack('zstd', text, '-cq', '--long=27', '-12')]
    const got = await by('zstd', Buffer.concat([...frames, pack('zstd', text, '-cq', '--no-check')]))
    expect(got.problems).toEqual([])
    expect(got.text.equals(Buffer.concat([text, text, text]))).toBe(true)
  })

  it('zstd: all of forty flipped bits are found', async () => {
    const packed = pack('zstd', text, '-cq')
    for (let index = 0; index < 40; index++) {
      const changed = Buffer.from(packed)
      const place = 20 + Math.floor(((packed.length - 20) * index) / 40)
      changed[place] = (changed[place] ?? 0) ^ (1 << (index % 8))
      expect([place, (await by('zstd', changed)).problems.length]).toEqual([place, 1])
    }
  })

  it('xz: padding between two streams, and no check', async () => {
    const packed = Buffer.concat([pack('xz', text, '-c'), Buffer.alloc(8), pack('xz', text, '-c', '--check=crc32')])
    const got = await by('xz', packed)
    expect(got.problems).toEqual([])
    expect(got.text.length).toBe(2 * text.length)
  })

  it('lz4: linked blocks, block sums, and small blocks', async () => {
    const packed = [
      ['-B4', '-BD'],
      ['-B5', '-BX'],
      ['-B7', '--content-size'],
    ].map(args => pack('lz4', text, '-cq', ...args))
    const got = await by('lz4', Buffer.concat(packed))
    expect(got.problems).toEqual([])
    expect(got.text.equals(Buffer.concat([text, text, text]))).toBe(true)
  })
})

it('gives the same whichever way it is read', async () => {
  for (const { name, pack } of FORMS.slice(1)) {
    const packed = pack(text).subarray(0, -5)
    const [tool, library] = [await unpack(name, packed), await withoutTools(() => unpack(name, packed))]
    expect(library.problems).toEqual(tool.problems)
  }
})
