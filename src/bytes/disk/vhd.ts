import { InputError } from '../../problems/problem.ts'
import { u64be } from '../number64.ts'
import { type ByteSource, stretch } from '../source.ts'
import type { DiskForm, Surroundings } from './form.ts'
import { bytesAt, type Piece, pieced, Table } from './pieces.ts'

/**
 * Connectix' and Microsoft's image ("Virtual Hard Disk Image Format Specification", 2006), big-endian. A footer of 512 bytes at the end, and
 * for a dynamic one its copy at the front:
 *
 *     0 "conectix"   16 place of the dynamic header   48 size   60 kind: 2 fixed, 3 dynamic, 4 differencing
 *
 * The dynamic header: 0 "cxsparse"   16 place of the table   28 entries   32 size of a block. The table: the sector of each block, which
 * begins with a bitmap of its sectors.
 */
export const vhd: DiskForm = {
  name: 'vhd',
  about: 'VHD, fixed and dynamic (Virtual PC, Hyper-V, Azure)',
  sniff: (head, image) => isFooter(head) || footerAtEnd(image) !== null,
  open,
}

const FOOTER = 512
const SECTOR = 512
const FREE = 0xffffffff
const KIND = { fixed: 2, dynamic: 3, differencing: 4 } as const

function open(image: ByteSource, around: Surroundings): ByteSource {
  const copy = bytesAt(image, 0, FOOTER)
  const footer = footerAtEnd(image) ?? copy
  if (!footer || !isFooter(footer)) throw new InputError('a VHD image without a footer')
  const kind = footer.readUInt32BE(60)
  const size = u64be(footer, 48)
  if (kind === KIND.fixed) return { ...stretch(image, 0, Math.min(size, image.size - FOOTER)), close: () => image.close() }
  if (kind === KIND.differencing) {
    throw new InputError(
      'a differencing VHD: it holds only what changed since its parent; qemu-img cannot join them, Hyper-V can: Merge-VHD',
    )
  }
  if (kind !== KIND.dynamic) throw new InputError(`a VHD image of kind ${kind}; fixed and dynamic ones are read`)
  return dynamic(image, u64be(footer, 16), size, around)
}

function dynamic(image: ByteSource, headerAt: number, size: number, around: Surroundings): ByteSource {
  const header = bytesAt(image, headerAt, 1024)
  if (header?.toString('latin1', 0, 8) !== 'cxsparse')
    throw new InputError('a dynamic VHD image whose header is not where it says')
  const table = u64be(header, 16)
  const entries = header.readUInt32BE(28)
  const blockSize = header.readUInt32BE(32)
  if (blockSize < SECTOR || (blockSize & (blockSize - 1)) !== 0)
    throw new InputError(`a VHD image with blocks of ${blockSize} bytes`)
  const bitmap = Math.ceil(blockSize / SECTOR / 8 / SECTOR) * SECTOR
  const places = new Table(image, table, entries, 4)
  function pieceAt(offset: number): Piece {
    const block = Math.floor(offset / blockSize)
    const inside = offset % blockSize
    const length = blockSize - inside
    const entry = places.entry(block)
    if (!entry) around.tell({ message: `the VHD's table ends before block ${block}: it was read as zeros` })
    const sector = entry?.readUInt32BE(0) ?? FREE
    if (sector === FREE) return { source: null, offset: 0, length }
    return { source: image, offset: sector * SECTOR + bitmap + inside, length }
  }
  return pieced(Math.min(size, 2 ** 41), pieceAt, around.tell, () => image.close())
}

function isFooter(bytes: Buffer): boolean {
  return bytes.length >= FOOTER && bytes.toString('latin1', 0, 8) === 'conectix'
}

/** The footer itself; a dynamic image that was cut has its copy at the front. */
function footerAtEnd(image: ByteSource): Buffer | null {
  const last = bytesAt(image, image.size - FOOTER, FOOTER)
  return last && isFooter(last) ? last : null
}
