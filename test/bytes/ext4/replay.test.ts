import { closeSync, copyFileSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openExt4 } from '../../../src/bytes/ext4/open.ts'
import type { FileSystem } from '../../../src/bytes/image/file-system.ts'
import { memorySource } from '../../../src/bytes/source.ts'
import type { Problem } from '../../../src/problems/problem.ts'
import { everything, expectSame, noise, numbers, run, scratch } from '../making.ts'

const work = scratch()

interface Kind {
  name: string
  options: string[]
  blockSize: number
  /** Of debugfs' journal_open: which checksums it writes. */
  sums: string
}

const KINDS: Kind[] = [
  { name: '1k-v3', options: ['-b', '1024', '-O', '64bit,metadata_csum'], blockSize: 1024, sums: '-c -v 3' },
  { name: '4k-v3', options: ['-b', '4096', '-O', '64bit,metadata_csum'], blockSize: 4096, sums: '-c -v 3' },
  { name: '1k-v2', options: ['-b', '1024', '-O', '64bit,metadata_csum'], blockSize: 1024, sums: '-c -v 2' },
  { name: '1k-v2-32', options: ['-b', '1024', '-O', '^64bit,metadata_csum'], blockSize: 1024, sums: '-c -v 2' },
  { name: '1k-none', options: ['-b', '1024', '-O', '^64bit,^metadata_csum'], blockSize: 1024, sums: '' },
  { name: '2k-64', options: ['-b', '2048', '-O', '64bit,^metadata_csum'], blockSize: 2048, sums: '' },
]

/** A file system of some files, unmounted; and the same after so many changes as transactions follow. */
function stages(kind: Kind, seed: number, count: number): string[] {
  const next = numbers(seed)
  const image = join(work, `${kind.name}-${seed}-0`)
  run('truncate', '-s', kind.blockSize === 4096 ? '14M' : '8M', image)
  run('mke2fs', '-q', '-F', '-t', 'ext4', '-J', `size=${(1024 * kind.blockSize) / 2 ** 20}`, '-N', '256', ...kind.options, image)
  const images = [image]
  const known: string[] = []
  for (let stage = 0; stage <= count; stage++) {
    const commands: string[] = []
    for (let nth = 0; nth < 3 + next(8); nth++) {
      const drop = known.length > 3 && next(3) === 0
      if (drop) commands.push(`rm ${known.splice(next(known.length), 1)[0]}`)
      else {
        const file = join(work, 'content')
        const name = `s${stage}-${nth}`
        // Some begin like a block of a journal, and must be escaped in one.
        const content = noise(next(9000), next)
        if (next(3) === 0 && content.length >= 4) content.writeUInt32BE(0xc03b3998)
        writeFileSync(`${file}-${name}`, content)
        commands.push(`write ${file}-${name} ${name}`)
        known.push(name)
      }
    }
    const after = join(work, `${kind.name}-${seed}-${stage + 1}`)
    copyFileSync(images.at(-1) ?? image, after)
    debugfs(after, commands)
    images.push(after)
  }
  return images.slice(1)
}

function debugfs(image: string, commands: readonly string[]): void {
  const script = join(work, 'script')
  writeFileSync(script, `${commands.join('\n')}\n`)
  run('debugfs', '-w', '-f', script, image)
}

/** The first stage, with what makes the others of it in its journal, a transaction each, and blocks that later ones revoke. */
function dirty(kind: Kind, seed: number, images: readonly string[]): string {
  const next = numbers(seed + 1000)
  const [first = ''] = images
  const image = `${first}-dirty`
  copyFileSync(first, image)
  const commands = [`jo ${kind.sums}`]
  for (let stage = 1; stage < images.length; stage++) {
    const blocks = changed(images[stage - 1] ?? '', images[stage] ?? '', kind.blockSize)
    const file = join(work, `blocks-${stage}`)
    writeFileSync(file, Buffer.concat(blocks.map(({ bytes }) => bytes)))
    // Before the change a wrong one that a revoke takes back: replayed in spite of it, it would show.
    const free = 3500 - stage
    if (next(2) === 0) {
      const wrong = join(work, `wrong-${stage}`)
      writeFileSync(wrong, noise(kind.blockSize, next))
      commands.push(`jw -b ${free} ${wrong}`, `jw -r ${free}`)
    }
    commands.push(`jw -b ${blocks.map(({ block }) => block).join(',')} ${file}`)
  }
  debugfs(image, [...commands, 'jc'])
  return image
}

