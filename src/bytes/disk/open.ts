import { readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, resolve, sep } from 'node:path'
import { InputError, type Problem } from '../../problems/problem.ts'
import { once } from '../once.ts'
import { type ByteSource, fileSource } from '../source.ts'
import { type DiskForm, HEAD, type Surroundings } from './form.ts'
import { diskForms } from './registry.ts'

/** Where images that another image names may lie, beside its own folder. */
export interface Allowed {
  backing: readonly string[]
  /** Opens one of them, for whoever wants to know which were. @throws InputError */
  open?(path: string): ByteSource
}

/** A disk, taken out of whatever image keeps it. */
export interface Disk {
  /** The image's form; 'raw' where it is the disk itself. */
  form: string
  source: ByteSource
}

/** More images than this, one on the other, is a circle. */
const DEEPEST = 64

/** The form of an image by its content; null for a disk itself, and for anything that is no disk. */
export function sniffDisk(image: ByteSource): DiskForm | null {
  const head = Buffer.alloc(HEAD)
  const shown = head.subarray(0, image.read(0, head))
  return diskForms.find(form => form.sniff(shown, image)) ?? null
}

/**
 * The disk in an image. `path` is where the image lies, null where it is no file of its own: then nothing it names is looked for.
 *
 * @throws InputError where nothing of it can be read.
 */
export function openDisk(image: ByteSource, path: string | null, allowed: Allowed, tell: (problem: Problem) => void): Disk {
  return opened(image, path, allowed, once('the image', tell), 0)
}

function opened(image: ByteSource, path: string | null, allowed: Allowed, tell: (problem: Problem) => void, depth: number): Disk {
  const form = sniffDisk(image)
  if (!form) return { form: 'raw', source: image }
  const openFile = allowed.open ?? fileSource
  const around: Surroundings = {
    tell,
    file: name => openFile(placeOf(name, path, allowed, tell)),
    names: () => (path === null ? [] : foldersOf(path, allowed).flatMap(namesIn)),
    disk: (name, raw) => {
      if (depth >= DEEPEST) throw new InputError(`images that stand on each other, ${DEEPEST} deep: a circle`)
      const place = placeOf(name, path, allowed, tell)
      const below = openFile(place)
      return raw ? below : opened(below, place, allowed, tell, depth + 1).source
    },
  }
  return { form: form.name, source: form.open(image, around) }
}

/** Where a file that an image names really lies: in the image's folder, or in one that is allowed. Images come from strangers. */
function placeOf(name: string, path: string | null, allowed: Allowed, tell: (problem: Problem) => void): string {
  if (path === null) throw new InputError(`the image stands on ${name}, which cannot be looked for from inside another file`)
  const folder = dirname(realpathSync(path))
  const folders = foldersOf(path, allowed)
  const named = realOf(resolve(folder, name.replace(/^file:/, '')))
  // Images are copied away from the folders they name: then what lies beside them has the same name.
  const beside = named ? null : (folders.map(one => realOf(resolve(one, basename(name)))).find(place => place !== null) ?? null)
  const place = named ?? beside
  if (place === null) throw new InputError(`the image stands on ${name}, which is not there`)
  if (!folders.some(one => place.startsWith(one.endsWith(sep) ? one : one + sep))) {
    throw new InputError(`the image stands on ${name}, outside its folder: if that is meant, --allow-backing ${dirname(place)}`)
  }
  if (!statSync(place).isFile()) throw new InputError(`the image stands on ${name}, which is no file`)
  if (beside) tell({ message: `the image stands on ${name}, which is not there: ${place} was taken for it` })
  return place
}

/** The image's own folder, and those that are allowed. */
function foldersOf(path: string, allowed: Allowed): string[] {
  return [dirname(realpathSync(path)), ...allowed.backing.map(realOf)].filter(one => one !== null)
}

const MOST_NAMES = 10_000

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort().slice(0, MOST_NAMES)
  } catch {
    // Whose names cannot be had is as good as empty: what is looked for is not found, and told.
    return []
  }
}

function realOf(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}
