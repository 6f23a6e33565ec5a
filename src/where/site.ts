import type { Tree, TreeEntry } from '../bytes/tree.ts'
import { InputError } from '../problems/problem.ts'
import { isJournal, isPrintedJournal, isSystemLog } from './logs.ts'
import { type Real, Root } from './root.ts'

/** A log that was found. */
export interface Log extends Real {
  /** Its beginning was cut off when it was collected. */
  headless: boolean
  /** Nobody said that it is a log: it lies where logs may lie. */
  maybe: boolean
}

/** The logs of one machine. */
export interface Site {
  root: Root
  /** Its name, as its own files tell it. */
  host: string | null
  logs: Log[]
  journals: Real[]
  /** Directories that could not be read. */
  unread: { path: string; message: string }[]
  /** Whether it is a machine's root, and may hold unit files. */
  machine: boolean
}

/** Finds the machines in a tree: its root, a sosreport, several of them side by side; else everything in it is taken for one machine's. */
export function sitesIn(tree: Tree): Site[] {
  const bases = basesIn(tree)
  if (bases.length === 0) return [folder(tree, DEEPEST)]
  const sites = bases.map(base => siteAt(tree, base))
  if (bases.includes('')) return sites
  // A console's log saved beside the one machine's root is that machine's.
  const beside = folder(tree, 0)
  const [only] = sites
  return [...sites, { ...beside, host: sites.length === 1 ? (only?.host ?? beside.host) : beside.host }]
}

/** Directories deep in which a machine's root is looked for: a zip of disks, an unpacked archive, a folder of those. */
const DEEPEST_BASE = 3
const MOST_FOLDERS = 5000

function basesIn(tree: Tree): string[] {
  const bases: string[] = []
  let looked = 0
  let level = ['']
  for (let depth = 0; depth <= DEEPEST_BASE && level.length > 0; depth++) {
    const next: string[] = []
    for (const path of level) {
      if (looked++ > MOST_FOLDERS) return bases
      if (isBase(new Root(tree, path))) bases.push(path)
      else next.push(...foldersIn(tree, path))
    }
    level = next
  }
  return bases.sort()
}

function foldersIn(tree: Tree, path: string): string[] {
  try {
    const folders = tree.list(path).filter(({ kind }) => kind === 'directory')
    return folders.map(({ name }) => (path === '' ? name : `${path}/${name}`)).sort()
  } catch (error) {
    if (error instanceof InputError) return []
    throw error
  }
}

function isBase(root: Root): boolean {
  return MARKS.some(path => root.isDirectory(path)) || isLogFolder(root)
}

const MARKS = ['var/log', 'run/log/journal', 'sos_commands', 'etc/systemd/system', 'usr/lib/systemd/system']

/** /var/log itself: it keeps who logged in, or the journal's folder. */
function isLogFolder(root: Root): boolean {
  return ['wtmp', 'btmp', 'lastlog'].some(name => root.own(name)?.kind === 'file') || root.isDirectory('journal')
}

function siteAt(tree: Tree, base: string): Site {
  const root = new Root(tree, base)
  const machine = MARKS.some(path => root.isDirectory(path))
  const site: Site = { root, host: hostOf(root), logs: [], journals: [], unread: [], machine }
  if (!machine) collect(site, '', 'journal')
  else {
    collect(site, 'var/log', 'var/log/journal')
    addJournals(site, 'run/log/journal')
    for (const name of namesOf(site, 'sos_commands/logs')) {
      if (isPrintedJournal(name)) addLog(site, `sos_commands/logs/${name}`)
    }
  }
  addDeleted(site)
  return site
}

/** What was deleted, and is there all the same: the names that it had are gone. */
function addDeleted(site: Site): void {
  for (const folder of site.root.base === '' ? (site.root.tree.deleted ?? []) : []) {
    for (const name of namesOf(site, folder)) {
      const found = site.root.real(`${folder}/${name}`)
      if (found && isJournal(name)) addOnce(site.journals, found)
      else if (found) addOnce(site.logs, { ...found, headless: false, maybe: false })
    }
  }
}

function collect(site: Site, logs: string, journals: string): void {
  for (const name of namesOf(site, logs)) if (isSystemLog(name)) addLog(site, logs === '' ? name : `${logs}/${name}`)
  addJournals(site, journals)
}

/** journald's own folder: a directory for each machine id, and for each namespace. */
function addJournals(site: Site, folder: string): void {
  for (const machine of namesOf(site, folder)) {
    for (const path of machine.includes('.journal') ? [`${folder}/${machine}`] : within(site, `${folder}/${machine}`)) {
      const found = site.root.real(path)
      if (found?.entry.kind === 'file' && isJournal(path)) addOnce(site.journals, found)
    }
  }
}

function within(site: Site, folder: string): string[] {
  return namesOf(site, folder).map(name => `${folder}/${name}`)
}

function addLog(site: Site, path: string): void {
  const found = site.root.real(path)
  if (found?.entry.kind !== 'file') return
  // sos keeps the end of a long file as sos_strings/…/NAME.tailed, and a link in its place.
  addOnce(site.logs, { ...found, headless: found.path.endsWith('.tailed'), maybe: false })
}

/** Two names may lead to one file. */
function addOnce<T extends Real>(list: T[], found: T): void {
  if (!list.some(({ path }) => path === found.path)) list.push(found)
}

function namesOf(site: Site, path: string): string[] {
  try {
    return site.root.names(path)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    site.unread.push({ path: site.root.inTree(path), message: error.message })
    return []
  }
}

export const HOST_FILES = [
  'sos_commands/host/hostname',
  'sos_commands/general/hostname',
  'etc/hostname',
  'etc/HOSTNAME',
  'hostname',
]

/** Its name, as its own files tell it. */
export function hostOf(root: Root): string | null {
  for (const path of HOST_FILES) {
    const line = root
      .text(path, 4096)
      ?.split('\n')
      .find(each => each.trim() !== '' && !each.startsWith('#'))
    if (line && /^[\w.-]+$/.test(line.trim())) return line.trim()
  }
  return null
}

/** Directories below directories that are looked into. */
const DEEPEST = 8

/** Everything in it, so many directories deep, is one machine's, or says itself whose it is. */
function folder(tree: Tree, deepest: number): Site {
  const root = new Root(tree, '')
  const site: Site = { root, host: hostOf(root), logs: [], journals: [], unread: [], machine: false }
  function walk(path: string, depth: number): void {
    let entries: readonly TreeEntry[] = []
    try {
      entries = tree.list(path)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      site.unread.push({ path, message: error.message })
    }
    for (const entry of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inside = path === '' ? entry.name : `${path}/${entry.name}`
      if (entry.kind === 'directory' && depth < deepest) walk(inside, depth + 1)
      else if (entry.kind === 'file' && isJournal(entry.name)) site.journals.push({ path: inside, entry })
      else if (entry.kind === 'file') site.logs.push({ path: inside, entry, headless: inside.endsWith('.tailed'), maybe: true })
    }
  }
  walk('', 0)
  return site
}
