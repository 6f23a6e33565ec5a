import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { crc32c } from '../../../src/bytes/crc32c.ts'
import { openDisk } from '../../../src/bytes/disk/open.ts'
import { bytesOf, memorySource } from '../../../src/bytes/source.ts'
import { noise, numbers, run, scratch } from '../making.ts'

const work = scratch()
const raw = join(work, 'disk.raw')
const content = Buffer.concat([noise(3 * 2 ** 20 + 512, numbers(1)), Buffer.alloc(5 * 2 ** 20)])
writeFileSync(raw, content)
run('qemu-img', 'convert', '-O', 'vhdx', '-o', 'block_size=1M', raw, join(work, 'disk.vhdx'))
const whole = readFileSync(join(work, 'disk.vhdx'))

const SECTOR = 4096
const GUID = Buffer.from('00112233445566778899aabbccddeeff', 'hex')

function summed(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(0, 4)
  bytes.writeUInt32LE((crc32c(0xffffffff, bytes) ^ 0xffffffff) >>> 0, 4)
  return bytes
}

/** An image whose table is empty, with the table's sector in its log: the host went down before it was in place. */
function dirty(sequence: number, tail = 0): Buffer {
  const bytes = Buffer.from(whole)
  const regions = bytes.subarray(192 * 1024, 256 * 1024)
  const bat = [0, 1].map(nth => 16 + nth * 32).find(at => regions.toString('hex', at, at + 4) === '6677c22d') ?? 0
  const table = Number(regions.readBigUInt64LE(bat + 16))
  const sector = Buffer.from(bytes.subarray(table, table + SECTOR))
  bytes.fill(0, table, table + SECTOR)
  for (const at of [65536, 131072]) {
    const header = bytes.subarray(at, at + SECTOR)
    GUID.copy(header, 48)
    summed(header)
  }
  const log = Number(bytes.readBigUInt64LE(65536 + 72))
  const entry = bytes.subarray(log, log + 2 * SECTOR)
  entry.fill(0)
  entry.write('loge', 0)
  entry.writeUInt32LE(2 * SECTOR, 8)
  entry.writeUInt32LE(tail, 12)
  entry.writeBigUInt64LE(BigInt(sequence), 16)
  entry.writeUInt32LE(1, 24)
  GUID.copy(entry, 32)
  entry.write('desc', 64)
  sector.copy(entry, 68, SECTOR - 4)
  sector.copy(entry, 72, 0, 8)
  entry.writeBigUInt64LE(BigInt(table), 80)
  entry.writeBigUInt64LE(BigInt(sequence), 88)
  entry.write('data', SECTOR)
  sector.copy(entry, SECTOR + 8, 8, SECTOR - 4)
  entry.writeUInt32LE(sequence, 2 * SECTOR - 4)
  summed(entry)
  return bytes
}

function open(bytes: Buffer): { disk: Buffer; told: string } {
  const told: string[] = []
  const { source } = openDisk(memorySource(bytes), null, { backing: [] }, ({ message }) => told.push(message))
  return { disk: bytesOf(source), told: told.join('\n') }
}

describe('the log of a VHDX', () => {
  it('is put in place in memory', () => {
    const { disk, told } = open(dirty(5))
    expect(disk.equals(content)).toBe(true)
    expect(told).toBe('')
  })

  it('is put in place as QEMU does it', () => {
    const path = join(work, 'dirty.vhdx')
    writeFileSync(path, dirty(5))
    run('qemu-img', 'check', '-q', '-r', 'all', path)
    run('qemu-img', 'convert', '-O', 'raw', path, join(work, 'replayed.raw'))
    expect(readFileSync(join(work, 'replayed.raw')).equals(content)).toBe(true)
  })

  it('that fits nothing is named, and the image read without it', () => {
    const bytes = dirty(5)
    bytes[Number(bytes.readBigUInt64LE(65536 + 72)) + 100] = 1
    const { disk, told } = open(bytes)
    expect(disk.length).toBe(content.length)
    expect(told).toContain('its log is not empty, but it holds nothing that fits')
    expect(open(dirty(5, SECTOR)).told).toContain('nothing that fits')
  })
})
