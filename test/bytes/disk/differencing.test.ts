/** Images that hold only what changed since their parent: Hyper-V's and VirtualBox' snapshots. QEMU makes none, so they are made of its others. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDisk } from '../../../src/bytes/disk/open.ts'
import { bytesOf, fileSource } from '../../../src/bytes/source.ts'
import { noise, numbers, run, scratch } from '../making.ts'

const work = scratch()
const MIB = 2 ** 20
const SIZE = 12 * MIB
const base = noise(SIZE, numbers(5))
/** Of the child: sectors 8 to 15 of its second MiB. */
const FIRST = 2056
const wanted = Buffer.from(base).fill(7, FIRST * 512, (FIRST + 8) * 512)

/** An image with these sectors in it, otherwise empty, and its parent. */
function pair(name: string, form: string, ...options: string[]): { parent: string; child: string } {
  const folder = join(work, name)
  mkdirSync(folder)
  const [parent, child] = [join(folder, `base.${name}`), join(folder, `child.${name}`)]
  writeFileSync(join(folder, 'raw'), base)
  run('qemu-img', 'convert', '-f', 'raw', '-O', form, ...options, join(folder, 'raw'), parent)
  run('qemu-img', 'create', '-q', '-f', form, ...options, child, String(SIZE))
  run('qemu-io', '-f', form, '-c', `write -P 7 ${FIRST * 512} 4k`, child)
  return { parent, child }
}

function open(path: string, backing: string[] = []): { bytes: Buffer; told: string[] } {
  const told: string[] = []
  const { source } = openDisk(fileSource(path), path, { backing }, ({ message }) => told.push(message))
  const bytes = bytesOf(source)
  source.close()
  return { bytes: bytes.subarray(0, SIZE), told }
}

/** VHD: kind 4, the parent's UUID and name, and a map in which only those sectors are its own. */
function vhd(): { parent: string; child: string } {
  const made = pair('vhd', 'vpc', '-o', 'force_size=on')
  const bytes = readFileSync(made.child)
  for (const footer of [0, bytes.length - 512]) bytes.writeUInt32BE(4, footer + 60)
  const header = Number(bytes.readBigUInt64BE(16))
  readFileSync(made.parent).copy(bytes, header + 40, 68, 84)
  Buffer.from('C:\\VMs\\base.vhd', 'utf16le')
    .swap16()
    .copy(bytes, header + 64)
  const table = Number(bytes.readBigUInt64BE(header + 16))
  const map = bytes.readUInt32BE(table + Math.floor((FIRST * 512) / (2 * MIB)) * 4) * 512
  bytes.fill(0, map, map + 512)
  bytes[map + FIRST / 8] = 0xff
  writeFileSync(made.child, bytes)
  return made
}

/** VHDX: the flag "has a parent", its locator, and a block of which one byte's sectors are its own. */
function vhdx(): { parent: string; child: string } {
  const made = pair('vhdx', 'vhdx', '-o', 'block_size=1M')
  const bytes = readFileSync(made.child)
  const [bat, metadata] = [regionOf(bytes, '6677c22d'), regionOf(bytes, '06a27c8b')]
  const parent = readFileSync(made.parent)
  const [one, other] = [parent.readBigUInt64LE(65_544), parent.readBigUInt64LE(131_080)]
  const guid = parent.subarray((one > other ? 65_536 : 131_072) + 32).subarray(0, 16)
  const digits = [
    guid.readUInt32LE(0).toString(16).padStart(8, '0'),
    guid.readUInt16LE(4).toString(16).padStart(4, '0'),
    guid.readUInt16LE(6).toString(16).padStart(4, '0'),
    guid.toString('hex', 8, 10),
    guid.toString('hex', 10),
  ]
  const locator = locatorOf({ parent_linkage: `{${digits.join('-').toUpperCase()}}`, relative_path: '.\\base.vhdx' })
  const count = bytes.readUInt16LE(metadata + 10)
  for (let at = metadata + 32; at < metadata + 32 + count * 32; at += 32)
    if (bytes.toString('hex', at, at + 4) === '3767a1ca') bytes.writeUInt32LE(2, metadata + bytes.readUInt32LE(at + 16) + 4)
  const entry = metadata + 32 + count * 32
  bytes.writeUInt16LE(count + 1, metadata + 10)
  Buffer.from('2d5fd3a80bb34d45abf7d3d84834ab0c', 'hex').copy(bytes, entry)
  bytes.writeUInt32LE(512 * 1024, entry + 16)
  bytes.writeUInt32LE(locator.length, entry + 20)
  locator.copy(bytes, metadata + 512 * 1024)
  const block = Math.floor((FIRST * 512) / MIB)
  for (let nth = 0; nth < SIZE / MIB; nth++) if (nth !== block) bytes.writeBigUInt64LE(0n, bat + nth * 8)
  bytes.writeBigUInt64LE(bytes.readBigUInt64LE(bat + block * 8) | 7n, bat + block * 8)
  // A map lies behind the entries of 4096 blocks of 1 MiB.
  const end = Math.ceil(bytes.length / MIB) * MIB
  bytes.writeBigUInt64LE(BigInt(end) | 6n, bat + 4096 * 8)
  const map = Buffer.alloc(MIB)
  map[FIRST / 8] = 0xff
  writeFileSync(made.child, Buffer.concat([bytes, Buffer.alloc(end - bytes.length), map]))
  return made
}

