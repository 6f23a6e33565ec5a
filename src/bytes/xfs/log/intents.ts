import type { Problem } from '../../../problems/problem.ts'
import type { HostOrder } from './host.ts'
import type { ItemKind } from './kinds.ts'
import type { Item } from './transactions.ts'

const MOST = 100_000

/**
 * Intents that no transaction has carried out yet. All begin alike, whatever they are about:
 *
 *     type(2) regions(2) count(4) id(8) │ block mapping: inode(8) first block(8) first in the file(8) length(4) flags(4)
 */
export class Intents {
  private readonly open = new Map<string, { kind: ItemKind; inode: number | null }>()

  note(item: Item, kind: ItemKind, host: HostOrder): void {
    const [format] = item.regions
    if (!format || format.length < 16) return
    const id = format.toString('hex', 8, 16)
    if (kind.role === 'done') this.open.delete(`${kind.of}:${id}`)
    else if (this.open.size < MOST)
      this.open.set(`${item.type}:${id}`, { kind, inode: format.length >= 24 && kind.harm ? host.u64(format, 16) : null })
  }

  /** Names what was left undone, and tells what a reader of files may see of it. */
  unfinished(tell: (problem: Problem) => void): string[] {
    return [...this.open.values()].map(({ kind, inode }) => {
      const name = inode === null ? kind.name : `${kind.name} of inode ${inode}`
      if (kind.harm) tell({ message: `the log ends before an operation was carried out (${name}): ${kind.harm}` })
      return name
    })
  }
}
