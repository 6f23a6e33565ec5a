import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openBytes } from '../../src/bytes/open.ts'
import { containers } from '../../src/bytes/registry.ts'
import { Spool } from '../../src/bytes/spool.ts'
import { storedAt } from '../../src/bytes/stored.ts'

const dir = mkdtempSync(join(tmpdir(), 'inquest-test-'))
afterAll(() => rmSync(dir, { recursive: true }))

async function textOf(bytes: Buffer): Promise<string> {
  const path = join(dir, 'input')
  writeFileSync(path, bytes)
  const opened = openBytes(await storedAt(path))
  const texts: Buffer[] = []
  for await (const chunk of opened.chunks) texts.push(chunk)
  return Buffer.concat(texts).toString()
}

describe('opening an input', () => {
  it('names each container once', () => {
    expect(new Set(containers.map(container => container.name)).size).toBe(containers.length)
  })

  it('says in one sentence what cannot be opened', async () => {
    await expect(storedAt(dir)).rejects.toThrow(/is a directory/)
    await expect(storedAt(join(dir, 'nothing'))).rejects.toThrow(/there is no such file/)
  })

  it("reads UTF-16 with its mark, as PowerShell's redirection writes it", async () => {
    expect(await textOf(Buffer.from('\ufeffFreezing execution → now\n', 'utf16le'))).toBe('Freezing execution → now\n')
  })

  it('reads plain text and an empty file as they are', async () => {
    expect(await textOf(Buffer.from('a\n'))).toBe('a\n')
    expect(await textOf(Buffer.alloc(0))).toBe('')
  })
})

describe('a temporary copy', () => {
  it('can be read from any place and leaves no file behind', async () => {
    async function* chunks(): AsyncGenerator<Buffer> {
      yield Buffer.from('one two ')
      yield Buffer.from('three')
    }
    const spool = await Spool.fill(chunks())
    expect((await spool.read(4, 7)).toString()).toBe('two')
    expect((await spool.read(8, 100)).toString()).toBe('three')
    const texts: string[] = []
    for await (const chunk of spool.chunks(5)) texts.push(chunk.toString())
    expect(texts.join('')).toBe('one two three')
    await spool.close()
  })
})
