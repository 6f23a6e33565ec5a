import { copyFileSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDisk, sniffDisk } from '../../../src/bytes/disk/open.ts'
import { bytesOf, fileSource, memorySource } from '../../../src/bytes/source.ts'
import type { Problem } from '../../../src/problems/problem.ts'
import { noise, numbers, run, scratch } from '../making.ts'

const work = scratch()
const raw = join(work, 'disk.raw')
const SIZE = 12 * 2 ** 20
writeFileSync(raw, content())

/** Noise, text, zeros, and a cluster of each to the very end. */
function content(): Buffer {
  const bytes = Buffer.alloc(SIZE)
  const next = numbers(3)
  noise(700_000, next).copy(bytes, 1000)
  for (let at = 3 * 2 ** 20; at < 5 * 2 ** 20; at += 16) bytes.write(`line ${at}`.slice(0, 15), at)
  noise(70_000, next).copy(bytes, 9 * 2 ** 20 + 12345)
  noise(3000, next).copy(bytes, SIZE - 3000)
  return bytes
}

function open(path: string, backing: string[] = []): { form: string; bytes: Buffer; problems: Problem[] } {
  const problems: Problem[] = []
  const disk = openDisk(fileSource(path), path, { backing }, problem => problems.push(problem))
  const bytes = bytesOf(disk.source)
  disk.source.close()
  return { form: disk.form, bytes, problems }
}

function convert(name: string, form: string, ...options: string[]): string {
  const path = join(work, name)
  run('qemu-img', 'convert', '-O', form, ...options, raw, path)
  return path
}

