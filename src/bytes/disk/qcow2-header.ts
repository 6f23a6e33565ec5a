import { InputError } from '../../problems/problem.ts'
import { u64be } from '../number64.ts'
import type { ByteSource } from '../source.ts'
import { bytesAt } from './pieces.ts'

/**
 * The header (QEMU docs/interop/qcow2.txt, "Header"), big-endian; version 3 goes on behind byte 72.
 *
 *     0 "QFI\xfb"   4 version   8 place, 16 length of the backing file's name   20 log2(cluster)   24 size   32 encryption
 *     36 entries, 40 place of the first table   72 incompatible features   100 length of the header   104 compression
 *
 * Behind it: extensions of type, length and value, padded to 8 bytes.
 */
export interface Qcow2Header {
  version: number
  size: number
  clusterBits: number
  clusterSize: number
  /** 16 where the second-level tables are extended ones. */
  entrySize: 8 | 16
  l1Offset: number
  compression: 'deflate' | 'zstd'
  backing: string | null
  backingRaw: boolean
  dataFile: string | null
}

const FEATURE = { corrupt: 2, dataFile: 4, compression: 8, extended: 16 } as const
const KNOWN = 31
const EXTENSION = { end: 0, backingForm: 0xe2792aca, dataFile: 0x44415441 } as const
/** Beyond it a disk's places are no exact numbers. */
const LARGEST = 2 ** 53

export function parseQcow2(image: ByteSource): Qcow2Header {
  const head = Buffer.alloc(112)
  image.read(0, head)
  const version = head.readUInt32BE(4)
  if (version !== 2 && version !== 3) refuse(`its version is ${version}; versions 2 and 3 are read`)
  const clusterBits = head.readUInt32BE(20)
  if (clusterBits < 9 || clusterBits > 21) refuse(`its clusters have 2^${clusterBits} bytes`)
  if (head.readUInt32BE(32) !== 0)
    refuse('it is encrypted; with its key: qemu-img convert -O raw --object secret,… --image-opts …')
  const size = u64be(head, 24)
  const features = version === 3 ? head.readUInt32BE(76) : 0
  if (version === 3 && (head.readUInt32BE(72) !== 0 || (features & ~KNOWN) !== 0))
    refuse('it has a feature that is not known here')
  const clusterSize = 2 ** clusterBits
  const entrySize = (features & FEATURE.extended) !== 0 ? 16 : 8
  const l1Entries = head.readUInt32BE(36)
  const covered = l1Entries * (clusterSize / entrySize) * clusterSize
  if (size >= LARGEST || covered < size) refuse(`it says it has ${size} bytes, and its tables cover ${covered}`)
  const compression = version === 3 && (features & FEATURE.compression) !== 0 ? head[104] : 0
  if (compression !== 0 && compression !== 1) refuse(`its compression is of kind ${compression}; zlib and zstd are read`)
  const extensions = readExtensions(image, version === 3 ? head.readUInt32BE(100) : 72, clusterSize)
  return {
    version,
    size,
    clusterBits,
    clusterSize,
    entrySize,
    l1Offset: u64be(head, 40),
    compression: compression === 1 ? 'zstd' : 'deflate',
    backing: backingName(image, head),
    backingRaw: extensions.get(EXTENSION.backingForm) === 'raw',
    dataFile:
      (features & FEATURE.dataFile) !== 0
        ? (extensions.get(EXTENSION.dataFile) ?? refuse('it does not name its data file'))
        : null,
  }
}

function backingName(image: ByteSource, head: Buffer): string | null {
  const at = u64be(head, 8)
  const length = head.readUInt32BE(16)
  if (at === 0 || length === 0) return null
  const name = length <= 1023 ? bytesAt(image, at, length) : null
  return name?.toString('utf8') ?? refuse('the name of its backing file cannot be read')
}

function readExtensions(image: ByteSource, start: number, end: number): Map<number, string> {
  const found = new Map<number, string>()
  for (let at = start; at + 8 <= end; ) {
    const head = bytesAt(image, at, 8)
    const type = head?.readUInt32BE(0) ?? EXTENSION.end
    const length = head?.readUInt32BE(4) ?? 0
    if (type === EXTENSION.end || at + 8 + length > end) break
    if (type === EXTENSION.backingForm || type === EXTENSION.dataFile)
      found.set(type, bytesAt(image, at + 8, length)?.toString('utf8') ?? '')
    at += 8 + Math.ceil(length / 8) * 8
  }
  return found
}

function refuse(why: string): never {
  throw new InputError(`a qcow2 image that cannot be read: ${why}`)
}
