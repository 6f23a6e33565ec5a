import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inquest } from './command.ts'

const disk = join(import.meta.dirname, '../../fixtures/images/gpt.qcow2')

test('inquest image ls, of a disk and of a directory', () => {
  const { status, out, err } = inquest(['image', 'ls', disk])
  expect([status, err]).toEqual([0, ''])
  expect(out).toMatch(/^qcow2 image\np1 {2}a FAT file system/)
  expect(inquest(['image', 'ls', `${disk}:p2:etc`]).out).toContain('fstab\n')
})

test('inquest image cat', () => {
  expect(inquest(['image', 'cat', `${disk}:etc/fstab`])).toMatchObject({
    status: 0,
    out: '/dev/vda / ext4 defaults 0 1\n',
    err: '',
  })
})

test('inquest image ls --deleted, and what it names', () => {
  const deleted = join(import.meta.dirname, '../../fixtures/images/xfs-deleted.raw.zst')
  const { status, out, err } = inquest(['image', 'ls', '--deleted', deleted])
  expect([status, err]).toEqual([0, ''])
  expect(out).toContain(`${deleted}:deleted/1912832.journal  8 MiB   journal, in one piece, 198 entries`)
  const [, log = ''] = /:(deleted\/\d+\.log)/.exec(out) ?? []
  const shown = inquest(['image', 'cat', '--deleted', `${deleted}:${log}`])
  expect(shown.out.split('\n')).toHaveLength(301)
  expect(inquest(['image', 'cat', `${deleted}:${log}`])).toMatchObject({ status: 2, out: '' })
})

test('inquest image extract, into a new folder only', () => {
  const work = mkdtempSync(join(tmpdir(), 'inquest-image-'))
  const folder = join(work, 'etc')
  expect(inquest(['image', 'extract', `${disk}:etc`, folder]).status).toBe(0)
  expect(readFileSync(join(folder, 'hostname'), 'utf8')).toBe('host-9762\n')
  const again = inquest(['image', 'extract', `${disk}:etc`, folder])
  expect([again.status, again.err]).toEqual([2, expect.stringContaining('is there already; a new folder is wanted')])
  rmSync(work, { recursive: true })
})

test('says in a sentence what is not there, or no disk', () => {
  for (const [given, sentence] of [
    [`${disk}:no/where`, 'no such file'],
    [`${disk}:p1:x`, 'holds no files that can be read here'],
    [join(import.meta.dirname, 'image.test.ts'), 'is no disk, and no image of one'],
    ['nowhere.qcow2', 'nowhere.qcow2'],
  ] as const) {
    const { status, out, err } = inquest(['image', 'ls', given])
    expect([status, out, err]).toEqual([2, '', expect.stringContaining(sentence)])
    expect(err).not.toContain('fault of inquest')
  }
})
