import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Image, openImage } from '../../../src/bytes/image/image.ts'
import { bytesOf, fileSource, memorySource } from '../../../src/bytes/source.ts'
import type { Tree } from '../../../src/bytes/tree.ts'
import type { Problem } from '../../../src/problems/problem.ts'
import { everything, run, scratch } from '../making.ts'

const work = scratch()
const fixtures = join(import.meta.dirname, '../../../fixtures/images')
const MIB = 2 ** 20

function open(...paths: string[]): { image: Image; told: string; read: () => number } {
  const problems: Problem[] = []
  let read = 0
  const files = paths.map(path => {
    const file = fileSource(path)
    const source = {
      ...file,
      read: (at: number, target: Uint8Array) => {
        read += target.length
        return file.read(at, target)
      },
    }
    return { label: path.slice(path.lastIndexOf('/') + 1), path, source }
  })
  const image = openImage(files, { backing: [] }, problem => problems.push(problem))
  return { image, told: problems.map(({ message }) => message).join('\n'), read: () => read }
}

/** The sums of what lies under etc and var, as the list beside the images writes them. */
function sums(tree: Tree | undefined): string {
  if (!tree) return ''
  const lines = [...everything(tree)]
    .filter(([path, value]) => /^(etc|var)\//.test(path) && Buffer.isBuffer(value))
    .map(([path, bytes]) => [createHash('sha256').update(bytes).digest('hex'), path])
  return lines
    .sort(([, one = ''], [, other = '']) => (one < other ? -1 : 1))
    .map(([sum, path]) => `${sum}  ${path}\n`)
    .join('')
}

describe('the disks of a crashed machine', () => {
  const wanted = readFileSync(join(fixtures, 'ext4-dirty.sha256'), 'utf8')
  beforeAll(() => {
    run('zstd', '-dqf', '--sparse', join(fixtures, 'ext4-dirty.raw.zst'), '-o', join(work, 'ext4-dirty.raw'))
    for (const form of ['qcow2', 'vmdk', 'vpc', 'vhdx', 'vdi'])
      run('qemu-img', 'convert', '-O', form, join(work, 'ext4-dirty.raw'), join(work, `disk.${form}`))
  })

  it.each([
    ['ext4-dirty.raw', () => join(work, 'ext4-dirty.raw'), 'ext4-dirty.raw'],
    ['gpt.qcow2', () => join(fixtures, 'gpt.qcow2'), 'gpt.qcow2:p2'],
    ['lvm.vmdk', () => join(fixtures, 'lvm.vmdk'), 'lvm.vmdk:vg0/root'],
    ['disk.qcow2', () => join(work, 'disk.qcow2'), 'disk.qcow2'],
    ['disk.vmdk', () => join(work, 'disk.vmdk'), 'disk.vmdk'],
    ['disk.vpc', () => join(work, 'disk.vpc'), 'disk.vpc'],
    ['disk.vhdx', () => join(work, 'disk.vhdx'), 'disk.vhdx'],
    ['disk.vdi', () => join(work, 'disk.vdi'), 'disk.vdi'],
  ])('%s: every file as the kernel shows it after recovery', (_, path, label) => {
    const { image, told } = open(path())
    expect(image.hosts.map(host => host.label)).toEqual([label])
    expect(image.contents.reduce((count, { fileSystem }) => count + (fileSystem?.replayed ?? 0), 0)).toBe(3)
    expect(sums(image.hosts[0])).toBe(wanted)
    expect(told).toBe('')
  })

  it('reads little more than what is asked for', () => {
    const { image, read } = open(join(work, 'ext4-dirty.raw'))
    const journal = 'var/log/journal/268ae3548b56a99c6a24e2f5c955e9e6/system.journal'
    expect(bytesOf(image.hosts[0]?.open(journal) ?? memorySource(Buffer.alloc(0))).length).toBeGreaterThan(4 * MIB)
    expect(read()).toBeLessThan(2 * MIB)
  })
})

interface Part {
  files: Record<string, string>
  options?: string[]
}

const tables = new Map<number, string>()
/** A disk with so many partitions of 8 MiB; sgdisk takes its time, so each is made once. */
function table(count: number): string {
  const path = tables.get(count) ?? join(work, `table-${count}.raw`)
  if (tables.has(count)) return path
  tables.set(count, path)
  run('truncate', '-s', `${count * 8 + 2}M`, path)
  const parts = Array.from({ length: count }, (_, nth) => [
    '-n',
    `${nth + 1}:${(1 + nth * 8) * 2048}:+8M`,
    '-c',
    `${nth + 1}:part${nth + 1}`,
  ])
  run('sgdisk', '-o', ...parts.flat(), path)
  return path
}

let disks = 0
/** A disk with a GPT and an ext4 in each partition of 8 MiB. */
function disk(...parts: (Part | Buffer)[]): string {
  const path = join(work, `disk-${disks++}.raw`)
  run('cp', '--sparse=always', table(parts.length), path)
  parts.forEach((part, nth) => {
    const content = join(work, `part-${disks}-${nth}`)
    if (Buffer.isBuffer(part)) writeFileSync(content, part)
    else {
      const folder = `${content}.d`
      mkdirSync(folder, { recursive: true })
      for (const [name, text] of Object.entries(part.files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true })
        writeFileSync(join(folder, name), text)
      }
      run('truncate', '-s', '8M', content)
      run('mke2fs', '-q', '-F', '-t', 'ext4', '-O', '^has_journal', '-d', folder, ...(part.options ?? []), content)
    }
    run('dd', `if=${content}`, `of=${path}`, 'bs=1M', `seek=${1 + nth * 8}`, 'conv=notrunc', 'status=none')
  })
  return path
}

