/** XFS images made by mkfs.xfs from a prototype file (mkfs.xfs(8), -p), and what went into them. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A tree by its names: text or bytes are a file, `{ to }` is a link, an object of names is a directory. */
export type Sample = Buffer | { to: string } | Names
export interface Names {
  [name: string]: Sample
}

export const isLink = (sample: Sample): sample is { to: string } => !Buffer.isBuffer(sample) && typeof sample.to === 'string'

/** A directory that goes away with the tests. */
export const scratch = mkdtempSync(join(tmpdir(), 'inquest-xfs-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

/**
 * mkfs.xfs since 6.0 refuses less than 300 MB and logs under 64 MB, but for file systems that are made to be tested: it knows those by the
 * variables that its own test suite sets (xfsprogs mkfs/xfs_mkfs.c, validate_supported).
 */
const FOR_TESTS = { TEST_DIR: '/', TEST_DEV: '/', QA_CHECK_FS: '1' }

/** Of xfsprogs. */
const MKFS = 'mkfs.xfs'

let count = 0

/** Returns the image's path. */
export function makeImage(options: readonly string[], names: Names, megabytes = 64): string {
  const image = join(scratch, `${count++}.raw`)
  const prototype = `${image}.proto`
  writeFileSync(image, '')
  truncateSync(image, megabytes * 2 ** 20)
  writeFileSync(prototype, ['-', '0 0', 'd--755 0 0', ...described(names), ''].join('\n'))
  execFileSync(MKFS, ['-q', '-f', '-p', prototype, ...options, image], {
    env: { ...process.env, ...FOR_TESTS },
    stdio: 'pipe',
  })
  return image
}

function described(names: Names): string[] {
  const lines = Object.entries(names).flatMap(([name, sample]) => {
    if (isLink(sample)) return [`${name} l--777 0 0 ${sample.to}`]
    if (!Buffer.isBuffer(sample)) return [`${name} d--755 0 0`, ...described(sample)]
    return [`${name} ---644 0 0 ${stored(sample)}`]
  })
  return [...lines, '$']
}

const files = new Map<string, string>()

/** mkfs copies a file's content from a file; equal contents share one. */
function stored(bytes: Buffer): string {
  const key = bytes.toString('latin1')
  const known = files.get(key)
  if (known) return known
  const path = join(scratch, `content-${files.size}`)
  writeFileSync(path, bytes)
  files.set(key, path)
  return path
}

/** Bytes that look like nothing else and are the same on every machine. */
export function noise(size: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(size)
  let value = seed * 2654435761 + 1
  for (let at = 0; at < size; at++) {
    value = (Math.imul(value, 1664525) + 1013904223) >>> 0
    bytes[at] = value >>> 24
  }
  return bytes
}

/** Long names, deep directories, directories of every form that so many names take, files of many sizes. */
export function sampleTree(most: number): Names {
  const many = (count: number, length: number): Names =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `${at}-`.padEnd(length, 'name'),
        noise([0, 1, 511, 4096, 9000][at % 5] ?? 0, at % 7),
      ]),
    )
  const deep = Array.from({ length: 40 }).reduce<Names>(names => ({ [`deeper-${'x'.repeat(20)}`]: names }), { bottom: noise(77) })
  return {
    empty: {},
    one: { file: Buffer.from('alone') },
    short: many(4, 6),
    block: many(40, 20),
    leaf: many(Math.floor(most / 8), 60),
    node: many(most, 30),
    long: many(20, 255),
    deep,
    large: noise(3_000_000),
    link: { to: 'one/file' },
    'link-far': { to: '../'.repeat(30) },
  }
}
