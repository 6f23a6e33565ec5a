import type { ByteSource } from '../../../src/bytes/source.ts'
import type { Tree } from '../../../src/bytes/tree.ts'
import { isLink, type Names } from './made.ts'

/** All of a file, in pieces of a size that no block has. */
export function contentOf(source: ByteSource, most = source.size): Buffer {
  const bytes = Buffer.alloc(Math.min(source.size, most))
  for (let at = 0; at < bytes.length; ) {
    const done = source.read(at, bytes.subarray(at, at + 99_991))
    if (done === 0) return bytes.subarray(0, at)
    at += done
  }
  return bytes
}

/** Every file and link of a tree by its path: bytes, a link's text, or that it is a directory or something else. */
export function everything(tree: Tree, path = '', found = new Map<string, Buffer | string>()): Map<string, Buffer | string> {
  for (const { name, kind } of tree.list(path)) {
    const below = path === '' ? name : `${path}/${name}`
    if (kind === 'file') found.set(below, contentOf(tree.open(below)))
    else found.set(below, kind === 'link' ? `-> ${tree.readlink(below)}` : kind)
    if (kind === 'directory') everything(tree, below, found)
  }
  return found
}

/** The same of what went into an image. */
export function expected(names: Names, path = '', found = new Map<string, Buffer | string>()): Map<string, Buffer | string> {
  for (const [name, sample] of Object.entries(names)) {
    const below = path === '' ? name : `${path}/${name}`
    if (Buffer.isBuffer(sample)) found.set(below, sample)
    else if (isLink(sample)) found.set(below, `-> ${sample.to}`)
    else {
      found.set(below, 'directory')
      expected(sample, below, found)
    }
  }
  return found
}

/** What differs, so that a failure names it and does not print megabytes. */
export function differences(got: Map<string, Buffer | string>, want: Map<string, Buffer | string>): string[] {
  const paths = [...new Set([...got.keys(), ...want.keys()])].sort()
  return paths.filter(path => {
    const [a, b] = [got.get(path), want.get(path)]
    return Buffer.isBuffer(a) && Buffer.isBuffer(b) ? !a.equals(b) : a !== b
  })
}
