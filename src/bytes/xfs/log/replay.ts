import type { Problem } from '../../../problems/problem.ts'
import type { ByteSource } from '../../source.ts'
import { BB, type Overlay } from '../overlay.ts'
import type { Superblock } from '../superblock.ts'
import { blockPlace } from '../volume.ts'
import type { LogArea } from './area.ts'
import { Changes } from './changes.ts'
import { findUnfinished, recordsOf, type Unfinished } from './head.ts'
import { type HostOrder, hostOrder } from './host.ts'
import type { Remaps } from './intents.ts'
import { payloadOf } from './record.ts'
import { Regrouper, type Transaction } from './transactions.ts'

/** What became of a log. */
export interface Replay {
  /** `partly`: up to where it is damaged. `not`: it may hold changes, but they cannot be had. */
  state: 'clean' | 'replayed' | 'partly' | 'not'
  transactions: number
  /** Items by what they were. */
  items: Record<string, number>
  /** Intents that were logged and not carried out before the machine stopped. */
  unfinished: string[]
  /** Those of them that recovery carries out in files. */
  remaps: Remaps
}

/**
 * Carries out in memory what the kernel does when it mounts a file system that was not unmounted (XFS Algorithms & Data Structures,
 * "Journaling Log"; kernel fs/xfs/xfs_log_recover.c, xlog_do_log_recovery): one pass finds the buffers that were given up, a second puts
 * the logged changes over the device, transaction by transaction.
 */
export function replayLog(device: Overlay, source: ByteSource, superblock: Superblock, tell: (problem: Problem) => void): Replay {
  const none = (state: 'clean' | 'not', why?: string): Replay => {
    if (why) tell({ message: `the log of the XFS file system was not replayed: ${why}; its last changes may be missing` })
    return { state, transactions: 0, items: {}, unfinished: [], remaps: new Map() }
  }
  if (superblock.logStart === 0) return none('not', 'it lies on a device of its own')
  const place = blockPlace(superblock, superblock.logStart, superblock.logBlocks)
  const size = superblock.logBlocks * superblock.blockSize
  if (place === null || size < 8 * BB || size > 2 ** 31) return none('not', 'the superblock gives it no place that it can have')
  if (place + size > source.size) return none('not', 'the image ends before it does')
  const area = { source, at: place, blocks: size / BB }
  const unfinished = findUnfinished(area)
  if (unfinished === 'clean') return none('clean')
  if (unfinished === 'lost') return none('not', 'its end was not found')
  const { little, uuid } = unfinished.last
  if (little === null) return none('not', 'it was written by a machine whose byte order is not known')
  if (!uuid.equals(superblock.metaUuid) && uuidOf(superblock) !== uuid.toString('hex'))
    return none('not', 'it is the log of another file system')
  return carryOut(device, superblock, area, unfinished, tell)
}

function carryOut(
  device: Overlay,
  superblock: Superblock,
  area: LogArea,
  unfinished: Unfinished,
  tell: (problem: Problem) => void,
): Replay {
  const changes = new Changes(device, superblock, tell)
  walk(area, unfinished, (transaction, host) => changes.look(transaction, host))
  const { transactions, fault } = walk(area, unfinished, (transaction, host) => changes.apply(transaction, host))
  if (fault) {
    const message = `the log of the XFS file system is damaged (${fault.why}): what was logged from there on is missing`
    tell({ message, offset: area.at + fault.block * BB })
  }
  const { names, remaps } = changes.intents.unfinished(tell)
  return { state: fault ? 'partly' : 'replayed', transactions, items: changes.counts, unfinished: names, remaps }
}

/** Follows the log from its tail to its head, or to where it is damaged. */
function walk(area: LogArea, unfinished: Unfinished, visit: (transaction: Transaction, host: HostOrder) => string | null) {
  const regrouper = new Regrouper()
  let transactions = 0
  let block = unfinished.tail
  const stopped = (why: string) => ({ transactions, fault: { why, block } })
  for (const record of recordsOf(area, unfinished)) {
    if (!record) return stopped('no record begins where one should')
    block = record.block
    const payload = payloadOf(area, record)
    if (!payload || record.little === null) return stopped('a record does not fit its checksum, or was not written whole')
    const host = hostOrder(record.little)
    const committed = regrouper.feed(record, payload, host)
    if (typeof committed === 'string') return stopped(committed)
    for (const transaction of committed) {
      const why = visit(transaction, host)
      if (why) return stopped(why)
      transactions++
    }
    block = (block + record.blocks) % area.blocks
  }
  return { transactions, fault: null }
}

function uuidOf(superblock: Superblock): string {
  return superblock.uuid.replaceAll('-', '')
}
