import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { memorySource } from '../../../src/bytes/source.ts'
import { openXfs } from '../../../src/bytes/xfs/index.ts'
import type { Replay } from '../../../src/bytes/xfs/log/replay.ts'
import { Host } from './items.ts'
import { BB } from './logbook.ts'
import { makeImage } from './made.ts'
import { contentOf } from './walk.ts'

export const TEXT = Buffer.from('0123456789'.repeat(1000))
const NAMES = { file: TEXT, other: Buffer.from('other'), link: { to: 'file' } }
type Name = keyof typeof NAMES
/** XFS_ILOG_CORE: what of an inode is logged. */
export const CORE_FIELDS = 1

/** A file's content for a message: `whole` where it is all of the text. */
export const brief = (bytes: Buffer): string =>
  bytes.equals(TEXT) ? 'whole' : bytes.length < 99 ? bytes.toString() : `${bytes.length}: ${sha(bytes)}`
const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** An image in memory whose file system was unmounted cleanly, and where its things lie. */
export class Disk {
  readonly image: Buffer
  readonly host = new Host()
  private readonly inodeSize: number
  private readonly core: number

  constructor(made: Buffer) {
    this.image = Buffer.from(made)
    this.inodeSize = made.readUInt16BE(104)
    this.core = (made.readUInt16BE(100) & 15) === 5 ? 176 : 100
  }

  /** mkfs lays out a prototype's inodes in the order of their names, behind its own three. */
  inodePlace(name: Name): { number: number; place: number } {
    const number = Number(this.image.readBigUInt64BE(56)) + 3 + Object.keys(NAMES).indexOf(name)
    const span = 2 ** (this.image.readUInt8(123) + this.image.readUInt8(124))
    const group = Math.floor(number / span) * this.image.readUInt32BE(84) * 4096
    return { number, place: group + (number % span) * this.inodeSize }
  }

  inode(name: Name): Buffer {
    const { place } = this.inodePlace(name)
    return Buffer.from(this.image.subarray(place, place + this.inodeSize))
  }

  /** An item that logs an inode as it is, but for what `change` does to it. */
  item(name: Name, change: (inode: Buffer) => void, fields = CORE_FIELDS, forks: Buffer[] = [], packed = false): Buffer[] {
    const { number, place } = this.inodePlace(name)
    const inode = this.inode(name)
    change(inode)
    const cluster = Math.floor(place / 16384) * 16384
    return this.host.inode(
      number,
      cluster / BB,
      place - cluster,
      inode.subarray(0, this.core === 176 ? 176 : 96),
      fields,
      forks,
      packed,
    )
  }

  size(name: Name, size: number): Buffer[] {
    return this.item(name, inode => inode.writeBigUInt64BE(BigInt(size), 56))
  }

  fork(name: Name): Buffer {
    return this.inode(name).subarray(this.core)
  }

  open(): {
    replay: Replay
    messages: string[]
    text(name: string): string
    tree: NonNullable<ReturnType<typeof openXfs>>['tree']
  } {
    const messages: string[] = []
    const before = Buffer.from(this.image)
    const found = openXfs(memorySource(this.image), 'disk', problem => messages.push(problem.message))
    if (!found) throw new Error(messages.join('; '))
    expect(this.image.equals(before)).toBe(true)
    return { ...found, messages, text: name => brief(contentOf(found.tree.open(name))) }
  }
}

/** The same tree in both versions of XFS. */
export const made = {
  v5: readFileSync(makeImage(['-l', 'size=6m'], NAMES, 24)),
  v4: readFileSync(makeImage(['-m', 'crc=0', '-l', 'size=4m'], NAMES, 24)),
}

/** Where a file's only extent lies. */
export function dataOf(disk: Disk): { start: number; block: number; blocks: number } {
  const fork = disk.fork('file')
  const block = fork.readUInt32BE(8) * 2 ** 11 + (fork.readUInt32BE(12) >>> 21)
  return { start: block * 4096, block, blocks: fork.readUInt32BE(12) & 0x1fffff }
}
