import { InputError } from '../../problems/problem.ts'
import { u64be } from '../number64.ts'
import { type ByteSource, stretch } from '../source.ts'
import type { DiskForm, Surroundings } from './form.ts'
import { parentOf } from './parent.ts'
import { bytesAt, Kept, type Piece, pieced, Table } from './pieces.ts'

/**
 * Connectix' and Microsoft's image ("Virtual Hard Disk Image Format Specification", 2006), big-endian. A footer of 512 bytes at the end, and
 * for a dynamic one its copy at the front:
 *
 *     0 "conectix"   16 place of the dynamic header   48 size   60 kind: 2 fixed, 3 dynamic, 4 differencing
 *
 * The dynamic header: 0 "cxsparse"   16 place of the table   28 entries   32 size of a block   40 UUID, 64 name of the parent. The table: the sector of each block, which
 * begins with a bitmap of its sectors: in a differencing one, those that are not its parent's.
 */
export const vhd: DiskForm = {
  name: 'vhd',
  about: 'VHD, fixed, dynamic and differencing (Virtual PC, Hyper-V, Azure)',
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
  if (kind !== KIND.dynamic && kind !== KIND.differencing) throw new InputError(`a VHD image of kind ${kind}, which is not known`)
  return dynamic(image, u64be(footer, 16), size, around, kind === KIND.differencing)
}

function dynamic(image: ByteSource, headerAt: number, size: number, around: Surroundings, isChild: boolean): ByteSource {
  const header = bytesAt(image, headerAt, 1024)
  if (header?.toString('latin1', 0, 8) !== 'cxsparse')
    throw new InputError('a dynamic VHD image whose header is not where it says')
  const table = u64be(header, 16)
  const entries = header.readUInt32BE(28)
  const blockSize = header.readUInt32BE(32)
  if (blockSize < SECTOR || (blockSize & (blockSize - 1)) !== 0)
    throw new InputError(`a VHD image with blocks of ${blockSize} bytes`)
  const parent = isChild ? parentOf('VHD', namesOf(image, header), file => isParent(file, header), around) : null
  const bitmaps = new Kept<Buffer | null>(256)
  const bitmap = Math.ceil(blockSize / SECTOR / 8 / SECTOR) * SECTOR
  const places = new Table(image, table, entries, 4)
  function pieceAt(offset: number): Piece {
    const block = Math.floor(offset / blockSize)
    const inside = offset % blockSize
    const length = blockSize - inside
    const entry = places.entry(block)
    if (!entry) around.tell({ message: `the VHD's table ends before block ${block}: it was read as zeros` })
    const sector = entry?.readUInt32BE(0) ?? FREE
    if (sector === FREE) return below(offset, length)
    const here = { source: image, offset: sector * SECTOR + bitmap + inside, length }
    if (!parent) return here
    const map = bitmaps.get(block, () => bytesAt(image, sector * SECTOR, bitmap))
    if (!map) return here
    const run = alike(map, inside, blockSize)
    return run.mine ? { ...here, length: run.length } : below(offset, run.length)
  }

  function below(offset: number, length: number): Piece {
    if (!parent || offset >= parent.size) return { source: null, offset: 0, length }
    return { source: parent, offset, length: Math.min(length, parent.size - offset) }
  }

  return pieced(Math.min(size, 2 ** 41), pieceAt, around.tell, () => {
    image.close()
    parent?.close()
  })
}

/** How far from there on a block's sectors are all its own, or all its parent's: a bit each, the highest of a byte first. */
function alike(map: Buffer, inside: number, blockSize: number): { mine: boolean; length: number } {
  const isMine = (sector: number): boolean => (((map[sector >> 3] ?? 0) >> (7 - (sector & 7))) & 1) !== 0
  const first = Math.floor(inside / SECTOR)
  let last = first + 1
  while (last * SECTOR < blockSize && isMine(last) === isMine(first)) last++
  return { mine: isMine(first), length: last * SECTOR - inside }
}

/**
 * Ways to the parent: the locators' own (from 576 on, 8 of 24 bytes: 0 code, 8 length, 16 place), the relative one first; then its name (64).
 */
function namesOf(image: ByteSource, header: Buffer): string[] {
  const located = ['W2ru', 'W2ku'].flatMap(code => {
    const entries = Array.from({ length: 8 }, (_, nth) => header.subarray(576 + nth * 24, 600 + nth * 24))
    const entry = entries.find(one => one.toString('latin1', 0, 4) === code)
    const length = entry?.readUInt32BE(8) ?? 0
    const text = entry && length > 0 && length <= 65_536 ? bytesAt(image, u64be(entry, 16), length) : null
    return text ? [text.toString('utf16le')] : []
  })
  const name = Buffer.from(header.subarray(64, 576)).swap16().toString('utf16le').replace(/\0.*$/s, '')
  return name === '' ? located : [...located, name]
}

/** The parent's footer has the UUID (68) that this one's header has of it (40). */
function isParent(file: ByteSource, header: Buffer): boolean {
  const footer = footerAtEnd(file) ?? bytesAt(file, 0, FOOTER)
  return footer !== null && isFooter(footer) && footer.subarray(68, 84).equals(header.subarray(40, 56))
}

function isFooter(bytes: Buffer): boolean {
  return bytes.length >= FOOTER && bytes.toString('latin1', 0, 8) === 'conectix'
}

/** The footer itself; a dynamic image that was cut has its copy at the front. */
function footerAtEnd(image: ByteSource): Buffer | null {
  const last = bytesAt(image, image.size - FOOTER, FOOTER)
  return last && isFooter(last) ? last : null
}
