/** Journals and logs that were deleted from a disk, and lie in its unallocated space. */
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { FileSystem } from '../../src/bytes/image/file-system.ts'
import { bytesOf, memorySource } from '../../src/bytes/source.ts'
import { analyze } from '../../src/index.ts'
import { InputError } from '../../src/problems/problem.ts'
import { deletedText } from '../../src/where/deleted-text.ts'
import { chunksAt } from '../../src/where/image-files.ts'
import { placeIn } from '../../src/where/image-path.ts'
import { openImageAt } from '../../src/where/images.ts'
import { Unallocated } from '../../src/where/unallocated.ts'
import { run, scratch } from '../bytes/making.ts'

const fixtures = join(import.meta.dirname, '../../fixtures')
const work = scratch()
const EXT4 = join(work, 'ext4.raw')
const XFS = join(work, 'xfs.raw')
const JOURNAL = '/var/log/journal/268ae3548b56a99c6a24e2f5c955e9e6/system.journal'

beforeAll(() => {
  run('zstd', '-dqf', '--sparse', join(fixtures, 'images/ext4-dirty.raw.zst'), '-o', EXT4)
  run('zstd', '-dqf', '--sparse', join(fixtures, 'images/xfs-deleted.raw.zst'), '-o', XFS)
  // e2fsck ends with 1 where it mended something.
  run('sh', '-c', `e2fsck -fy ${EXT4} || true`)
  run('debugfs', '-w', '-R', `rm ${JOURNAL}`, EXT4)
})

describe('a disk whose journal was deleted', () => {
  it('tells the incident all the same, from where the journal lay', async () => {
    const without = await analyze([EXT4])
    expect(without.report.incidents).toEqual([])
    expect(without.report.coverage.images?.[0]?.unallocated).toBeUndefined()
    const { report, exitStatus } = await analyze([], { image: [EXT4], deleted: true })
    expect(report.incidents).toMatchObject([{ rule: 'alias-state-overwrite', outcome: 'froze', unit: 'rsyslog.service' }])
    expect(report.incidents[0]?.timeline[0]?.refs[0]?.input).toMatch(/ext4\.raw:deleted\/\d+\.journal$/)
    expect(report.coverage.images).toMatchObject([{ path: EXT4, unallocated: { found: 1, left: 0 } }])
    expect(exitStatus).toBe(1)
  })

  it('gives its bytes under a name that stays', async () => {
    const { image, deleted, search, close } = await openImageAt(XFS, { deleted: true })
    await search()
    const text = deletedText(deleted[0] ?? expect.fail('nothing was searched'))
    expect(text).toContain(
      `${XFS}:deleted/1912832.journal  8 MiB   journal, in one piece, 198 entries until 2026-11-24 01:48:29 UTC\n`,
    )
    expect(text).toContain('text: Nov 24 01:45:41 host systemd[1]: Reloading 1.\n')
    const journal = Buffer.concat([...chunksAt(placeIn(image, 'deleted/1912832.journal'))])
    run('zstd', '-dqf', join(fixtures, 'journals/healthy-262.journal.zst'), '-o', join(work, 'was.journal'))
    expect(journal.equals(readFileSync(join(work, 'was.journal')))).toBe(true)
    const [, log = ''] = /deleted\/(\d+\.log)/.exec(text) ?? []
    const lines = Buffer.concat([...chunksAt(placeIn(image, `deleted/${log}`))]).toString()
    expect(lines).toBe(
      Array.from({ length: 300 }, (_, nth) => `Nov 24 01:45:41 host systemd[1]: Reloading ${nth + 1}.\n`).join(''),
    )
    expect(() => placeIn(image, 'deleted/1.journal').root.tree.open('deleted/1.journal')).toThrow('no such file')
    close()
  })

  it('says what it did not look at', async () => {
    const { report, exitStatus, complaints } = await analyze([XFS], { deleted: true, maxExpanded: 2 ** 21 })
    const { searched = 0, left = 0 } = report.coverage.images?.[0]?.unallocated ?? {}
    expect(searched).toBeGreaterThanOrEqual(2 ** 21)
    expect(left).toBeGreaterThan(2 ** 27)
    expect(complaints.join()).toContain(`${left} bytes of its unallocated space were not searched for deleted logs`)
    expect(exitStatus).not.toBe(0)
  })

  it('is not searched where the file system never used its space', async () => {
    const { report } = await analyze([EXT4], { deleted: true })
    const { neverUsed = 0, searched = 0 } = report.coverage.images?.[0]?.unallocated ?? {}
    expect(neverUsed).toBe(64 * 2 ** 20)
    expect(searched).toBeLessThan(32 * 2 ** 20)
  })
})

describe('a volume of its own under /var', () => {
  it('has its deleted files among its own', async () => {
    const disk = join(work, 'two.raw')
    run('truncate', '-s', '330M', disk)
    run('sgdisk', '-o', '-n', '1:2048:+4M', '-n', '2:16384:+320M', disk)
    const root = join(work, 'root.raw')
    run('truncate', '-s', '4M', root)
    run('mkdir', '-p', join(work, 'root/etc'), join(work, 'root/var'))
    writeFileSync(join(work, 'root/etc/fstab'), 'UUID=11111111-2222-3333-4444-555555555555 /var xfs defaults 0 0\n')
    run('mke2fs', '-q', '-F', '-d', join(work, 'root'), root)
    run('dd', `if=${root}`, `of=${disk}`, 'bs=1M', 'seek=1', 'conv=notrunc', 'status=none')
    run('dd', `if=${XFS}`, `of=${disk}`, 'bs=1M', 'seek=8', 'conv=notrunc,sparse', 'status=none')
    const { report } = await analyze([disk], { deleted: true })
    const inputs = report.inputs.map(({ path, entries }) => `${path.slice(disk.length)} ${entries}`)
    expect(inputs).toContain(':p2:deleted/1912832.journal 198')
  })
})

