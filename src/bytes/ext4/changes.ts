import { nameOf } from '../tree.ts'
import type { Run } from './run.ts'

/** Blocks of a file that have another place now; 0: they are a hole, or promised. */
interface Range {
  from: number
  count: number
  physical: number
}

interface NameChange {
  name: string
  inode: number
  add: boolean
}

const MAP = { from: 0x28, to: 0x64 } as const
const FLAGS = { at: 0x20, extents: 0x80000, inline: 0x10000000 } as const

/**
 * What fast commits change in inodes, their blocks and directories (fs/ext4/fast_commit.c, ext4_fc_replay): kept beside the file system and
 * laid over what is read of it.
 */
export class Changes {
  private readonly inodes = new Map<number, Buffer[]>()
  private readonly ranges = new Map<number, Range[]>()
  private readonly names = new Map<number, NameChange[]>()
  private readonly created = new Set<number>()

  addInode(number: number, raw: Buffer): void {
    push(this.inodes, number, raw)
  }

  addRange(inode: number, range: Range): void {
    push(this.ranges, inode, range)
  }

  addName(directory: number, inode: number, name: Buffer, created: boolean): void {
    push(this.names, directory, { name: nameOf(name), inode, add: true })
    if (created) this.created.add(inode)
  }

  removeName(directory: number, inode: number, name: Buffer): void {
    push(this.names, directory, { name: nameOf(name), inode, add: false })
  }

  /** An inode as it is after the commits; null where they leave it. Its blocks stay, but for what `run` says. */
  inode(number: number, stored: Buffer): Buffer | null {
    const logged = this.inodes.get(number)
    if (!logged) return null
    const raw = Buffer.from(stored)
    for (const one of logged) {
      one.copy(raw, 0, 0, MAP.from)
      one.copy(raw, MAP.to, MAP.to, Math.min(one.length, raw.length))
      const flags = raw.readUInt32LE(FLAGS.at)
      if ((flags & FLAGS.extents) !== 0) emptyTree(raw)
      else if ((flags & FLAGS.inline) !== 0) one.copy(raw, MAP.from, MAP.from, MAP.to)
      // A short link lies there.
      else if ((raw.readUInt16LE(0) & 0xf000) === 0xa000) one.copy(raw, MAP.from, MAP.from, MAP.to)
    }
    return raw
  }

  /** A run of a file's blocks, as far as the commits leave it. */
  run(inode: number, logical: number, stored: () => Run): Run {
    const ranges = this.ranges.get(inode)
    if (!ranges) return stored()
    let end = Number.POSITIVE_INFINITY
    for (let nth = ranges.length - 1; nth >= 0; nth--) {
      const { from, count, physical } = ranges[nth] ?? { from: 0, count: 0, physical: 0 }
      if (from > logical) end = Math.min(end, from)
      else if (logical < from + count) {
        return { physical: physical === 0 ? 0 : physical + logical - from, count: Math.min(from + count, end) - logical }
      }
    }
    const run = stored()
    return { physical: run.physical, count: Math.min(run.count, end - logical) }
  }

  /** A directory's names after the commits; one that they made begins empty. */
  namesIn(directory: number, stored: () => Map<string, number>): Map<string, number> {
    const names = this.created.has(directory) ? new Map<string, number>() : stored()
    for (const { name, inode, add } of this.names.get(directory) ?? []) {
      if (add && !names.has(name)) names.set(name, inode)
      else if (!add && names.get(name) === inode) names.delete(name)
    }
    return names
  }
}

/** An inode that had no extents before has an empty tree: magic f30a, no entries, room for four. */
function emptyTree(raw: Buffer): void {
  if (raw.readUInt16LE(MAP.from) === 0xf30a) return
  raw.fill(0, MAP.from, MAP.to)
  raw.writeUInt16LE(0xf30a, MAP.from)
  raw.writeUInt16LE(4, MAP.from + 4)
}

function push<Value>(map: Map<number, Value[]>, key: number, value: Value): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
