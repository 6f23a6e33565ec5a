import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '../bytes/file.ts'
import { bytesOfName } from '../bytes/tree.ts'
import { plain } from '../problems/frame.ts'
import { InputError, UsageError } from '../problems/problem.ts'
import type { Place } from './image-path.ts'
import type { Real, Root } from './root.ts'

const CHUNK = 1 << 20
const DEEPEST = 200

/** A file's bytes, links followed inside the root. @throws InputError */
export function* chunksAt({ root, path }: Place): Generator<Uint8Array> {
  const found = root.real(path)
  if (!found) throw new InputError(`${root.tree.label}:${path}: no such file`)
  yield* chunksOf(root, found)
}

function* chunksOf(root: Root, { path }: Real): Generator<Uint8Array> {
  const source = root.tree.open(path)
  try {
    for (let at = 0; at < source.size; at += CHUNK) {
      const bytes = new Uint8Array(Math.min(CHUNK, source.size - at))
      yield bytes.subarray(0, source.read(at, bytes))
    }
  } finally {
    source.close()
  }
}

/**
 * Copies what lies there into a folder that is not there yet, and tells each file. Links and devices are not made: an image is a stranger's,
 * and a link may lead anywhere. Every file is new, and its owner's alone.
 */
export function* extract({ root, path }: Place, folder: string): Generator<string> {
  const found = root.real(path)
  if (!found) throw new InputError(`${root.tree.label}:${path}: no such file`)
  if (existsSync(folder)) throw new UsageError(`${folder} is there already; a new folder is wanted`)
  if (found.entry.kind === 'directory') yield* copyDirectory(root, found.path, folder, 0)
  else {
    make(folder)
    yield copyFile(root, found.path, folder, found.entry.name)
  }
}

function* copyDirectory(root: Root, path: string, folder: string, depth: number): Generator<string> {
  make(folder)
  for (const { name, kind } of root.tree.list(path)) {
    const inside = path === '' ? name : `${path}/${name}`
    if (kind === 'file') yield copyFile(root, inside, folder, name)
    else if (kind === 'directory' && depth < DEEPEST) yield* copyDirectory(root, inside, join(folder, safeName(name)), depth + 1)
    else yield `not copied (${kind === 'directory' ? 'too deep' : kind}): ${plain(inside)}\n`
  }
}

function copyFile(root: Root, path: string, folder: string, name: string): string {
  const place = Buffer.concat([Buffer.from(`${folder}/`), bytesOfName(safeName(name))])
  try {
    const fd = openSync(place, 'wx', 0o600)
    try {
      for (const chunk of chunksOf(root, { path, entry: { name, kind: 'file', size: 0, mtime: null } })) {
        for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done)
      }
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if (error instanceof InputError) return `not copied: ${plain(error.message)}\n`
    throw new InputError(`${place}: ${reasonOf(error)}`)
  }
  return `${plain(path)}\n`
}

function make(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new InputError(`${folder}: ${reasonOf(error)}`)
  }
}

/** No name of a file system holds a slash; one that leads upwards stays what it is, a name. */
function safeName(name: string): string {
  return name === '..' || name === '.' || name.includes('/') || name.includes('\0') ? name.replace(/[./\0]/g, '_') : name
}
