import { InputError } from '../../problems/problem.ts'
import { u64le } from '../number64.ts'
import type { ByteSource } from '../source.ts'
import type { DiskForm, Surroundings } from './form.ts'
import { type Piece, pieced, Table } from './pieces.ts'
import { replayVhdx } from './vhdx-log.ts'
import { readVhdxMetadata, regions } from './vhdx-metadata.ts'

/**
 * Hyper-V's image ([MS-VHDX]), little-endian. Two headers, of which the one with the higher number counts; two region tables; a log that must
 * be put in place first; a table of blocks:
 *
 *     0 "vhdxfile"   64 KiB, 128 KiB headers   192 KiB, 256 KiB region tables
 *     a table entry: bits 0 to 2 state (6: in the file)   bits 20 to 63 place in MiB
 */
export const vhdx: DiskForm = {
  name: 'vhdx',
  about: 'VHDX (Hyper-V)',
  sniff: head => head.toString('latin1', 0, 8) === 'vhdxfile',
  open,
}

const STATE = { present: 6, partly: 7 } as const

function open(image: ByteSource, around: Surroundings): ByteSource {
  const stored = replayVhdx(image, around.tell)
  const { bat, metadata } = regions(stored)
  const disk = readVhdxMetadata(stored, metadata)
  if (disk.hasParent)
    throw new InputError('a differencing VHDX: it holds only what changed since its parent; Hyper-V joins them: Merge-VHD')
  // After so many entries of blocks follows one of a bitmap ([MS-VHDX] 2.5.1).
  const ratio = Math.floor((2 ** 23 * disk.sectorSize) / disk.blockSize)
  const table = new Table(stored, bat.offset, Math.floor(bat.size / 8), 8)
  function pieceAt(offset: number): Piece {
    const block = Math.floor(offset / disk.blockSize)
    const inside = offset % disk.blockSize
    const length = disk.blockSize - inside
    const index = block + Math.floor(block / ratio)
    const entry = table.entry(index)
    if (!entry) around.tell({ message: `the VHDX's table ends before block ${block}: it was read as zeros` })
    const state = (entry?.[0] ?? 0) & 7
    if (!entry || (state !== STATE.present && state !== STATE.partly)) return { source: null, offset: 0, length }
    const place = Math.floor(u64le(entry, 0) / 2 ** 20) * 2 ** 20
    return { source: stored, offset: place + inside, length }
  }
  return pieced(disk.size, pieceAt, around.tell, () => image.close())
}
