import { InputError } from '../../problems/problem.ts'
import { u64le } from '../number64.ts'
import type { ByteSource } from '../source.ts'
import type { DiskForm, Surroundings } from './form.ts'
import { bytesAt, type Piece, pieced, Table } from './pieces.ts'

/**
 * VirtualBox's image (QEMU block/vdi.c describes it), little-endian:
 *
 *     0 64 bytes of text   64 magic beda107f   68 version   76 kind: 1 dynamic, 2 fixed, 4 differencing
 *     340 place of the table   344 place of the blocks   368 size   376 size of a block   380 bytes before each   384 blocks
 *     392 UUID   424 UUID of the parent
 *
 * The table: for each block, which of the stored ones it is.
 */
export const vdi: DiskForm = {
  name: 'vdi',
  about: 'VirtualBox disk image',
  sniff: head => head.length >= 512 && head.readUInt32LE(64) === 0xbeda107f,
  open,
}

/** 0xffffffff: never written; 0xfffffffe: zeros. */
const LEAST_SPECIAL = 0xfffffffe
const FREE = 0xffffffff

function open(image: ByteSource, around: Surroundings): ByteSource {
  const head = bytesAt(image, 0, 512)
  if (!head) throw new InputError('a VDI image that ends in its header')
  const parent = head.readUInt32LE(76) === 4 ? parentOf(head, around) : null
  const table = head.readUInt32LE(340)
  const data = head.readUInt32LE(344)
  const blockSize = head.readUInt32LE(376)
  const before = head.readUInt32LE(380)
  const blocks = head.readUInt32LE(384)
  if (blockSize < 512 || blockSize % 512 !== 0) throw new InputError(`a VDI image with blocks of ${blockSize} bytes`)
  const entries = new Table(image, table, blocks, 4)
  function pieceAt(offset: number): Piece {
    const block = Math.floor(offset / blockSize)
    const inside = offset % blockSize
    const length = blockSize - inside
    const entry = entries.entry(block)
    if (!entry) around.tell({ message: `the VDI's table ends before block ${block}: it was read as zeros` })
    const stored = entry?.readUInt32LE(0) ?? LEAST_SPECIAL
    if (stored === FREE && parent && offset < parent.size)
      return { source: parent, offset, length: Math.min(length, parent.size - offset) }
    if (stored >= LEAST_SPECIAL) return { source: null, offset: 0, length }
    return { source: image, offset: data + stored * (blockSize + before) + before + inside, length }
  }
  return pieced(Math.min(u64le(head, 368), 2 ** 53 - 1), pieceAt, around.tell, () => {
    image.close()
    parent?.close()
  })
}

/** A parent is named by its UUID only: it is looked for beside the image. */
function parentOf(head: Buffer, around: Surroundings): ByteSource {
  const wanted = head.subarray(424, 440)
  for (const name of around.names().filter(one => /\.vdi$/i.test(one))) {
    const own = uuidIn(name, around)
    if (own?.equals(wanted)) return around.disk(name, false)
  }
  throw new InputError(
    'a differencing VDI, which holds only what changed since its parent: that is not beside it (--allow-backing DIR); VBoxManage clonemedium joins them',
  )
}

function uuidIn(name: string, around: Surroundings): Buffer | null {
  try {
    const file = around.file(name)
    const head = bytesAt(file, 0, 512)
    file.close()
    return head && vdi.sniff(head, file) ? head.subarray(392, 408) : null
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}
