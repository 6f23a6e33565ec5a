import { InputError, type Problem } from '../../problems/problem.ts'
import type { Tree } from '../tree.ts'
import { readFstab } from './fstab.ts'
import type { Contents } from './image.ts'
import { emptyTree, JoinedTree } from './joined-tree.ts'

/** The roots of machines among volumes, each with what its fstab puts into it; then what is in none of them. */
export function rootsAmong(contents: readonly Contents[], tell: (problem: Problem) => void): { hosts: Tree[]; loose: Tree[] } {
  const taken = new Set<Contents>()
  const roots = contents.filter(one => one.fileSystem && looksLikeRoot(one.fileSystem.tree))
  for (const root of roots) taken.add(root)
  const hosts = roots.map(root => joined(root, nearest(root, roots, contents), taken, tell))
  const loose: Tree[] = []
  for (const { fileSystem, label } of contents.filter(one => !taken.has(one))) {
    const names = fileSystem ? namesIn(fileSystem.tree, '') : []
    if (!fileSystem || !names.some(name => name !== 'lost+found')) continue
    // What was /var by itself is shown as such.
    if (names.includes('log') && names.includes('lib'))
      hosts.push(new JoinedTree(label, emptyTree(label), new Map([['var', fileSystem.tree]])))
    else loose.push(fileSystem.tree)
  }
  return { hosts, loose }
}

/**
 * Where a root's other volumes may be: on its own disk first, then on disks that have no root. Clones of a machine share every UUID, and a
 * second machine's disk is none of the first's.
 */
function nearest(root: Contents, roots: readonly Contents[], contents: readonly Contents[]): Contents[] {
  const others = contents.filter(one => one !== root && !roots.includes(one))
  const own = others.filter(one => one.image === root.image)
  return [...own, ...others.filter(one => one.image !== root.image && !roots.some(other => other.image === one.image))]
}

/** A root has an /etc with one of these in it; or logs. */
const MARKS = ['fstab', 'os-release', 'machine-id', 'hostname', 'systemd', 'passwd']

function looksLikeRoot(tree: Tree): boolean {
  return namesIn(tree, 'etc').some(name => MARKS.includes(name)) || namesIn(tree, 'var/log').length > 0
}

function joined(root: Contents, others: readonly Contents[], taken: Set<Contents>, tell: (problem: Problem) => void): Tree {
  const mounts = new Map<string, Tree>()
  const tree = root.fileSystem?.tree ?? emptyTree(root.label)
  for (const { what, where } of mountsOf(tree)) {
    const found = others.find(one => isCalled(one, what, root))
    if (found?.fileSystem) {
      taken.add(found)
      mounts.set(where, found.fileSystem.tree)
    } else if (LOGS.test(where))
      tell({ message: `/${where} was on a volume of its own, ${what}, which ${found?.why ?? 'is in none of the images given'}` })
  }
  return mounts.size > 0 ? new JoinedTree(tree.label, tree, mounts) : tree
}

/** Where logs lie: a volume that is missing there is missed. */
const LOGS = /^var(\/log(\/.*)?)?$/

function mountsOf(tree: Tree): { what: string; where: string }[] {
  try {
    return readFstab(tree)
  } catch (error) {
    if (error instanceof InputError) return []
    throw error
  }
}

/** Whether fstab means this volume. */
function isCalled(one: Contents, what: string, root: Contents): boolean {
  const name = what.replace(/^\/dev\/disk\/by-(uuid|label|partuuid|partlabel)\//, (_, kind: string) => `${kind.toUpperCase()}=`)
  const [, key = '', value = ''] = /^([A-Z]+)=(.*)$/.exec(name) ?? []
  if (key === 'UUID') return one.fileSystem?.uuid.toLowerCase() === value.toLowerCase()
  if (key === 'LABEL') return one.fileSystem?.label === value
  if (key !== '') return one.volume.aliases.some(alias => alias.toLowerCase() === name.toLowerCase())
  return one.volume.aliases.includes(name) || isDevice(one, name, root)
}

/** `/dev/sdb2`: the second disk's second partition. One image alone is whatever disk its root says. */
function isDevice(one: Contents, name: string, root: Contents): boolean {
  const [, letter, digit, number] = /^\/dev\/(?:(?:sd|vd|xvd|hd)([a-z])|(?:nvme|mmcblk)(\d)(?:n1)?p)(\d+)$/.exec(name) ?? []
  if (number === undefined || one.volume.number !== Number(number)) return false
  const disk = letter === undefined ? Number(digit) : letter.charCodeAt(0) - 97
  return one.image === disk || one.image === root.image
}

function namesIn(tree: Tree, path: string): string[] {
  try {
    return tree.list(path).map(({ name }) => name)
  } catch (error) {
    if (error instanceof InputError) return []
    throw error
  }
}