function regionOf(bytes: Buffer, guid: string): number {
  for (let at = 192 * 1024 + 16; at < 192 * 1024 + 512; at += 32)
    if (bytes.toString('hex', at, at + 4) === guid) return Number(bytes.readBigUInt64LE(at + 16))
  throw new Error(`no region ${guid}`)
}

function locatorOf(values: Record<string, string>): Buffer {
  const pairs = Object.entries(values)
  const head = Buffer.alloc(20 + pairs.length * 12)
  head.writeUInt16LE(pairs.length, 18)
  const texts: Buffer[] = []
  let place = head.length
  const put = (text: string): [number, number] => {
    const bytes = Buffer.from(text, 'utf16le')
    texts.push(bytes)
    place += bytes.length
    return [place - bytes.length, bytes.length]
  }
  pairs.forEach(([key, value], nth) => {
    const [[keyAt, keyLength], [valueAt, valueLength]] = [put(key), put(value)]
    head.writeUInt32LE(keyAt, 20 + nth * 12)
    head.writeUInt32LE(valueAt, 24 + nth * 12)
    head.writeUInt16LE(keyLength, 28 + nth * 12)
    head.writeUInt16LE(valueLength, 30 + nth * 12)
  })
  return Buffer.concat([head, ...texts])
}

/** VDI: kind 4 and the parent's UUID; its blocks of 1 MiB are its own as a whole. */
function vdi(): { parent: string; child: string } {
  const made = pair('vdi', 'vdi')
  const bytes = readFileSync(made.child)
  bytes.writeUInt32LE(4, 76)
  readFileSync(made.parent).copy(bytes, 424, 392, 408)
  base.subarray(MIB, 2 * MIB).copy(bytes, bytes.readUInt32LE(344))
  bytes.fill(7, bytes.readUInt32LE(344) + (FIRST * 512 - MIB), bytes.readUInt32LE(344) + (FIRST * 512 - MIB) + 4096)
  writeFileSync(made.child, bytes)
  return made
}

const pairs = { VHD: vhd(), VHDX: vhdx(), VDI: vdi() }

describe.each(['VHD', 'VHDX', 'VDI'] as const)('a differencing %s', name => {
  const made = pairs[name]

  it('is its own sectors over its parent', () => {
    const { bytes, told } = open(made.child)
    expect(bytes.equals(wanted)).toBe(true)
    // A VHD's parent was named by the place where it lay on the machine that made it.
    expect(told).toEqual(name === 'VHD' ? [expect.stringContaining('the image stands on /VMs/base.vhd, which is not there')] : [])
  })

  it('follows its parent only where it may', () => {
    const elsewhere = join(work, `${name}-elsewhere`)
    mkdirSync(elsewhere)
    const moved = join(elsewhere, `base.${name.toLowerCase()}`)
    renameSync(made.parent, moved)
    expect(() => open(made.child)).toThrow(name === 'VDI' ? 'that is not beside it' : 'which is not there')
    if (name !== 'VDI') expect(open(made.child, [elsewhere]).bytes.equals(wanted)).toBe(true)
    renameSync(moved, made.parent)
  })
})

describe('a parent that was changed since', () => {
  it.each([
    ['VHD', (bytes: Buffer) => [68, bytes.length - 512 + 68]],
    ['VHDX', () => [65_536 + 32, 131_072 + 32]],
  ] as const)('%s: is told', (name, places) => {
    const made = pairs[name]
    const bytes = readFileSync(made.parent)
    const changed = Buffer.from(bytes)
    for (const at of places(bytes)) changed.writeUInt32LE(1, at)
    writeFileSync(made.parent, changed)
    expect(open(made.child).told.join()).toContain('which is not as it was when this was begun')
    writeFileSync(made.parent, bytes)
  })
})
