import type { ByteSource } from '../source.ts'
import { bytesAt } from './pieces.ts'

/** What a differencing image says of the one below. */
export interface ParentLocator {
  /** Ways to it, the one beside the image first. */
  names: string[]
  /** What its data were, as GUIDs in hexadecimal digits, in the order in which they are written. */
  linkages: string[]
}

const WAYS = ['relative_path', 'absolute_win32_path', 'volume_path']
const LONGEST = 65_536

/** The parent locator ([MS-VHDX] 2.6.2.6): 18 count   20 entries of 12 bytes: place of key (4) and value (4), their lengths (2, 2); UTF-16. */
export function readParentLocator(image: ByteSource, place: number, size: number): ParentLocator {
  const bytes = bytesAt(image, place, Math.min(size, LONGEST)) ?? Buffer.alloc(20)
  const values = new Map<string, string>()
  const count = bytes.length >= 20 ? bytes.readUInt16LE(18) : 0
  for (let at = 20; at < 20 + count * 12 && at + 12 <= bytes.length; at += 12) {
    const text = (offset: number, length: number): string => bytes.toString('utf16le', offset, offset + length)
    const key = text(bytes.readUInt32LE(at), bytes.readUInt16LE(at + 8))
    values.set(key, text(bytes.readUInt32LE(at + 4), bytes.readUInt16LE(at + 10)))
  }
  return {
    names: WAYS.flatMap(key => values.get(key) ?? []),
    linkages: ['parent_linkage', 'parent_linkage2'].flatMap(key => digitsOf(values.get(key) ?? '')),
  }
}

function digitsOf(guid: string): string[] {
  const digits = guid.replace(/[{}-]/g, '').toLowerCase()
  return /^[0-9a-f]{32}$/.test(digits) ? [digits] : []
}

/** What an image's data are, by the header that counts ([MS-VHDX] 2.2.2): 0 "head"   8 number   32 GUID of the data. */
export function dataGuid(image: ByteSource): string | null {
  const headers = [65_536, 131_072]
    .flatMap(at => bytesAt(image, at, 4096) ?? [])
    .filter(one => one.toString('latin1', 0, 4) === 'head')
  const [newest] = headers.sort((one, other) => (one.readBigUInt64LE(8) > other.readBigUInt64LE(8) ? -1 : 1))
  return newest ? guidDigits(newest.subarray(32, 48)) : null
}

/** The first three parts of a GUID lie with their bytes turned round. */
function guidDigits(bytes: Buffer): string {
  const turned = [3, 2, 1, 0, 5, 4, 7, 6].map(at => bytes[at] ?? 0)
  return Buffer.concat([Buffer.from(turned), bytes.subarray(8)]).toString('hex')
}
