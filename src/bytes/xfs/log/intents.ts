import type { Problem } from '../../../problems/problem.ts'
import type { Run } from '../extents.ts'
import type { Superblock } from '../superblock.ts'
import { blockPlace } from '../volume.ts'
import type { HostOrder } from './host.ts'
import type { ItemKind } from './kinds.ts'
import type { Item } from './transactions.ts'

/** What a recovered log leaves to be seen in the files of an inode, by its number: these blocks lie there, whatever its extents say. */
export type Remaps = Map<number, Run[]>

interface Open {
  kind: ItemKind
  inode: number | null
  remap: Run | null
}

const MOST = 100_000
const BLOCK_MAPPING = 0x1244
const MAP = 1
const UNMAP = 2
const ATTRIBUTES = 0x80000000
const UNWRITTEN = 0x40000000

/**
 * Intents that no transaction has carried out yet. All begin alike, whatever they are about:
 *
 *     type(2) regions(2) count(4) id(8) │ block mapping: inode(8) first block(8) first in the file(8) length(4) flags(4)
 */
export class Intents {
  private readonly open = new Map<string, Open>()

  constructor(private readonly superblock: Superblock) {}

  note(item: Item, kind: ItemKind, host: HostOrder): void {
    const [format] = item.regions
    if (!format || format.length < 16) return
    const id = format.toString('hex', 8, 16)
    if (kind.role === 'done') this.open.delete(`${kind.of}:${id}`)
    else if (this.open.size < MOST) {
      const inode = format.length >= 24 && kind.harm ? host.u64(format, 16) : null
      this.open.set(`${item.type}:${id}`, { kind, inode, remap: item.type === BLOCK_MAPPING ? this.remap(format, host) : null })
    }
  }

  /** What recovery would carry out in files, done; the others by name, and told where a reader may see that they are not. */
  unfinished(tell: (problem: Problem) => void): { names: string[]; remaps: Remaps } {
    const remaps: Remaps = new Map()
    const names: string[] = []
    for (const { kind, inode, remap } of this.open.values()) {
      names.push(inode === null ? kind.name : `${kind.name} of inode ${inode}`)
      if (inode !== null && remap) remaps.set(inode, [...(remaps.get(inode) ?? []), remap])
      else if (kind.harm) tell({ message: `the log ends before an operation was carried out (${names.at(-1)}): ${kind.harm}` })
    }
    return { names, remaps }
  }

  /** A mapping of file data that can be carried out (xfs_bmap_item.c, xfs_bmap_recover_work); null where it cannot. */
  private remap(format: Buffer, host: HostOrder): Run | null {
    if (format.length < 48 || host.u32(format, 4) !== 1) return null
    const start = host.u64(format, 32)
    const count = host.u32(format, 40)
    const flags = host.u32(format, 44)
    const place = blockPlace(this.superblock, host.u64(format, 24), count)
    const way = flags & 0xff
    if (place === null || count === 0 || (flags & ATTRIBUTES) !== 0 || (way !== MAP && way !== UNMAP)) return null
    return { start, count, place: way === MAP && (flags & UNWRITTEN) === 0 ? place : null, lost: false }
  }
}
