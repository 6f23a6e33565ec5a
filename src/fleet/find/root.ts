import { createHash, type Hash } from 'node:crypto'
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '../../bytes/file.ts'
import { fileTree } from '../../bytes/file-tree.ts'
import { Root } from '../../where/root.ts'
import { HOST_FILES, hostOf } from '../../where/site.ts'
import { isNameless } from '../result.ts'
import type { Voice } from './voices.ts'

/** Of a machine's root what the analysis looks at: logs, unit files, what it is. Large disks are not hashed whole. */
const FOLDERS = [
  'var/log',
  'run/log',
  'etc/systemd',
  'usr/lib/systemd/system',
  'lib/systemd/system',
  'run/systemd',
  'sos_commands/logs',
]
const MACHINE_ID = 'etc/machine-id'
const FILES = [...HOST_FILES, MACHINE_ID, 'etc/os-release', 'usr/lib/os-release', 'sos_commands/kernel/uname_-a', 'uname']

/** Content for what is small; a large log's size and time stand for it. */
const LARGE = 1n << 24n

/** A hash of what the analysis looks at, and its size. What cannot be read within it is no fault here: the analysis tells it, and reads the rest. */
export function rootContent(path: string): { content: string; bytes: number } {
  return within(path, root => {
    const hash = createHash('sha256')
    let bytes = 0
    for (const each of [...FOLDERS, ...FILES]) {
      const found = root.real(each)
      if (found?.entry.kind === 'directory') bytes += hashFolder(hash, path, found.path)
      else if (found?.entry.kind === 'file') bytes += hashFile(hash, path, found.path)
    }
    return { content: hash.digest('hex'), bytes }
  })
}

function within<T>(path: string, look: (root: Root) => T): T {
  const tree = fileTree(path)
  try {
    return look(new Root(tree, ''))
  } finally {
    tree.close()
  }
}

function hashFolder(hash: Hash, root: string, path: string): number {
  let entries: Dirent[]
  try {
    entries = readdirSync(join(root, path), { withFileTypes: true })
  } catch (error) {
    hash.update(`${path}\0${reasonOf(error)}\n`)
    return 0
  }
  let bytes = 0
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const inside = `${path}/${entry.name}`
    if (entry.isDirectory()) bytes += hashFolder(hash, root, inside)
    else if (entry.isFile()) bytes += hashFile(hash, root, inside)
    else hash.update(`${inside}\0link\n`)
  }
  return bytes
}

function hashFile(hash: Hash, root: string, path: string): number {
  try {
    const { size, mtimeNs } = statSync(join(root, path), { bigint: true })
    const content = (): string =>
      createHash('sha256')
        .update(readFileSync(join(root, path)))
        .digest('hex')
    hash.update(`${path}\0${size > LARGE ? `${size} ${mtimeNs}` : content()}\n`)
    return Number(size)
  } catch (error) {
    hash.update(`${path}\0${reasonOf(error)}\n`)
    return 0
  }
}

/** Whose it is, by its own files: it goes with that host's other logs, whatever its folder is called. */
export function rootVoices(path: string): Voice[] {
  return within(path, root => {
    const host = hostOf(root)
    if (host === null || isNameless(host)) return []
    const id = root.text(MACHINE_ID, 4096)?.trim() ?? ''
    return [{ host, machineId: /^[0-9a-f]{32}$/.test(id) ? id : null, boot: null }]
  })
}
