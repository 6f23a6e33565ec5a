import { type ByteSource, memorySource } from '../source.ts'
import type { DiskForm, Surroundings } from './form.ts'
import { bytesAt, Kept, type Piece, pieced } from './pieces.ts'
import { parseQcow2 } from './qcow2-header.ts'
import { unpackCluster } from './qcow2-packed.ts'

/** QEMU's copy-on-write image, versions 2 and 3 (QEMU docs/interop/qcow2.txt). */
export const qcow2: DiskForm = {
  name: 'qcow2',
  about: 'QEMU copy-on-write image, versions 2 and 3',
  sniff: head => head.length >= 72 && head.readUInt32BE(0) === 0x514649fb,
  open,
}

/** Bytes of second-level tables kept in memory. */
const TABLE_BYTES = 4 << 20
/** Bits 9 to 55 of an entry are a place in the file. */
const PLACE_HIGH = 0x00ffffff
/** Sub-clusters of a cluster, where the tables are extended ones. */
const SUBS = 32

/**
 * Two levels of tables, big-endian; an entry of the second is
 *
 *     63  62                                                0
 *     │   └ compressed: place in the low bits, 512-byte sectors above them
 *     └ in use once               9…55 place of the cluster   0 reads as zeros (version 3)
 *
 * and with extended tables 8 bytes more: 32 bits "reads as zeros", 32 bits "in this file", one for each sub-cluster.
 */
function open(image: ByteSource, around: Surroundings): ByteSource {
  const header = parseQcow2(image)
  const { clusterSize, entrySize } = header
  const data = header.dataFile === null ? image : around.file(header.dataFile)
  const backing = header.backing === null ? null : around.disk(header.backing, header.backingRaw)
  const perTable = clusterSize / entrySize
  const tables = new Kept<Buffer | null>(Math.max(2, TABLE_BYTES / clusterSize))
  const unpacked = new Kept<ByteSource | null>(Math.max(2, Math.min(64, (8 << 20) / clusterSize)))

  function below(offset: number, length: number): Piece {
    if (!backing || offset >= backing.size) return { source: null, offset: 0, length }
    return { source: backing, offset, length: Math.min(length, backing.size - offset) }
  }

  function entryOf(cluster: number): { bytes: Buffer; at: number } | null {
    const first = Math.floor(cluster / perTable)
    const bytes = bytesAt(image, header.l1Offset + first * 8, 8)
    if (!bytes) {
      around.tell({ message: `the qcow2's first table ends before cluster ${cluster}` })
      return null
    }
    const place = placeIn(bytes, 0)
    if (place === 0) return null
    const table = tables.get(place, () => bytesAt(image, place, clusterSize))
    if (table) return { bytes: table, at: (cluster % perTable) * entrySize }
    around.tell({
      message: `the qcow2 has a table at offset ${place}, past its end: the clusters in it were read as zeros`,
      offset: place,
    })
    return null
  }

  function pieceAt(offset: number): Piece {
    const cluster = Math.floor(offset / clusterSize)
    const inside = offset % clusterSize
    const left = clusterSize - inside
    const entry = entryOf(cluster)
    // What a table would tell of lies below, all of it.
    if (!entry) return below(offset, perTable * clusterSize - (offset % (perTable * clusterSize)))
    const high = entry.bytes.readUInt32BE(entry.at)
    if ((high & 0x40000000) !== 0) {
      const source = unpacked.get(cluster, () => unpackedAt(entry.bytes, entry.at))
      return source ? { source, offset: inside, length: left } : { source: null, offset: 0, length: left }
    }
    const place = placeIn(entry.bytes, entry.at)
    if (entrySize === 16) return subPiece(entry, place, offset, inside)
    if (header.version >= 3 && (entry.bytes.readUInt32BE(entry.at + 4) & 1) !== 0)
      return { source: null, offset: 0, length: left }
    // In a data file of its own, place 0 is one like any other: there the bit for one use tells that it is used at all.
    const used = place !== 0 || (data !== image && high >= 0x80000000)
    return used ? found(place, inside, left) : below(offset, left)
  }

  function subPiece(entry: { bytes: Buffer; at: number }, place: number, offset: number, inside: number): Piece {
    const size = clusterSize / SUBS
    const sub = Math.floor(inside / size)
    const left = size - (inside % size)
    const zeros = entry.bytes.readUInt32BE(entry.at + 8)
    const here = entry.bytes.readUInt32BE(entry.at + 12)
    if (((zeros >>> sub) & 1) !== 0) return { source: null, offset: 0, length: left }
    return ((here >>> sub) & 1) !== 0 ? found(place, inside, left) : below(offset, left)
  }

  function found(place: number, inside: number, length: number): Piece {
    if (place % clusterSize === 0 && place < data.size) return { source: data, offset: place + inside, length }
    around.tell({ message: `the qcow2 has a cluster at offset ${place}, where none can be: it was read as zeros`, offset: place })
    return { source: null, offset: 0, length }
  }

  function unpackedAt(bytes: Buffer, at: number): ByteSource | null {
    const cluster = unpackCluster(image, header, bytes, at)
    if (typeof cluster !== 'string') return memorySource(cluster)
    around.tell({ message: `the qcow2 has a compressed cluster that ${cluster}: it was read as zeros` })
    return null
  }

  return pieced(header.size, pieceAt, around.tell, () => closeAll(image, data, backing))
}

function placeIn(bytes: Buffer, at: number): number {
  return (bytes.readUInt32BE(at) & PLACE_HIGH) * 2 ** 32 + ((bytes.readUInt32BE(at + 4) & 0xfffffe00) >>> 0)
}

function closeAll(...sources: (ByteSource | null)[]): void {
  for (const source of new Set(sources)) source?.close()
}
