import { InputError, type Problem } from '../../problems/problem.ts'
import type { Tree } from '../tree.ts'
import { readFstab } from './fstab.ts'
import type { Contents } from './image.ts'
import { emptyTree, JoinedTree } from './joined-tree.ts'

/** The roots of machines among volumes, each with what its fstab puts into it; then what is in none of them. */
export function rootsAmong(contents: readonly Contents[], tell: (problem: Problem) => void): Tree[] {
  const taken = new Set<Contents>()
  const roots: Tree[] = []
  for (const one of contents) {
    if (!one.fileSystem || !looksLikeRoot(one.fileSystem.tree)) continue
    taken.add(one)
    roots.push(joined(one, one.fileSystem.tree, contents, taken, tell))
  }
  const loose = contents
    .filter(one => !taken.has(one))
    .flatMap(one => (one.fileSystem ? [looseTree(one.label, one.fileSystem.tree)] : []))
  return [...roots, ...loose.filter(tree => tree !== null)]
}

/** A root has an /etc with one of these in it; or logs. */
const MARKS = ['fstab', 'os-release', 'machine-id', 'hostname', 'systemd', 'passwd']

function looksLikeRoot(tree: Tree): boolean {
  return namesIn(tree, 'etc').some(name => MARKS.includes(name)) || namesIn(tree, 'var/log').length > 0
}

/** What was /var by itself is shown as such; any other volume as it is; one without files not at all. */
function looseTree(label: string, tree: Tree): Tree | null {
  const names = namesIn(tree, '')
  if (names.includes('log') && names.includes('lib')) return new JoinedTree(label, emptyTree(label), new Map([['var', tree]]))
  return names.some(name => name !== 'lost+found') ? tree : null
}

function joined(
  root: Contents,
  tree: Tree,
  contents: readonly Contents[],
  taken: Set<Contents>,
  tell: (problem: Problem) => void,
): Tree {
  const mounts = new Map<string, Tree>()
  for (const { what, where } of mountsOf(tree)) {
    const found = contents.find(one => one !== root && isCalled(one, what, root))
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
