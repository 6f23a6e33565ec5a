import { type BigIntStats, lstatSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { reasonOf } from '../../bytes/file.ts'
import { hostGlob } from '../../entries/host-glob.ts'
import type { ObjectFacts } from '../objects/object.ts'
import { nameOfPlace } from './name.ts'

/** Something somewhere below what the user named. */
interface Located {
  path: string
  /** Folders and name below what the user named; of what was named itself, its name. */
  below: string[]
}

/** A file, or a machine's root. */
export interface FoundFile extends Located {
  kind: 'file' | 'machine'
  stat: BigIntStats
}

/** An object in a store; its path is its URL. */
export interface FoundObject extends Located, ObjectFacts {
  kind: 'object'
  content: string
}

export type Found = FoundFile | FoundObject

/** A folder or file that could not be looked at. */
export interface Unread {
  path: string
  below: string[]
  kind: 'unread'
  reason: string
}

/** A pipe may wait for ever, and cannot be read a second time. */
const NO_FILE = 'is neither a file nor a folder: a fleet is looked at before it is read'

/** A host that sent nothing must not be missing among those of which nothing is known. */
const EMPTY = 'its folder is empty'

/** Marks of a machine's root, or of an unpacked sosreport: those are read as a whole, unit files and all. */
const MARKS = ['var/log', 'run/log/journal', 'sos_commands', 'etc/systemd/system', 'usr/lib/systemd/system']

/** Everything below the paths, in the order of names. No link is followed below them. */
export function* filesIn(paths: readonly string[]): Generator<FoundFile | Unread> {
  for (const named of paths) {
    for (const path of globbed(named)) {
      try {
        const stat = statSync(path, { bigint: true })
        if (stat.isFile()) yield { path, below: [basename(path)], kind: 'file', stat }
        else if (!stat.isDirectory()) yield { path, below: [basename(path)], kind: 'unread', reason: NO_FILE }
        else if (!(yield* inFolder({ path, below: [basename(path)], stat }, [])))
          yield { path, below: [basename(path)], kind: 'unread', reason: EMPTY }
      } catch (error) {
        yield { path, below: [basename(path)], kind: 'unread', reason: reasonOf(error) }
      }
    }
  }
}

/**
 * Answers whether there was anything.
 *
 * @param folder as it is yielded where it is a machine's root.
 */
function* inFolder(folder: Omit<FoundFile, 'kind'>, below: readonly string[]): Generator<FoundFile | Unread, boolean> {
  let names: string[]
  try {
    names = readdirSync(folder.path).sort()
  } catch (error) {
    yield { path: folder.path, below: [...below], kind: 'unread', reason: reasonOf(error) }
    return true
  }
  if (isMachine(folder.path, names)) {
    yield { ...folder, kind: 'machine' }
    return true
  }
  let any = false
  for (const name of names) {
    const path = join(folder.path, name)
    const inside = [...below, name]
    const stat = statusOf(path)
    if (typeof stat === 'string') yield { path, below: inside, kind: 'unread', reason: stat }
    else if (stat?.isFile()) yield { path, below: inside, kind: 'file', stat }
    else if (!stat?.isDirectory()) continue
    else if (!(yield* inFolder({ path, below: inside, stat }, inside))) {
      if (!isHosts(inside)) continue
      yield { path, below: inside, kind: 'unread', reason: EMPTY }
    }
    any = true
  }
  return any
}

/** Whether a folder is where a host's logs begin: it is the first whose name may be a host's. */
function isHosts(below: readonly string[]): boolean {
  const hostOf = (folders: readonly string[]): string => nameOfPlace([...folders, ''])
  return !/^(?:\.|lost\+found$)/.test(below.at(-1) ?? '') && hostOf(below) !== '' && hostOf(below.slice(0, -1)) === ''
}

/** The names in a folder may be read where what they name may not be looked at. */
function statusOf(path: string): BigIntStats | string | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false })
  } catch (error) {
    return reasonOf(error)
  }
}

/** Most folders have nothing of the kind in them, and are not asked further: of 100,000 hosts with a folder each that would be half a million calls. */
function isMachine(folder: string, names: readonly string[]): boolean {
  return MARKS.some(mark => {
    if (!names.includes(mark.replace(/\/.*/, ''))) return false
    try {
      return statSync(join(folder, mark), { throwIfNoEntry: false })?.isDirectory() === true
    } catch {
      return false
    }
  })
}

/** The shell expands globs; where one comes through (a quoted one in a cron line), it is expanded here. */
function globbed(path: string): string[] {
  if (!/[*?]/.test(path) || lstatSync(path, { throwIfNoEntry: false })) return [path]
  const found = matching(path)
  return found.length > 0 ? found : [path]
}

function matching(path: string): string[] {
  const folder = dirname(path)
  const folders = /[*?]/.test(folder) ? matching(folder) : [folder]
  const matches = hostGlob(basename(path))
  return folders.flatMap(each =>
    namesIn(each)
      .filter(matches)
      .map(name => join(each, name)),
  )
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}
