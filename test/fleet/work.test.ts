/** The stateless worker: what a cluster's engine runs. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { folder, inquest } from '../cli/command.ts'
import { inventory, writeFleet } from './fleet.ts'

beforeAll(() => {
  writeFleet(join(folder, 'logs'), 'files')
  writeFileSync(join(folder, 'inventory.csv'), inventory())
})

const plan = () => inquest(['fleet', 'plan', 'logs', '--timezone', 'UTC']).out
const lines = (text: string): string[] => text.trimEnd().split('\n')

test('plan and work print what run keeps: the report has the same bytes', () => {
  const items = lines(plan())
  mkdirSync(join(folder, 'results'))
  // Two processes, one of which is tried again: its lines come twice.
  const parts = [items.slice(0, 15), items.slice(15), items.slice(10, 20)]
  parts.forEach((part, index) => {
    const worked = inquest(['fleet', 'work'], `${part.join('\n')}\n`)
    expect(worked.status, worked.err).toBe(0)
    expect(lines(worked.out)).toHaveLength(part.length)
    writeFileSync(join(folder, `results/part-${index}.jsonl`), worked.out)
  })
  inquest(['fleet', 'run', 'logs', '--store', 'run.db', '--timezone', 'UTC'])
  const report = (store: string) =>
    inquest(['fleet', 'report', '--store', store, '--inventory', 'inventory.csv', '--format', 'json']).out
  expect(report('results')).toBe(report('run.db'))
})

test('the same logs make the same items, the largest first', () => {
  const items = lines(plan()).map(line => JSON.parse(line) as { id: string; bytes: number })
  expect(plan()).toBe(plan())
  expect(new Set(items.map(({ id }) => id)).size).toBe(40)
  expect(items.map(({ bytes }) => bytes)).toEqual(items.map(({ bytes }) => bytes).sort((a, b) => b - a))
})

test('an item that cannot be done is a result with its reason, and the others are done', () => {
  const [first = '', second = ''] = lines(plan())
  const gone = first.replaceAll(/"path":"[^"]*"/g, '"path":"logs/gone.ndjson"')
  const old = second.replace(/"rules":"[^"]*"/, '"rules":"of another time"')
  const worked = inquest(['fleet', 'work'], `${gone}\nnot an item\n${old}\n\n${second}\n`)
  expect(worked.status).toBe(0)
  const results = lines(worked.out).map(line => JSON.parse(line) as { fault: string | null })
  expect(results.map(({ fault }) => fault)).toEqual([
    expect.stringContaining('there is no such file'),
    expect.stringContaining('no item of fleet plan'),
    expect.stringContaining('plan anew'),
    null,
  ])
})