function changed(one: string, other: string, blockSize: number): { block: number; bytes: Buffer }[] {
  const before = readFileSync(one)
  const after = readFileSync(other)
  const blocks: { block: number; bytes: Buffer }[] = []
  for (let block = 0; block * blockSize < after.length; block++) {
    const bytes = after.subarray(block * blockSize, (block + 1) * blockSize)
    // The superblock, by which debugfs keeps the journal open, stays.
    if (block > 1 && !bytes.equals(before.subarray(block * blockSize, (block + 1) * blockSize))) blocks.push({ block, bytes })
  }
  return blocks
}

function open(image: string): { fs: FileSystem; problems: Problem[] } {
  const problems: Problem[] = []
  const fs = openExt4(memorySource(readFileSync(image)), 'image', problem => problems.push(problem))
  if (typeof fs === 'string') throw new Error(fs)
  return { fs, problems }
}

/** What e2fsck makes of a copy, nothing but its journal replayed. */
function recovered(image: string): FileSystem {
  const copy = `${image}-recovered`
  copyFileSync(image, copy)
  run('e2fsck', '-p', '-E', 'journal_only', copy)
  return open(copy).fs
}

describe('a dirty ext4', () => {
  it.each(KINDS)('$name: shows what e2fsck shows of a copy, nine times', kind => {
    for (let seed = 1; seed <= 9; seed++) {
      const images = stages(kind, seed, 1 + (seed % 4))
      const image = dirty(kind, seed, images)
      const { fs, problems } = open(image)
      const found = everything(fs.tree)
      expect(problems).toEqual([])
      expect(fs.replayed).toBeGreaterThanOrEqual(images.length - 1)
      expectSame(found, everything(recovered(image).tree))
      // Neither of them is right only by agreeing: this is the file system that the journal was made of.
      expectSame(found, everything(open(images.at(-1) ?? '').fs.tree))
    }
  })

  it.each(KINDS)('$name: stops before a transaction that has no end', kind => {
    const images = stages(kind, 77, 3)
    const image = dirty(kind, 77, images)
    const block = commitBlock(image, 2)
    overwrite(image, block * kind.blockSize, Buffer.alloc(kind.blockSize))
    expectSame(everything(open(image).fs.tree), everything(recovered(image).tree))
  })

  it.each(KINDS.filter(({ sums }) => sums !== ''))(
    '$name: a transaction whose checksum is wrong is named and not replayed',
    kind => {
      const images = stages(kind, 78, 3)
      const image = dirty(kind, 78, images)
      const block = commitBlock(image, 2)
      overwrite(image, block * kind.blockSize + 100, Buffer.from('!'))
      const { fs, problems } = open(image)
      expect(problems.map(({ message }) => message).join()).toMatch(
        /the ext4 journal: transaction \d+, in block \d+ of the journal, does not fit its checksum/,
      )
      expect(fs.replayed).toBeGreaterThan(0)
    },
  )

  it('reads the copy before a damaged one, and says so', () => {
    const kind = KINDS[0] as Kind // KINDS is not empty.
    const images = stages(kind, 79, 2)
    const image = dirty(kind, 79, images)
    const whole = everything(open(image).fs.tree)
    const dump = run('debugfs', '-R', 'logdump -a', image)
    for (const [, inLog] of [...dump.matchAll(/FS block \d+ logged at journal block (\d+)/g)].slice(-3)) {
      overwrite(image, bmap(image, Number(inLog)) * kind.blockSize + 7, Buffer.from('!'))
    }
    const { fs, problems } = open(image)
    expect(() => everything(fs.tree)).not.toThrow()
    expect(problems.map(({ message }) => message).join()).toContain('does not fit its checksum: an older one was read')
    expect(whole.size).toBeGreaterThan(0)
  })

  it('says that its journal lies elsewhere, or cannot be read', () => {
    const kind = KINDS[0] as Kind // KINDS is not empty.
    const image = dirty(kind, 80, stages(kind, 80, 1))
    overwrite(image, bmap(image, 0) * kind.blockSize, Buffer.alloc(12))
    expect(open(image).problems[0]?.message).toContain('cannot be replayed: it has no superblock')
    run('debugfs', '-w', '-R', 'set_super_value journal_inum 0', image)
    expect(open(image).problems[0]?.message).toContain('lies on another device')
  })
})

/** Where the commit block of the nth transaction lies. */
function commitBlock(image: string, nth: number): number {
  const commits = [...run('debugfs', '-R', 'logdump -a', image).matchAll(/type 2 \(commit block\) at block (\d+)/g)]
  return bmap(image, Number(commits[nth - 1]?.[1]))
}

function bmap(image: string, block: number): number {
  return Number(run('debugfs', '-R', `bmap <8> ${block}`, image))
}

function overwrite(image: string, at: number, bytes: Buffer): void {
  const fd = openSync(image, 'r+')
  writeSync(fd, bytes, 0, bytes.length, at)
  closeSync(fd)
}
