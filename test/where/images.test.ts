import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { bytesOf } from '../../src/bytes/source.ts'
import { analyze } from '../../src/index.ts'
import { InputError } from '../../src/problems/problem.ts'
import { chunksAt, extract } from '../../src/where/image-files.ts'
import { placeIn, splitImagePath } from '../../src/where/image-path.ts'
import { directoryText, diskText } from '../../src/where/image-text.ts'
import { openImageAt, openImages } from '../../src/where/images.ts'
import { run, scratch } from '../bytes/making.ts'

const fixtures = join(import.meta.dirname, '../../fixtures/images')
const work = scratch()
const GPT = join(fixtures, 'gpt.qcow2')
const LVM = join(fixtures, 'lvm.vmdk')

async function text(given: string): Promise<string> {
  const { file, inside } = splitImagePath(given)
  const images = await openImages([file])
  try {
    return Buffer.concat([...chunksAt(placeIn(images.image, inside ?? ''))]).toString()
  } finally {
    images.close()
  }
}

describe('a disk among the logs', () => {
  it.each([
    ['qcow2', GPT, `${GPT}:p2:`],
    ['vmdk', LVM, `${LVM}:vg0/root:`],
    ['packed', join(fixtures, 'ext4-dirty.raw.zst'), `${join(fixtures, 'ext4-dirty.raw.zst')}:`],
  ])('%s: gives the incident of its machine, with its place as origin', async (_, path, origin) => {
    const { report, exitStatus } = await analyze([path])
    expect(report.incidents).toMatchObject([
      { rule: 'alias-state-overwrite', outcome: 'froze', unit: 'rsyslog.service', alias: 'syslog.service' },
    ])
    expect(report.inputs[0]?.path).toBe(`${origin}var/log/journal/268ae3548b56a99c6a24e2f5c955e9e6/system.journal`)
    expect(exitStatus).toBe(1)
  })

  it('gives the same report as the mounted root does', async () => {
    const root = join(work, 'root')
    const images = await openImages([GPT])
    for (const _ of extract(placeIn(images.image, ''), root)) void _
    images.close()
    const [one, other] = [await analyze([GPT]), await analyze([], { root })]
    expect(one.report.incidents.map(({ id }) => id)).toEqual(other.report.incidents.map(({ id }) => id))
  })

  it('takes a text for a text, whatever its name', async () => {
    const path = join(work, 'text.qcow2')
    writeFileSync(path, 'Nov 24 01:45:41 host systemd[1]: Reloading.\n')
    const { report } = await analyze([path])
    expect(report.inputs).toMatchObject([{ entries: 1, complete: true }])
    await expect(openImageAt(path)).rejects.toThrow('is no disk, and no image of one')
    const called = await analyze([], { image: [path] })
    expect(called.complaints).toEqual([`${path}: is no disk, and no image of one; without --image it is read as what it is`])
    expect(called.exitStatus).toBe(2)
  })

  describe('that somebody writes to while it is read', () => {
    const running = join(work, 'running.raw')
    beforeAll(() => {
      const root = join(work, 'running')
      mkdirSync(join(root, 'var/log'), { recursive: true })
      writeFileSync(join(root, 'var/log/messages'), 'Nov 24 01:45:41 host systemd[1]: Reloading.\n'.repeat(8000))
      run('truncate', '-s', '16M', running)
      run('mke2fs', '-q', '-F', '-d', root, running)
    })

    it('says so, and proves nothing', async () => {
      let written = false
      const write = (): void => {
        if (written) return
        written = true
        const fd = openSync(running, 'r+')
        writeSync(fd, 'x', 15 * 2 ** 20)
        closeSync(fd)
        utimesSync(running, 1, 1)
      }
      const { report, exitStatus, complaints } = await analyze([], { image: [running], progress: write })
      expect(written).toBe(true)
      expect(complaints).toEqual([
        `${running}: was written to while it was read, as a running machine does: what was read may be from two moments; stop the machine, or read a snapshot`,
      ])
      expect(report.inputs.map(({ entries }) => entries)).toEqual([8000, 0])
      expect(exitStatus).toBe(3)
      expect((await analyze([running])).complaints).toEqual([])
    })

    it('survives it, wherever the blows fall', async () => {
      const script = `const fs = require('fs'); const fd = fs.openSync(${JSON.stringify(running)}, 'r+'); const bytes = Buffer.alloc(512); console.log('at it')
        for (;;) { bytes.fill(Math.random() * 256); fs.writeSync(fd, bytes, 0, 512, Math.floor(Math.random() * 32768) * 512) }`
      const writer = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
      await once(writer.stdout, 'data')
      try {
        for (let round = 0; round < 10; round++) {
          const { exitStatus, complaints } = await analyze([], { image: [running] })
          expect([1, 2, 3]).toContain(exitStatus)
          expect(complaints.length).toBeGreaterThan(0)
        }
      } finally {
        writer.kill('SIGKILL')
      }
    })
  })

  it('names what cannot be read: status 3, for nothing is proven', async () => {
    const path = join(work, 'luks.img')
    writeFileSync(path, Buffer.concat([Buffer.from('LUKS\xba\xbe\0\x02', 'latin1'), Buffer.alloc(2 ** 20)]))
    const { exitStatus, complaints } = await analyze([path])
    expect(exitStatus).toBe(3)
    expect(complaints.join()).toContain(
      'a LUKS encrypted volume (its mark is at offset 0) is not read here; what opens it: cryptsetup open',
    )
  })

  it('reads an image in a folder and in a tar like one by itself', async () => {
    const folder = join(work, 'folder')
    mkdirSync(folder)
    copyFileSync(LVM, join(folder, 'disk.vmdk'))
    execFileSync('tar', ['-cf', join(work, 'disks.tar'), '-C', folder, 'disk.vmdk'])
    for (const path of [folder, join(work, 'disks.tar')]) {
      const { report } = await analyze([path])
      expect(report.incidents.map(({ outcome }) => outcome)).toEqual(['froze'])
    }
  })

  it('joins the disks of one machine, packed as they are, and names each file by its own disk', async () => {
    const parts = { root: 'UUID=8a01d3b1-1356-415f-9af8-b3b406dde7db /var ext4 defaults 0 0\n', var: '' }
    for (const [name, fstab] of Object.entries(parts)) {
      const folder = join(work, `two-${name}`)
      mkdirSync(join(folder, name === 'root' ? 'etc' : 'log'), { recursive: true })
      if (name === 'root') writeFileSync(join(folder, 'etc/fstab'), fstab)
      else writeFileSync(join(folder, 'log/messages'), 'Nov 24 01:45:41 host systemd[1]: Reloading.\n')
      const disk = join(work, `${name}.raw`)
      run('truncate', '-s', '4M', disk)
      run('mke2fs', '-q', '-F', '-d', folder, ...(name === 'var' ? ['-U', '8a01d3b1-1356-415f-9af8-b3b406dde7db'] : []), disk)
    }
    run('gzip', '-9', join(work, 'root.raw'))
    run('zstd', '-q', join(work, 'var.raw'))
    const disks = [join(work, 'root.raw.gz'), join(work, 'var.raw.zst')]
    const { report, complaints } = await analyze(disks)
    expect(complaints).toEqual([])
    expect(report.inputs.map(({ path, entries }) => [path, entries])).toEqual([[`${disks[1]}:log/messages`, 1]])
    expect(report.coverage.images?.map(({ path }) => path)).toEqual(disks)
  })

  it('keeps clones of a machine apart', async () => {
    const clone = join(work, 'clone.vmdk')
    copyFileSync(LVM, clone)
    const { report } = await analyze([LVM, clone])
    const journals = report.inputs
      .filter(({ path }) => path.endsWith('system.journal'))
      .map(({ path }) => path.replace(/:.*/, ''))
    expect(journals).toEqual([LVM, clone])
  })

  it('is read no more than three times what its logs hold, however large it is', async () => {
    const root = join(work, 'large')
    mkdirSync(join(root, 'var/log'), { recursive: true })
    writeFileSync(join(root, 'var/log/messages'), 'Nov 24 01:45:41 host systemd[1]: Reloading.\n'.repeat(50_000))
    const path = join(work, 'large.raw')
    run('truncate', '-s', '2G', path)
    run('mke2fs', '-q', '-F', '-t', 'ext4', '-d', root, path)
    const { report } = await analyze([path])
    const [{ read, size } = { read: 0, size: 0 }] = report.coverage.images ?? []
    expect(size).toBe(2 ** 31)
    const logs = report.inputs.reduce((sum, input) => sum + input.bytes, 0)
    expect(logs).toBeGreaterThan(2 * 2 ** 20)
    expect(read).toBeGreaterThanOrEqual(logs)
    expect(read).toBeLessThan(3 * logs)
  })

  it('never writes to an image', async () => {
    const [bytes, time] = [readFileSync(GPT), statSync(GPT).mtimeMs]
    await analyze([GPT])
    expect(readFileSync(GPT).equals(bytes)).toBe(true)
    expect(statSync(GPT).mtimeMs).toBe(time)
  })
})

