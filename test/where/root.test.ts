import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TreeEntry } from '../../src/bytes/tree.ts'
import { Root } from '../../src/where/root.ts'

/** A tree in memory: what is a text is a link. */
function rootOf(files: Record<string, string | null>, base = 'm'): { root: Root; asked: string[] } {
  const asked: string[] = []
  const entries = (folder: string): TreeEntry[] => {
    const inside = folder === '' ? '' : `${folder}/`
    const names = new Set(
      Object.keys(files)
        .filter(path => path.startsWith(inside))
        .map(path => path.slice(inside.length).split('/')[0] ?? ''),
    )
    return [...names].map(name => {
      const own = files[`${inside}${name}`]
      return { name, kind: own === undefined ? 'directory' : own === null ? 'file' : 'link', size: 1, mtime: null }
    })
  }
  const tree = {
    label: 't',
    list: (path: string) => {
      asked.push(path)
      return entries(path)
    },
    readlink: (path: string) => files[path] ?? '',
    open: () => {
      throw new Error('nothing is opened here')
    },
    close: () => {},
  }
  return { root: new Root(tree, base), asked }
}

describe('a path in a root', () => {
  const { root } = rootOf({
    'm/usr/lib/a': null,
    'm/lib': 'usr/lib',
    'm/abs': '/usr/lib/a',
    'm/up': '../../../usr/lib/a',
    'm/out': '../../secret',
    'm/one': 'two',
    'm/two': '/one',
    'm/usr/lib/self': '.',
    secret: null,
  })

  it.each([
    ['lib/a', 'm/usr/lib/a'],
    ['abs', 'm/usr/lib/a'],
    ['up', 'm/usr/lib/a'],
    ['usr/../lib/./a', 'm/usr/lib/a'],
    ['lib/self/self/a', 'm/usr/lib/a'],
  ])('%s leads to %s', (path, real) => {
    expect(root.real(path)?.path).toBe(real)
  })

  it.each(['out', 'one', 'nothing', 'usr/lib/a/b', '../secret', '../../secret'])('%s leads nowhere', path => {
    expect(root.real(path)).toBeNull()
  })

  it('of links of any kind never looks outside its base', () => {
    const part = fc.constantFrom('..', '.', 'a', 'b', 'c', '', '/a', '/..')
    const target = fc.array(part, { minLength: 1, maxLength: 6 }).map(parts => parts.join('/'))
    const names = fc.constantFrom('m/a', 'm/b', 'm/c', 'm/d/a', 'm/d/b', 'secret/a', 'a')
    fc.assert(
      fc.property(fc.dictionary(names, fc.option(target)), target, (files, path) => {
        const { root, asked } = rootOf(files)
        const real = root.real(path)
        expect(asked.filter(folder => folder !== 'm' && !folder.startsWith('m/'))).toEqual([])
        expect(real === null || real.path === 'm' || real.path.startsWith('m/')).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })
})
