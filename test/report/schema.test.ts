/** The schema has teeth: what the contract requires cannot be left out or be of another kind, and what is added is no fault. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Report } from '../../src/report/report.ts'
import { fixtureReport, labReport, schemaFile } from './sample.ts'

const validate = new Ajv2020({ allErrors: false, strict: true, allowUnionTypes: true }).compile(schemaFile)
/** May be left out; everything else is required. */
const OPTIONAL = new Set(['machineId', 'line', 'offset', 'cursor', 'command', 'danger'])

type Tree = Record<string, unknown> | unknown[]
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null

interface Place {
  path: string
  holder: Tree
  key: string
}

/** Every field and element of a report. */
function places(holder: Tree, path = ''): Place[] {
  return Object.entries(holder).flatMap(([key, value]) => {
    const here = { path: `${path}/${key}`, holder, key }
    return [here, ...(isTree(value) ? places(value, here.path) : [])]
  })
}

const set = ({ holder, key }: Place, value: unknown): void => {
  Object.assign(holder, { [key]: value })
}

let reports: Tree[] = []
beforeEach(async () => {
  const made: Report[] = [
    await labReport('rsyslog-kill-257', 'json', 'journal.json'),
    await labReport('mounts-fullqueue-252', 'short', '-'),
    await fixtureReport('incidents/D3-reload', 'messages'),
  ]
  reports = made.map(report => JSON.parse(JSON.stringify(report)) as Tree)
})

/** Changes one place after the other, and puts each back. */
function accepted(change: (place: Place, value: unknown) => boolean): string[] {
  return reports.flatMap(report =>
    places(report).flatMap(place => {
      const before = Reflect.get(place.holder, place.key) as unknown
      const keys = Object.keys(place.holder)
      const entries = Object.entries(place.holder)
      if (!change(place, before)) return []
      const passed = validate(report)
      for (const key of Object.keys(place.holder)) if (!keys.includes(key)) Reflect.deleteProperty(place.holder, key)
      Object.assign(place.holder, Object.fromEntries(entries))
      return passed ? [place.path] : []
    }),
  )
}

describe('a report is refused', () => {
  test('real ones are not', () => {
    for (const report of reports) {
      validate(report)
      expect(validate.errors ?? []).toEqual([])
    }
  })

  test('when a required field is left out', () => {
    expect(
      accepted(({ holder, key, path }) => {
        if (Array.isArray(holder) || OPTIONAL.has(key) || path.includes('/figures/')) return false
        return Reflect.deleteProperty(holder, key)
      }),
    ).toEqual([])
  })

  test('when a value is of another kind', () => {
    for (const wrong of [true, ['x'], 1.5e300, { x: 1 }]) {
      const survivors = accepted((place, value) => {
        if (kindOf(value) === kindOf(wrong)) return false
        set(place, wrong)
        return true
      })
      // null stands where a text, a number or a flag may stand too: only the last can be mistaken.
      expect(survivors.filter(path => !/\/figures\/|\/delta$|\/lost$/.test(path))).toEqual([])
    }
  })

  test('when a word is none of the contract', () => {
    const closed = new Set(['schema', 'severity', 'confidence', 'ended', 'id', 'at', 'from', 'to', 'first', 'last', 'rules'])
    expect(
      accepted((place, value) => {
        const isBootId = place.path.includes('/boots/') && place.key === 'id'
        if (!closed.has(place.key) || typeof value !== 'string' || isBootId) return false
        set(place, 'Something else')
        return true
      }),
    ).toEqual([])
  })
})

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value)

test('a field that a later version adds is no fault', () => {
  for (const report of reports) {
    const objects = [report, ...places(report).map(({ holder }) => holder)].filter(each => !Array.isArray(each))
    for (const each of new Set(objects)) Object.assign(each, { addedLater: 'x' })
    validate(report)
    expect(validate.errors ?? []).toEqual([])
    for (const each of new Set(objects)) Reflect.deleteProperty(each, 'addedLater')
  }
})

test('fields come in the order of the contract', () => {
  const order = orders(schemaFile as Record<string, unknown>)
  const fits = (keys: readonly string[]): boolean =>
    order.some(known =>
      keys.every((key, index) => known.indexOf(key) > (index === 0 ? -1 : known.indexOf(keys[index - 1] ?? ''))),
    )
  for (const report of reports)
    for (const { holder, path } of places(report))
      if (!Array.isArray(holder) && !path.includes('/figures/')) expect(fits(Object.keys(holder)), path).toBe(true)
})

/** The order of each object's properties in the schema. */
function orders(schema: Record<string, unknown>): string[][] {
  const { properties } = schema
  const own = isTree(properties) ? [Object.keys(properties)] : []
  return [
    ...own,
    ...Object.values(schema).flatMap(each =>
      isTree(each) && !Array.isArray(each) ? orders(each as Record<string, unknown>) : [],
    ),
  ]
}
