import { existsSync } from 'node:fs'
import type { Contents, Image } from '../bytes/image/image.ts'
import type { Tree } from '../bytes/tree.ts'
import { UsageError } from '../problems/problem.ts'
import { Root } from './root.ts'

/** `disk.qcow2:p2:var/log`, as reports write it: the image, which ends at the last colon where a file's name does; what follows it. */
export function splitImagePath(given: string): { file: string; inside: string | null } {
  if (existsSync(given)) return { file: given, inside: null }
  for (let at = given.lastIndexOf(':'); at > 0; at = given.lastIndexOf(':', at - 1)) {
    if (existsSync(given.slice(0, at))) return { file: given.slice(0, at), inside: given.slice(at + 1) }
  }
  return { file: given, inside: null }
}

/** A place in an image: a path in the root of one of its machines, or in one of its volumes. */
export interface Place {
  root: Root
  path: string
}

/** What `inside` names: `VOLUME:PATH`, `VOLUME`, or `PATH` where there is one machine. @throws UsageError */
export function placeIn(image: Image, inside: string): Place {
  const volume = image.contents.find(({ volume: { name } }) => name !== '' && (inside === name || inside.startsWith(`${name}:`)))
  if (volume) return { root: new Root(treeOf(volume, image), ''), path: trimmed(inside.slice(volume.volume.name.length + 1)) }
  const trees = image.hosts.length > 0 ? image.hosts : image.loose
  const [tree] = trees
  if (!tree) throw new UsageError('nothing in it can be read; inquest image ls IMAGE tells what it holds')
  if (trees.length > 1) throw new UsageError(`it holds several: name one of ${trees.map(({ label }) => label).join(', ')}`)
  return { root: new Root(tree, ''), path: trimmed(inside) }
}

/** A machine's root is shown with its other volumes in their places. */
function treeOf({ fileSystem, label, why, kind }: Contents, image: Image): Tree {
  const tree = image.hosts.find(host => host.label === label) ?? fileSystem?.tree
  if (!tree) throw new UsageError(`${label}: ${why ?? `${kind}, which holds no files that can be read here`}`)
  return tree
}

function trimmed(path: string): string {
  return path.split('/').filter(Boolean).join('/')
}
