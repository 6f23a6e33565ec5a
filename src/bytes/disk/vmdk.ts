import { InputError } from '../../problems/problem.ts'
import { type ByteSource, stretch } from '../source.ts'
import type { DiskForm, Surroundings } from './form.ts'
import { bytesAt, type Piece, pieced } from './pieces.ts'
import { type Descriptor, type Extent, parseDescriptor } from './vmdk-descriptor.ts'
import { isSparse, openSparse, sparseDescriptor } from './vmdk-sparse.ts'

/** VMware's disk ("Virtual Disk Format 5.0"): a text that names extents, or one sparse extent with that text in it. */
export const vmdk: DiskForm = {
  name: 'vmdk',
  about: 'VMware disk: sparse, streamOptimized, or flat with its descriptor',
  sniff: head =>
    isSparse(head) || head.toString('latin1', 0, 21) === '# Disk DescriptorFile' || head.toString('latin1', 0, 4) === 'COWD',
  open,
}

const SECTOR = 512
/** A descriptor is a page of text. */
const LONGEST = 1 << 20

function open(image: ByteSource, around: Surroundings): ByteSource {
  const head = bytesAt(image, 0, 4)
  if (head?.toString('latin1') === 'COWD') throw new InputError('an ESX 3 sparse extent (COWD); qemu-img convert -O raw reads it')
  if (head && isSparse(head)) {
    const descriptor = parseDescriptor(sparseDescriptor(image))
    return openSparse(image, parentOf(descriptor, around), around)
  }
  const text = Buffer.alloc(Math.min(image.size, LONGEST))
  image.read(0, text)
  return joined(parseDescriptor(text.toString('utf8')), image, around)
}

function parentOf(descriptor: Descriptor, around: Surroundings): ByteSource | null {
  return descriptor.parent === null ? null : around.disk(descriptor.parent, false)
}

/** The extents one after the other. */
function joined(descriptor: Descriptor, image: ByteSource, around: Surroundings): ByteSource {
  if (descriptor.extents.length === 0) throw new InputError('a VMDK descriptor that names no extents')
  const parent = parentOf(descriptor, around)
  const parts: { start: number; size: number; source: ByteSource | null }[] = []
  let size = 0
  for (const extent of descriptor.extents) {
    const bytes = extent.sectors * SECTOR
    const under = parent ? stretch(parent, size, bytes) : null
    parts.push({ start: size, size: bytes, source: openExtent(extent, under, around) })
    size += bytes
  }
  function pieceAt(offset: number): Piece {
    const part = parts.findLast(one => one.start <= offset)
    if (!part) return { source: null, offset: 0, length: 1 }
    return { source: part.source, offset: offset - part.start, length: part.start + part.size - offset }
  }
  return pieced(size, pieceAt, around.tell, () => {
    for (const part of parts) part.source?.close()
    parent?.close()
    image.close()
  })
}

/** An extent that cannot be had is zeros, and told: the others may hold what is looked for. */
function openExtent(extent: Extent, parent: ByteSource | null, around: Surroundings): ByteSource | null {
  if (extent.kind === 'ZERO') return null
  try {
    if (extent.file === null) throw new InputError('a VMDK descriptor with an extent that names no file')
    const bytes = extent.sectors * SECTOR
    if (extent.kind === 'FLAT' || extent.kind === 'VMFS')
      return stretchOf(around.file(extent.file), extent.offset * SECTOR, bytes)
    if (extent.kind === 'SPARSE') return openSparse(around.file(extent.file), parent, around)
    throw new InputError(`a VMDK extent of kind ${extent.kind}; on its host, vmkfstools -i writes it as one that can be read`)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    around.tell({ message: `${error.message}: its ${extent.sectors * SECTOR} bytes were read as zeros` })
    return null
  }
}

function stretchOf(source: ByteSource, offset: number, size: number): ByteSource {
  return { ...stretch(source, offset, size), close: () => source.close() }
}
