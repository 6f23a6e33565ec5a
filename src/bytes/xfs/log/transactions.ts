import type { HostOrder } from './host.ts'
import type { LogRecord, Lsn } from './record.ts'

/** One logged change: its first region says what it is, the others hold the new bytes. */
export interface Item {
  type: number
  regions: Buffer[]
  /** How many regions it should have. */
  total: number
}

/** What is done as a whole or not at all. */
export interface Transaction {
  /** Where its first record lies. */
  lsn: Lsn
  items: Item[]
}

interface Open extends Transaction {
  /** Bytes of the transaction's own header that were read: it comes before the first item. */
  headed: number
  size: number
  /** The last region, as it came; it is put together when the next begins. */
  pieces: Buffer[]
}

const START = 1
const COMMIT = 2
const CONTINUE = 4
const WAS_CONTINUED = 8
const END = 16
const UNMOUNT = 32
const CLIENTS = [0x69, 0xaa] // XFS_TRANSACTION, XFS_LOG
/** Bytes of transactions under way that are kept; the kernel itself lets far fewer be (fs/xfs/xfs_log_priv.h, XLOG_CIL_BLOCKING_SPACE_LIMIT). */
const MOST = 256 * 1024 * 1024
/** What keeping a region costs beside its bytes. */
const REGION = 200
const MOST_OPEN = 65_536
/** XLOG_MAX_REGIONS_IN_ITEM: one for each second 128 bytes of the largest buffer, and the item's own. */
const MOST_REGIONS = 257
const HEADER = 16

/**
 * Puts transactions together again from the operations of records (kernel fs/xfs/xfs_log_recover.c, xlog_recover_process_data). Operations
 * of several transactions may alternate, and a region that did not fit in its record goes on in the next:
 *
 *     record │ tid len client flags(START) │ tid len … │ header │ tid len … │ item … │ tid len … flags(CONTINUE) │ first half │
 *     record │ tid len … flags(WAS_CONTINUED|END) │ second half │ … │ tid len … flags(COMMIT) │
 */
export class Regrouper {
  private readonly open = new Map<number, Open>()
  private size = 0

  /** Returns the transactions that this record commits; a string says why it cannot be followed. */
  feed(record: LogRecord, payload: Buffer, host: HostOrder): Transaction[] | string {
    const committed: Transaction[] = []
    let at = 0
    for (let left = record.operations; left > 0; left--) {
      if (at + 12 > payload.length) return 'its operations do not fit in it'
      const length = payload.readUInt32BE(at + 4)
      const client = payload.readUInt8(at + 8)
      const from = at + 12
      if (!CLIENTS.includes(client)) return `an operation in it is of the unknown client ${client}`
      if (length > payload.length - from) return 'an operation in it is longer than it is'
      const fault = this.operation(
        payload.readUInt32BE(at),
        payload.readUInt8(at + 9),
        payload.subarray(from, from + length),
        record,
        host,
        committed,
      )
      if (fault) return fault
      at = from + length
    }
    return committed
  }

  private operation(
    id: number,
    flags: number,
    data: Buffer,
    record: LogRecord,
    host: HostOrder,
    committed: Transaction[],
  ): string | null {
    const transaction = this.open.get(id)
    if (!transaction) {
      if (!(flags & START)) return null // An end without its beginning: it was committed before the tail.
      this.open.set(id, { lsn: record.lsn, items: [], headed: 0, size: 0, pieces: [] })
      return this.open.size > MOST_OPEN ? 'more transactions are under way than any log lets be' : null
    }
    if (flags & UNMOUNT) return null
    if (flags & COMMIT) {
      this.open.delete(id)
      this.size -= transaction.size
      settle(transaction)
      committed.push(transaction)
      return null
    }
    if (flags & START) return 'a transaction in it begins twice'
    if ((flags & ~(CONTINUE | WAS_CONTINUED | END)) !== 0) return `an operation in it has the unknown flags ${flags}`
    this.size += data.length + REGION
    transaction.size += data.length + REGION
    if (this.size > MOST) return 'the transactions under way are larger than any log lets them be'
    return flags & WAS_CONTINUED ? carryOn(transaction, data) : addRegion(transaction, data, host)
  }
}

function carryOn(transaction: Open, data: Buffer): string | null {
  if (transaction.headed < HEADER) return addHeader(transaction, data)
  if (transaction.pieces.length === 0) return data.length === 0 ? null : 'a region in it goes on that never began'
  transaction.pieces.push(data)
  return null
}

function settle({ items, pieces }: Open): void {
  const regions = items.at(-1)?.regions
  if (regions && pieces.length > 1) regions[regions.length - 1] = Buffer.concat(pieces)
}

function addRegion(transaction: Open, data: Buffer, host: HostOrder): string | null {
  if (data.length === 0) return null
  if (transaction.headed < HEADER) return addHeader(transaction, data)
  settle(transaction)
  transaction.pieces = [data]
  const item = transaction.items.at(-1)
  if (item && item.regions.length < item.total) {
    item.regions.push(data)
    return null
  }
  if (data.length < 4) return 'an item in it is too short to say what it is'
  const total = host.u16(data, 2)
  if (total === 0 || total > MOST_REGIONS) return `an item in it is said to have ${total} regions`
  transaction.items.push({ type: host.u16(data, 0), regions: [data], total })
  return null
}

/** "TRAN" type tid count: nothing in it is needed, but it must be there. */
function addHeader(transaction: Open, data: Buffer): string | null {
  transaction.headed += data.length
  return transaction.headed > HEADER ? 'a transaction in it has no header' : null
}
