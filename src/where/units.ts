import type { Root } from './root.ts'
import { type Assignment, parseUnitFile, wordsOf } from './unit-file.ts'

/** Names that a unit file may have (systemd.unit(5)). */
const UNIT_NAME = /^[\w:.@\\-]+\.(?:service|socket|target|device|mount|automount|swap|timer|path|slice|scope)$/

function isUnitName(name: string): boolean {
  return UNIT_NAME.test(name)
}

/** A place in a file of the root, as reports refer to it. */
interface At {
  /** Path in the root. */
  path: string
  line: number | null
}

/** What a machine's unit files tell of names that lead to one unit. */
export interface UnitFiles {
  /** Links on the disk by which a name is a unit's alias. */
  links: { alias: string; unit: string; path: string; target: string /** µs; when it was made. */; made: number | null }[]
  /** `Alias=` lines: names that the unit takes when it is enabled. */
  declared: { alias: string; unit: string; at: At }[]
  /** What makes PID 1 load a name though no file of its own has it. */
  pins: { name: string; by: string; how: string; at: At }[]
}

/** Where units are looked for, first what wins (systemd.unit(5), "System Unit Search Path"; v255 src/libsystemd/sd-path/path-lookup.c). */
const FOLDERS = [
  'etc/systemd/system.control',
  'run/systemd/system.control',
  'run/systemd/transient',
  'run/systemd/generator.early',
  'etc/systemd/system',
  'etc/systemd/system.attached',
  'run/systemd/system',
  'run/systemd/system.attached',
  'run/systemd/generator',
  'usr/local/lib/systemd/system',
  'usr/lib/systemd/system',
  'lib/systemd/system',
  'run/systemd/generator.late',
]

/** One name in one folder. */
interface Found {
  name: string
  folder: string
  /** Of a link. */
  target: string | null
  made: number | null
}

export function unitFilesOf(root: Root): UnitFiles {
  const found = foldersOf(root).flatMap(folder => namesIn(root, folder))
  const first = new Map<string, Found>()
  for (const each of found) if (!first.has(each.name)) first.set(each.name, each)
  const files: UnitFiles = { links: [], declared: [], pins: [] }
  for (const each of first.values()) {
    const link = aliasLink(each)
    if (link) files.links.push(link)
    else if (each.target === null || !isMask(each.target)) describe(root, each, files)
  }
  const named = (name: string) => first.has(name) && !files.links.some(({ alias }) => alias === name)
  files.pins.push(...wanted(root))
  files.pins = files.pins.filter(pin => isUnitName(pin.name) && !pin.name.includes('@') && !named(pin.name))
  return files
}

/** A folder that is a link to another (lib → usr/lib) is looked into once. */
function foldersOf(root: Root): string[] {
  const real = new Set<string>()
  return FOLDERS.filter(folder => {
    const path = root.real(folder)?.path
    if (path === undefined || real.has(path)) return false
    real.add(path)
    return true
  })
}

function namesIn(root: Root, folder: string): Found[] {
  return root.safeNames(folder).flatMap(name => {
    const path = `${folder}/${name}`
    const entry = root.own(path)
    if (!isUnitName(name) || !entry || entry.kind === 'directory') return []
    return [{ name, folder, target: entry.kind === 'link' ? (root.readlink(path) ?? '') : null, made: entry.mtime }]
  })
}

function isMask(target: string): boolean {
  return target === '/dev/null'
}

/** A link whose target has another name; one of the same name only brings in a unit from elsewhere (`systemctl link`). */
function aliasLink({ name, folder, target, made }: Found): UnitFiles['links'][number] | null {
  if (target === null || isMask(target)) return null
  const unit = target.slice(target.lastIndexOf('/') + 1)
  if (!isUnitName(unit) || unit === name || suffix(unit) !== suffix(name) || isInstance(name, unit)) return null
  return { alias: name, unit, path: `${folder}/${name}`, target, made }
}

function suffix(name: string): string {
  return name.slice(name.lastIndexOf('.'))
}

function isInstance(name: string, template: string): boolean {
  return template.includes('@.') && name.startsWith(template.slice(0, template.indexOf('@') + 1))
}

/** Settings that name other units, which are then loaded with this one (systemd.unit(5)). */
const NAMING: readonly [section: string, key: string][] = [
  ['Socket', 'Service'],
  ['Service', 'Sockets'],
  ['Timer', 'Unit'],
  ['Path', 'Unit'],
  ...['Wants', 'Requires', 'Requisite', 'BindsTo', 'PartOf', 'Upholds', 'Before', 'After', 'Conflicts', 'OnFailure'].map(
    (key): [string, string] => ['Unit', key],
  ),
]

function describe(root: Root, { name, folder }: Found, files: UnitFiles): void {
  const own = `${folder}/${name}`
  const read = [own, ...dropIns(root, name)].map(path => ({ path, assignments: parseUnitFile(root.text(path) ?? '') }))
  const said = (section: string, key: string) => read.flatMap(({ path, assignments }) => placed(path, assignments, section, key))
  for (const { word, at } of said('Install', 'Alias')) {
    if (isUnitName(word) && word !== name) files.declared.push({ alias: word, unit: name, at })
  }
  for (const [section, key] of NAMING) {
    for (const { word, at } of said(section, key)) files.pins.push({ name: word, by: name, how: `${key}=`, at })
  }
  // A socket without Service= starts the service of its own name, unless it accepts connections itself.
  const accepts = said('Socket', 'Accept').some(({ word }) => /^(?:1|yes|true|on)$/i.test(word))
  if (name.endsWith('.socket') && said('Socket', 'Service').length === 0 && !accepts) {
    files.pins.push({ name: name.replace(/socket$/, 'service'), by: name, how: 'its name', at: { path: own, line: null } })
  }
}

function placed(path: string, assignments: readonly Assignment[], section: string, key: string): { word: string; at: At }[] {
  return wordsOf(assignments, section, key).map(({ word, line }) => ({ word, at: { path, line } }))
}

/** `NAME.d/*.conf` of every folder; of one name the first folder's counts. */
function dropIns(root: Root, name: string): string[] {
  const chosen = new Map<string, string>()
  for (const folder of foldersOf(root)) {
    for (const file of root.safeNames(`${folder}/${name}.d`)) {
      if (file.endsWith('.conf') && !chosen.has(file)) chosen.set(file, `${folder}/${name}.d/${file}`)
    }
  }
  return [...chosen].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([, path]) => path)
}

/** Names in `UNIT.wants/` and `UNIT.requires/`. */
function wanted(root: Root): UnitFiles['pins'] {
  return foldersOf(root).flatMap(folder =>
    root.safeNames(folder).flatMap(name => {
      const kind = /\.(wants|requires|upholds)$/.exec(name)
      if (!kind) return []
      const by = name.slice(0, kind.index)
      return root.safeNames(`${folder}/${name}`).map(word => {
        return { name: word, by, how: `${kind[1]}/`, at: { path: `${folder}/${name}/${word}`, line: null } }
      })
    }),
  )
}