describe('the files inside an image', () => {
  it('finds the image in what is given', () => {
    expect(splitImagePath(GPT)).toEqual({ file: GPT, inside: null })
    expect(splitImagePath(`${GPT}:p2:etc/fstab`)).toEqual({ file: GPT, inside: 'p2:etc/fstab' })
    const odd = join(work, 'with:colon.raw')
    writeFileSync(odd, '')
    expect(splitImagePath(`${odd}:var`)).toEqual({ file: odd, inside: 'var' })
    expect(splitImagePath('nowhere:var')).toEqual({ file: 'nowhere:var', inside: null })
  })

  it('lists volumes and directories', async () => {
    const { image, close } = await openImages([GPT])
    const disk = diskText(image)
    expect(disk).toMatch(/^qcow2 image\np1 {2}a FAT file system +24 MiB/)
    expect(disk).toContain(
      'root of a machine, label root, UUID 8a01d3b1-1356-415f-9af8-b3b406dde7db, was not unmounted: 3 transactions',
    )
    expect(directoryText(placeIn(image, 'var/log'))).toMatch(
      /^- +0 2026-11-24 02:50:36 cloud-init-output.log\nd +- 2026-11-24 02:50:36 journal\n/,
    )
    expect(() => directoryText(placeIn(image, 'no/where'))).toThrow(InputError)
    expect(() => placeIn(image, 'p1:x')).toThrow('a FAT file system, which holds no files that can be read here')
    close()
  })

  it('prints a file, links followed inside the root', async () => {
    expect(await text(`${GPT}:etc/fstab`)).toBe('/dev/vda / ext4 defaults 0 1\n')
    expect(await text(`${LVM}:vg0/root:/etc/hostname`)).toBe('host-9762\n')
    const { image, close } = await openImages([GPT])
    const link = image.hosts[0]?.readlink('etc/os-release')
    expect(link).toMatch(/usr\/lib\/os-release$/)
    close()
  })

  it('copies files into a new folder, and makes no links', async () => {
    const { image, close } = await openImages([LVM])
    const folder = join(work, 'copied')
    const told = [...extract(placeIn(image, 'etc'), folder)].join('')
    expect(told).toContain('etc/fstab\n')
    expect(told).toContain('not copied (link): etc/os-release')
    expect(readdirSync(folder)).toContain('fstab')
    expect(statSync(join(folder, 'fstab')).mode & 0o777).toBe(0o600)
    const fstab = image.hosts[0]?.open('etc/fstab')
    expect(fstab && readFileSync(join(folder, 'fstab')).equals(bytesOf(fstab))).toBe(true)
    expect(() => [...extract(placeIn(image, 'etc'), folder)]).toThrow('is there already')
    close()
  })
})
