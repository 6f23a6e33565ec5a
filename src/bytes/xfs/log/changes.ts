import type { Problem } from '../../../problems/problem.ts'
import type { Overlay } from '../overlay.ts'
import { readSuperblock, type Superblock } from '../superblock.ts'
import { readBufferItem, replayBuffer } from './buffers.ts'
import { readCreateItem, replayCreate } from './creates.ts'
import type { HostOrder } from './host.ts'
import { readInodeItem, replayInode } from './inodes.ts'
import { Intents } from './intents.ts'
import { ITEM_KINDS } from './kinds.ts'
import type { Lsn } from './record.ts'
import type { Item, Transaction } from './transactions.ts'

const MOST_CANCELLED = 1_000_000

/** Lays the changes of transactions over a device. */
export class Changes {
  readonly counts: Record<string, number> = {}
  readonly intents: Intents
  /** Buffers whose blocks are freed further on in the log, by how often: until then, what was logged of them is not put back. */
  private readonly cancelled = new Map<string, number>()

  constructor(
    private readonly device: Overlay,
    private superblock: Superblock,
    private readonly tell: (problem: Problem) => void,
  ) {
    this.intents = new Intents(superblock)
  }

  /** The first pass: which buffers are given up. A string says why it cannot go on. */
  look(transaction: Transaction, host: HostOrder): string | null {
    for (const item of transaction.items) {
      const buffer = ITEM_KINDS[item.type]?.role === 'buffer' ? readBufferItem(item, host) : null
      if (buffer?.cancels) this.count(buffer, 1)
    }
    return this.cancelled.size > MOST_CANCELLED ? 'it gives up more buffers than can be kept in memory' : null
  }

  /** The second pass. A string says why it cannot go on. */
  apply(transaction: Transaction, host: HostOrder): string | null {
    for (const item of ordered(transaction.items, host)) {
      // What an item can change at most is a buffer of 64 KiB, or a chunk of inodes.
      if (!this.device.hasRoom(128 * 1024)) return 'it changes more than can be kept in memory'
      this.tally(ITEM_KINDS[item.type]?.name ?? 'unknown')
      const fault = item.regions.length < item.total ? 'an item is not whole' : this.one(item, host, transaction.lsn)
      if (fault) this.tell({ message: `a change in the log of the XFS file system was not replayed: ${fault}` })
    }
    return null
  }

  private one(item: Item, host: HostOrder, lsn: Lsn): string | null {
    const kind = ITEM_KINDS[item.type]
    switch (kind?.role) {
      case 'buffer':
        return this.buffer(item, host, lsn)
      case 'inode': {
        const inode = readInodeItem(item, host)
        return inode && this.isCancelled(inode) ? null : replayInode(this.device, this.superblock, item, host, lsn)
      }
      case 'create': {
        const create = readCreateItem(item, this.superblock)
        if (!create) return 'new inodes are logged for a place that cannot be theirs'
        if (!this.givenUp(create)) replayCreate(this.device, this.superblock, create)
        return null
      }
      case 'intent':
      case 'done':
        this.intents.note(item, kind, host)
        return null
      case 'ignored':
        return null
      default:
        return `it is of the unknown kind 0x${item.type.toString(16)}`
    }
  }

  private buffer(item: Item, host: HostOrder, lsn: Lsn): string | null {
    const buffer = readBufferItem(item, host)
    if (!buffer) return 'an item of a buffer is too short'
    if (buffer.cancels) this.count(buffer, -1)
    // Chains of inodes without a name, and quotas, change nothing that a name leads to.
    if (buffer.cancels || buffer.chains || buffer.quota || this.isCancelled(buffer)) return null
    const fault = replayBuffer(this.device, this.superblock, item, host, lsn)
    // What follows may lie in space that the file system has just grown by.
    if (buffer.place === 0) this.superblock = readSuperblock(this.device, true, this.tell) ?? this.superblock
    return fault
  }

  private isCancelled({ place, count }: { place: number; count: number }): boolean {
    return this.cancelled.has(`${place}+${count}`)
  }

  /** Whether a buffer of these new inodes is: their buffers are some blocks of the chunk (xlog_recover_icreate_commit_pass2). */
  private givenUp({ place, count }: { place: number; count: number }): boolean {
    if (this.cancelled.size === 0) return false
    for (let size = this.superblock.blockSize / 512; size <= count; size *= 2)
      for (let at = place; at < place + count; at += size) if (this.isCancelled({ place: at, count: size })) return true
    return false
  }

  private count({ place, count }: { place: number; count: number }, by: number): void {
    const key = `${place}+${count}`
    const now = (this.cancelled.get(key) ?? 0) + by
    if (now > 0) this.cancelled.set(key, now)
    else this.cancelled.delete(key)
  }

  private tally(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1
  }
}

/** Buffers come before what lies in them, buffers given up last (xlog_recover_reorder_trans). */
function ordered(items: readonly Item[], host: HostOrder): Item[] {
  const ranks = items.map(item => ({ item, rank: rankOf(item, host) }))
  return ranks.sort((a, b) => a.rank - b.rank).map(({ item }) => item)
}

function rankOf(item: Item, host: HostOrder): number {
  const role = ITEM_KINDS[item.type]?.role
  if (role === 'create') return 0
  if (role !== 'buffer') return 1
  return readBufferItem(item, host)?.cancels ? 2 : 0
}
