import { u64le } from '../number64.ts'
import type { ByteSource } from '../source.ts'
import type { DiskForm, Surroundings } from './form.ts'
import { parentOf } from './parent.ts'
import { bytesAt, Kept, type Piece, pieced, Table } from './pieces.ts'
import { replayVhdx } from './vhdx-log.ts'
import { readVhdxMetadata, regions } from './vhdx-metadata.ts'
import { dataGuid } from './vhdx-parent.ts'

/**
 * Hyper-V's image ([MS-VHDX]), little-endian. Two headers, of which the one with the higher number counts; two region tables; a log that must
 * be put in place first; a table of blocks:
 *
 *     0 "vhdxfile"   64 KiB, 128 KiB headers   192 KiB, 256 KiB region tables
 *     a table entry: bits 0 to 2 state (0: the parent's, 6: in the file, 7: some of its sectors are)   bits 20 to 63 place in MiB
 */
export const vhdx: DiskForm = {
  name: 'vhdx',
  about: 'VHDX (Hyper-V)',
  sniff: head => head.toString('latin1', 0, 8) === 'vhdxfile',
  open,
}

const STATE = { absent: 0, present: 6, partly: 7 } as const

function open(image: ByteSource, around: Surroundings): ByteSource {
  const stored = replayVhdx(image, around.tell)
  const { bat, metadata } = regions(stored)
  const disk = readVhdxMetadata(stored, metadata)
  const { parent: locator } = disk
  const isParent = (file: ByteSource): boolean => locator?.linkages.includes(dataGuid(file) ?? '') ?? false
  const parent = locator ? parentOf('VHDX', locator.names, isParent, around) : null
  // After so many entries of blocks follows one of a bitmap ([MS-VHDX] 2.5.1).
  const ratio = Math.floor((2 ** 23 * disk.sectorSize) / disk.blockSize)
  const maps = new Kept<Buffer | null>(8)
  const table = new Table(stored, bat.offset, Math.floor(bat.size / 8), 8)
  function pieceAt(offset: number): Piece {
    const block = Math.floor(offset / disk.blockSize)
    const inside = offset % disk.blockSize
    const length = disk.blockSize - inside
    const index = block + Math.floor(block / ratio)
    const entry = table.entry(index)
    if (!entry) around.tell({ message: `the VHDX's table ends before block ${block}: it was read as zeros` })
    const state = (entry?.[0] ?? 0) & 7
    if (entry && state === STATE.absent) return below(offset, length)
    if (!entry || (state !== STATE.present && state !== STATE.partly)) return { source: null, offset: 0, length }
    const here = { source: stored, offset: placeIn(entry) + inside, length }
    if (!parent || state === STATE.present) return here
    const chunk = Math.floor(block / ratio)
    const mapped = table.entry(chunk * (ratio + 1) + ratio)
    const map =
      mapped && (mapped[0] ?? 0) % 8 === STATE.present ? maps.get(chunk, () => bytesAt(stored, placeIn(mapped), MAP)) : null
    if (!map) {
      around.tell({ message: `the VHDX has no map of the sectors of block ${block}: all of them were taken for its own` })
      return here
    }
    const first = Math.floor(((block % ratio) * disk.blockSize + inside) / disk.sectorSize)
    const run = alike(map, first, Math.floor((inside + length) / disk.sectorSize) - Math.floor(inside / disk.sectorSize))
    const size = run.count * disk.sectorSize - (inside % disk.sectorSize)
    return run.mine ? { ...here, length: size } : below(offset, size)
  }

  function below(offset: number, length: number): Piece {
    if (!parent || offset >= parent.size) return { source: null, offset: 0, length }
    return { source: parent, offset, length: Math.min(length, parent.size - offset) }
  }

  return pieced(disk.size, pieceAt, around.tell, () => {
    image.close()
    parent?.close()
  })
}

/** One bit a sector, of as many blocks as go before it in the table ([MS-VHDX] 2.5.2); the lowest bit of a byte first. */
const MAP = 2 ** 20

/** How many of `most` sectors from `first` on are all the image's own, or all its parent's. */
function alike(map: Buffer, first: number, most: number): { mine: boolean; count: number } {
  const isMine = (sector: number): boolean => (((map[sector >> 3] ?? 0) >> (sector & 7)) & 1) !== 0
  let count = 1
  while (count < most && isMine(first + count) === isMine(first)) count++
  return { mine: isMine(first), count }
}

function placeIn(entry: Buffer): number {
  return Math.floor(u64le(entry, 0) / 2 ** 20) * 2 ** 20
}