/** A file system of nothing but free space, with these blocks in it. */
function space(...blocks: Buffer[]): Unallocated {
  const source = memorySource(Buffer.concat(blocks))
  const free = [{ from: 0, size: source.size, neverUsed: false }]
  // The search asks for nothing else of a file system.
  const search = new Unallocated({ source, blockSize: 4096, free: () => free } as unknown as FileSystem, 2 ** 30)
  for (const _ of search.search()) void _
  return search
}

function block(text: string): Buffer {
  const bytes = Buffer.alloc(4096)
  bytes.write(text)
  return bytes
}

/** So many blocks, full to the last byte. */
function full(line: string, blocks: number): Buffer {
  return Buffer.from(line.repeat(Math.ceil((4096 * blocks) / line.length)).slice(0, 4096 * blocks))
}

const LINE = 'Nov 24 01:45:41 host systemd[1]: Reloading.\n'
const EMPTY = Buffer.alloc(4096)

describe('text in unallocated space', () => {
  it.each([
    ['a log', full(LINE, 3), [[4096, 3 * 4096]]],
    ['a log with its end', Buffer.concat([full(LINE, 1), block(LINE.repeat(3))]), [[4096, 4096 + 3 * LINE.length]]],
    [
      'two logs side by side',
      Buffer.concat([block(LINE), block(LINE)]),
      [
        [4096, LINE.length],
        [8192, LINE.length],
      ],
    ],
    ['a log from the middle of a line on', full(LINE, 2).subarray(20), [[4096, 2 * 4096 - 20]]],
    ['lines of JSON', block('{"__REALTIME_TIMESTAMP":"1732412741000000","MESSAGE":"x","_PID":"1"}\n'.repeat(9)), [[4096, 621]]],
    ['a source text', full('import { x } from "y"\nexport const a = (b) => c[d] // e\n', 2), []],
    ['a page of the web', full('<p>In March 2026 the host was down.</p>\n', 2), []],
    ['a table', full('1,2,3,4\n', 2), []],
    ['noise', Buffer.from(Uint8Array.from({ length: 8192 }, (_, nth) => (nth * nth * 31) % 251)), []],
  ])('%s', (_, bytes, wanted) => {
    const padded = Buffer.concat([bytes, Buffer.alloc((4096 - (bytes.length % 4096)) % 4096)])
    const { found } = space(EMPTY, padded, EMPTY)
    expect(found.map(({ from, size }) => [from, size])).toEqual(wanted)
  })
})

it('what cannot be read is passed over, and counted', () => {
  const whole = memorySource(Buffer.concat([EMPTY, EMPTY, block(LINE)]))
  const source = {
    ...whole,
    read: (offset: number, target: Uint8Array) => {
      if (offset < 8192) throw new InputError(`byte ${offset}: input/output error`)
      return whole.read(offset, target)
    },
  }
  const free = [0, 8192].map(from => ({ from, size: 4096, neverUsed: false }))
  // The search asks for nothing else of a file system.
  const search = new Unallocated({ source, blockSize: 4096, free: () => free } as unknown as FileSystem, 2 ** 30)
  for (const _ of search.search()) void _
  expect(search.found.map(({ from }) => from)).toEqual([8192])
  expect(search).toMatchObject({ unreadable: 4096, fault: 'byte 0: input/output error' })
})

describe('a journal in unallocated space', () => {
  const journal = (): Buffer => {
    run('zstd', '-dqf', join(fixtures, 'journals/healthy-262.journal.zst'), '-o', join(work, 'a.journal'))
    return readFileSync(join(work, 'a.journal'))
  }

  it('ends where another one begins, or the space does', () => {
    const bytes = journal()
    const { found } = space(EMPTY, bytes.subarray(0, 40_960), bytes, EMPTY)
    expect(found.map(({ from, size, whole }) => [from, size, whole])).toEqual([
      [4096, 40_960, bytes.length],
      [45_056, bytes.length, bytes.length],
    ])
    expect(space(bytes.subarray(0, 8192)).found).toMatchObject([{ size: 8192, whole: bytes.length, entries: 198 }])
  })

  it('hides no log behind it', () => {
    expect(space(journal(), block(LINE)).found.map(({ kind }) => kind)).toEqual(['journal', 'log'])
  })
})

it('an image that ends early is searched up to there', async () => {
  const cut = join(work, 'cut.raw')
  copyFileSync(XFS, cut)
  truncateSync(cut, 200 * 2 ** 20)
  const { image, search, deleted, close } = await openImageAt(cut, { deleted: true })
  await search()
  expect(deleted[0]?.remnants.map(({ from }) => from)).toEqual([1912832])
  const found = image.contents[0]?.fileSystem?.tree.open('deleted/1912832.journal')
  expect(found && bytesOf(found).length).toBe(8 * 2 ** 20)
  close()
})