function root(host: string, fstab = ''): Part {
  return { files: { 'etc/hostname': `${host}\n`, 'etc/fstab': fstab, 'usr/bin/true': '' } }
}

const UUID = '8a01d3b1-1356-415f-9af8-b3b406dde7db'

describe('the machines on a disk', () => {
  it.each([
    ['UUID', `UUID=${UUID}`],
    ['quoted UUID', `UUID="${UUID.toUpperCase()}"`],
    ['label', 'LABEL=logs'],
    ['partition label', 'PARTLABEL=part2'],
    ['device', '/dev/vda2'],
    ['link', `/dev/disk/by-uuid/${UUID}`],
  ])('joins /var/log by its %s', (_, what) => {
    const fstab = `# /etc/fstab\nUUID=0 / ext4 defaults 0 1\n${what} /var/log ext4 defaults 0 2\n/dev/vda9 none swap sw 0 0\n`
    const { image, told } = open(
      disk(root('one', fstab), { files: { 'journal/x/system.journal': 'here' }, options: ['-L', 'logs', '-U', UUID] }),
    )
    expect(image.hosts).toHaveLength(1)
    const [host] = image.hosts
    expect(host && bytesOf(host.open('var/log/journal/x/system.journal')).toString()).toBe('here')
    expect(host?.list('var').map(({ name }) => name)).toEqual(['log'])
    expect(told).toBe('')
  })

  it('says which volume with logs is missing', () => {
    const { image, told } = open(disk(root('one', 'UUID=1234 /var ext4 defaults 0 2\n/dev/mapper/vg-x /srv xfs defaults 0 0\n')))
    expect(image.hosts).toHaveLength(1)
    expect(told).toBe('/var was on a volume of its own, UUID=1234, which is in none of the images given')
  })

  it('finds each of several systems', () => {
    const { image } = open(disk(root('one'), { files: { 'data/x': '' } }, root('two')))
    expect(image.hosts.map(({ label }) => label.replace(/^.*:/, ''))).toEqual(['p1', 'p3'])
    expect(image.loose.map(({ label }) => label.replace(/^.*:/, ''))).toEqual(['p2'])
  })

  it('takes a /var alone for what it is', () => {
    const { image } = open(disk({ files: { 'log/messages': 'here', 'lib/x/y': '' } }))
    expect(image.hosts[0] && bytesOf(image.hosts[0].open('var/log/messages')).toString()).toBe('here')
  })

  it('finds /var on the second of two disks', () => {
    const one = disk(root('one', '/dev/sdb1 /var ext4 defaults 0 2\n'))
    const two = disk({ files: { 'log/messages': 'here', 'lib/x/y': '' } })
    const { image, told } = open(one, two)
    expect(image.hosts).toHaveLength(1)
    expect(image.hosts[0] && bytesOf(image.hosts[0].open('var/log/messages')).toString()).toBe('here')
    expect(told).toBe('')
  })

  it.each([
    [
      'LUKS',
      0,
      'LUKS\xba\xbe',
      'a LUKS encrypted volume (its mark is at offset 1048576) is not read here; what opens it: cryptsetup open',
    ],
    ['BitLocker', 3, '-FVE-FS-', 'cryptsetup bitlkOpen'],
    ['btrfs', 0x10040, '_BHRfS_M', 'mount -o ro,rescue=all'],
    ['ZFS', 135168, '\x0c\xb1\xba\x00\x00\x00\x00\x00', 'zpool import -o readonly=on'],
    ['RAID', 4096, '\xfc\x4e\x2b\xa9', 'mdadm --assemble --readonly'],
  ])('names %s, where it lies, and what opens it', (_, at, mark, sentence) => {
    const volume = Buffer.alloc(8 * MIB)
    volume.write(mark, at, 'latin1')
    const { image } = open(disk(volume))
    expect(image.hosts).toEqual([])
    expect(image.contents[0]?.why).toContain(sentence)
  })
})
