import { constants, inflateSync } from 'node:zlib'
import { InputError } from '../../problems/problem.ts'
import { u64le } from '../number64.ts'
import { type ByteSource, memorySource } from '../source.ts'
import type { Surroundings } from './form.ts'
import { bytesAt, Kept, type Piece, pieced, Table } from './pieces.ts'

/**
 * A sparse extent ("Virtual Disk Format 5.0", "Hosted Sparse Extents"), little-endian, places in sectors of 512 bytes:
 *
 *     0 "KDMV"   8 flags   12 capacity   20 sectors of a grain   28 place, 36 sectors of the descriptor   44 entries of a grain table
 *     56 place of the grain directory; all ones: it is told by the copy of this header 1024 bytes before the end
 *
 * The directory names grain tables, those name grains: 0 is not there, 1 is zeros where the flags say so. A compressed grain begins with its
 * sector (8 bytes) and its length (4).
 */
const SECTOR = 512
const FLAG = { zeroed: 4, compressed: 0x10000 } as const
const AT_END = 0xffffffff

export function isSparse(head: Buffer): boolean {
  return head.toString('latin1', 0, 4) === 'KDMV'
}

/** The descriptor inside the extent; '' where it has none. */
export function sparseDescriptor(image: ByteSource): string {
  const head = bytesAt(image, 0, SECTOR)
  const sectors = head ? Math.min(u64le(head, 36), 2048) : 0
  const text = head ? bytesAt(image, u64le(head, 28) * SECTOR, sectors * SECTOR) : null
  return text?.toString('utf8').replace(/\0.*$/s, '') ?? ''
}

export function openSparse(image: ByteSource, parent: ByteSource | null, around: Surroundings): ByteSource {
  const front = bytesAt(image, 0, SECTOR)
  if (!front || !isSparse(front)) throw new InputError('a VMDK extent that ends in its header, or has none')
  const atEnd = front.readUInt32LE(56) === AT_END && front.readUInt32LE(60) === AT_END
  const head = atEnd ? bytesAt(image, image.size - 1024, SECTOR) : front
  if (!head || !isSparse(head))
    throw new InputError('a streamOptimized VMDK without its end, where its directory is named: it was cut off')
  const flags = head.readUInt32LE(8)
  const grain = u64le(head, 20) * SECTOR
  const perTable = head.readUInt32LE(44)
  const size = u64le(head, 12) * SECTOR
  if (grain < 512 || grain > 2 ** 26 || perTable === 0 || perTable > 65536 || size >= 2 ** 53) {
    throw new InputError(`a VMDK extent with grains of ${grain} bytes, tables of ${perTable} and ${size} bytes in all`)
  }
  const directory = u64le(head, 56) * SECTOR
  const tablePlaces = new Table(image, directory, Math.ceil(size / grain / perTable), 4)
  const tables = new Kept<Buffer | null>(256)
  const unpacked = new Kept<ByteSource | null>(Math.max(2, (8 << 20) / grain))

  /** Where a grain lies, in sectors; where it lies nowhere (0, 1), also how many from it on in its table are alike. */
  function grainsAt(number: number): { sector: number; alike: number } {
    const first = number % perTable
    const entry = tablePlaces.entry(Math.floor(number / perTable))
    const place = (entry?.readUInt32LE(0) ?? 0) * SECTOR
    if (place === 0) return { sector: 0, alike: perTable - first }
    const table = tables.get(place, () => bytesAt(image, place, perTable * 4))
    if (!table)
      around.tell({
        message: `the VMDK has a table at offset ${place}, past its end: its grains were read as zeros`,
        offset: place,
      })
    const sector = table?.readUInt32LE(first * 4) ?? 1
    let last = first + 1
    if (sector <= 1) while (last < perTable && (table?.readUInt32LE(last * 4) ?? 1) === sector) last++
    return { sector, alike: last - first }
  }

  function pieceAt(offset: number): Piece {
    const number = Math.floor(offset / grain)
    const inside = offset % grain
    const { sector, alike } = grainsAt(number)
    const length = Math.min(grain * alike - inside, size - offset)
    const zeros = { source: null, offset: 0, length }
    if (sector === 0)
      return parent && offset < parent.size ? { source: parent, offset, length: Math.min(length, parent.size - offset) } : zeros
    if (sector === 1) return zeros
    if ((flags & FLAG.compressed) === 0) return { source: image, offset: sector * SECTOR + inside, length }
    const source = unpacked.get(number, () => unpack(image, sector * SECTOR, grain, around))
    return source ? { source, offset: inside, length } : zeros
  }
  return pieced(size, pieceAt, around.tell, () => {
    image.close()
    parent?.close()
  })
}

function unpack(image: ByteSource, place: number, grain: number, around: Surroundings): ByteSource | null {
  const marker = bytesAt(image, place, 12)
  const length = marker?.readUInt32LE(8) ?? 0
  const packed = length <= grain * 2 + 1024 ? bytesAt(image, place + 12, length) : null
  try {
    if (packed)
      return memorySource(padded(inflateSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: grain }), grain))
  } catch {
    // Told below, as one that is not there is.
  }
  around.tell({ message: `the VMDK has a damaged grain at offset ${place}: it was read as zeros`, offset: place })
  return null
}

/** A disk's last grain may be shorter. */
function padded(bytes: Buffer, size: number): Buffer {
  return bytes.length === size ? bytes : Buffer.concat([bytes], size)
}