describe('the disk in an image', () => {
  it.each([
    ['qcow2', 'v3.qcow2', 'qcow2', []],
    ['qcow2', 'v2.qcow2', 'qcow2', ['-o', 'compat=0.10']],
    ['qcow2', 'deflate.qcow2', 'qcow2', ['-c']],
    ['qcow2', 'zstd.qcow2', 'qcow2', ['-c', '-o', 'compression_type=zstd']],
    ['qcow2', 'extended.qcow2', 'qcow2', ['-o', 'extended_l2=on']],
    ['qcow2', 'extended-deflate.qcow2', 'qcow2', ['-c', '-o', 'extended_l2=on']],
    ['qcow2', 'small.qcow2', 'qcow2', ['-o', 'cluster_size=512']],
    ['qcow2', 'large.qcow2', 'qcow2', ['-c', '-o', 'cluster_size=2M']],
    ['qcow2', 'beside.qcow2', 'qcow2', ['-o', `data_file=${join(work, 'beside.data')}`]],
    ['vhd', 'dynamic.vhd', 'vpc', ['-o', 'force_size=on']],
    ['vhd', 'fixed.vhd', 'vpc', ['-o', 'subformat=fixed,force_size=on']],
    ['vhdx', 'dynamic.vhdx', 'vhdx', []],
    ['vhdx', 'fixed.vhdx', 'vhdx', ['-o', 'subformat=fixed']],
    ['vmdk', 'sparse.vmdk', 'vmdk', []],
    ['vmdk', 'stream.vmdk', 'vmdk', ['-o', 'subformat=streamOptimized']],
    ['vmdk', 'flat.vmdk', 'vmdk', ['-o', 'subformat=monolithicFlat']],
    ['vmdk', 'split.vmdk', 'vmdk', ['-o', 'subformat=twoGbMaxExtentSparse']],
    ['vmdk', 'split-flat.vmdk', 'vmdk', ['-o', 'subformat=twoGbMaxExtentFlat']],
    ['vdi', 'dynamic.vdi', 'vdi', []],
    ['vdi', 'static.vdi', 'vdi', ['-o', 'static=on']],
    ['raw', 'plain.raw', 'raw', []],
  ])('%s, as %s: byte for byte', (form, name, tool, options) => {
    const opened = open(convert(name, tool, ...options))
    expect(opened.form).toBe(form)
    expect(opened.problems).toEqual([])
    expect(opened.bytes.equals(readFileSync(raw))).toBe(true)
  })

  it('reads at any place what it reads from the front', () => {
    const path = join(work, 'deflate.qcow2')
    const { source } = openDisk(fileSource(path), path, { backing: [] }, () => {})
    const whole = readFileSync(raw)
    const next = numbers(9)
    for (let nth = 0; nth < 500; nth++) {
      const at = next(SIZE + 1000)
      const target = Buffer.alloc(1 + next(200_000))
      const got = source.read(at, target)
      expect(got).toBe(Math.max(0, Math.min(target.length, SIZE - at)))
      expect(target.subarray(0, got).equals(whole.subarray(at, at + got))).toBe(true)
    }
  })

  it('follows a chain of images, in their folder only', () => {
    const wanted = Buffer.from(readFileSync(raw))
    run('qemu-img', 'create', '-q', '-f', 'qcow2', '-b', 'v3.qcow2', '-F', 'qcow2', join(work, 'one.qcow2'))
    run('qemu-io', '-c', 'write -P 65 1M 300k', '-c', 'write -z 4M 100k', join(work, 'one.qcow2'))
    run('qemu-img', 'create', '-q', '-f', 'qcow2', '-b', join(work, 'one.qcow2'), '-F', 'qcow2', join(work, 'two.qcow2'), '16M')
    run('qemu-io', '-c', 'write -P 66 1100k 10k', join(work, 'two.qcow2'))
    wanted.fill(65, 2 ** 20, 2 ** 20 + 300 * 1024)
    wanted.fill(66, 1100 * 1024, 1110 * 1024)
    wanted.fill(0, 4 * 2 ** 20, 4 * 2 ** 20 + 100 * 1024)
    const { bytes, problems } = open(join(work, 'two.qcow2'))
    expect(problems).toEqual([])
    expect(bytes.length).toBe(16 * 2 ** 20)
    expect(bytes.subarray(0, SIZE).equals(wanted)).toBe(true)
    expect(bytes.subarray(SIZE).every(byte => byte === 0)).toBe(true)

    const inner = join(work, 'inner')
    mkdirSync(inner)
    run('qemu-img', 'create', '-q', '-f', 'qcow2', '-b', '../v3.qcow2', '-F', 'qcow2', join(inner, 'out.qcow2'))
    expect(() => open(join(inner, 'out.qcow2'))).toThrow(`outside its folder: if that is meant, --allow-backing ${work}`)
    expect(open(join(inner, 'out.qcow2'), [work]).bytes.equals(readFileSync(raw))).toBe(true)
    symlinkSync('../v3.qcow2', join(inner, 'link.qcow2'))
    run('qemu-img', 'create', '-q', '-f', 'qcow2', '-b', 'link.qcow2', '-F', 'qcow2', join(inner, 'linked.qcow2'))
    expect(() => open(join(inner, 'linked.qcow2'))).toThrow('outside its folder')
  })

  it('takes what lies beside it for a backing file that is gone, and says so', () => {
    const moved = join(work, 'moved')
    mkdirSync(moved)
    copyFileSync(join(work, 'v3.qcow2'), join(moved, 'base.qcow2'))
    run(
      'qemu-img',
      'create',
      '-q',
      '-u',
      '-f',
      'qcow2',
      '-b',
      '/nowhere/base.qcow2',
      '-F',
      'qcow2',
      join(moved, 'top.qcow2'),
      '12M',
    )
    const { bytes, problems } = open(join(moved, 'top.qcow2'))
    expect(bytes.equals(readFileSync(raw))).toBe(true)
    expect(problems[0]?.message).toContain('the image stands on /nowhere/base.qcow2, which is not there')
    run(
      'qemu-img',
      'create',
      '-q',
      '-u',
      '-f',
      'qcow2',
      '-b',
      '/nowhere/none.qcow2',
      '-F',
      'qcow2',
      join(moved, 'alone.qcow2'),
      '12M',
    )
    expect(() => open(join(moved, 'alone.qcow2'))).toThrow('none.qcow2, which is not there')
  })

  it('does not follow images in a circle', () => {
    run('qemu-img', 'create', '-q', '-u', '-f', 'qcow2', '-b', 'b.qcow2', '-F', 'qcow2', join(work, 'a.qcow2'), '1M')
    run('qemu-img', 'create', '-q', '-u', '-f', 'qcow2', '-b', 'a.qcow2', '-F', 'qcow2', join(work, 'b.qcow2'), '1M')
    expect(() => open(join(work, 'a.qcow2'))).toThrow('a circle')
  })

  it('takes the disk under an image for what the image says, not for what it looks like', () => {
    const base = join(work, 'base.raw')
    copyFileSync(join(work, 'v3.qcow2'), base)
    run('qemu-img', 'create', '-q', '-f', 'qcow2', '-b', 'base.raw', '-F', 'raw', join(work, 'over-raw.qcow2'))
    expect(open(join(work, 'over-raw.qcow2')).bytes.subarray(0, 4).toString('latin1')).toBe('QFI\xfb')
  })

  it('follows the parent of a VMDK', () => {
    run('qemu-img', 'create', '-q', '-f', 'vmdk', '-b', 'sparse.vmdk', '-F', 'vmdk', join(work, 'delta.vmdk'))
    run('qemu-io', '-c', 'write -P 67 2M 64k', join(work, 'delta.vmdk'))
    const wanted = Buffer.from(readFileSync(raw))
    wanted.fill(67, 2 * 2 ** 20, 2 * 2 ** 20 + 65536)
    expect(open(join(work, 'delta.vmdk')).bytes.equals(wanted)).toBe(true)
  })

  it('names a differencing disk, an encrypted one, an extent that is gone', () => {
    const differencing = readFileSync(join(work, 'dynamic.vdi'))
    differencing.writeUInt32LE(4, 76)
    expect(() => openDisk(memorySource(differencing), null, { backing: [] }, () => {})).toThrow('a differencing VDI')
    const encrypted = readFileSync(join(work, 'v3.qcow2'))
    encrypted.writeUInt32BE(2, 32)
    expect(() => openDisk(memorySource(encrypted), null, { backing: [] }, () => {})).toThrow('it is encrypted')
    writeFileSync(join(work, 'gone.vmdk'), '# Disk DescriptorFile\nversion=1\nRW 2048 FLAT "gone-flat.vmdk" 0\nRW 2048 ZERO\n')
    const { bytes, problems } = open(join(work, 'gone.vmdk'))
    expect(bytes.length).toBe(2 ** 21)
    expect(problems[0]?.message).toContain('gone-flat.vmdk, which is not there: its 1048576 bytes were read as zeros')
  })

  it('tells a text called .qcow2 from an image', () => {
    expect(sniffDisk(memorySource(Buffer.from('Nov 24 01:45:41 host systemd[1]: Reloading.\n')))).toBeNull()
    expect(sniffDisk(memorySource(Buffer.alloc(0)))).toBeNull()
  })

  it('reads a cut image as far as it goes, and says so', () => {
    const path = join(work, 'cut.qcow2')
    copyFileSync(join(work, 'v3.qcow2'), path)
    truncateSync(path, 1_000_000)
    const { bytes, problems } = open(path)
    expect(bytes.length).toBe(SIZE)
    expect(bytes.subarray(0, 500_000).equals(readFileSync(raw).subarray(0, 500_000))).toBe(true)
    expect(problems.length).toBeGreaterThan(0)
  })

  it('reads nothing of a disk of 12 TB but what is asked for', () => {
    const path = join(work, 'vast.qcow2')
    run('qemu-img', 'create', '-q', '-f', 'qcow2', path, '12T')
    run('qemu-io', '-c', 'write -P 68 11T 64k', path)
    let read = 0
    const file = fileSource(path)
    const counted = {
      ...file,
      read: (at: number, target: Uint8Array) => {
        read += target.length
        return file.read(at, target)
      },
    }
    const { source } = openDisk(counted, path, { backing: [] }, () => {})
    const target = Buffer.alloc(65536)
    expect(source.size).toBe(12 * 2 ** 40)
    source.read(11 * 2 ** 40, target)
    expect(target.every(byte => byte === 68)).toBe(true)
    expect(read).toBeLessThan(1_000_000)
  })
})
