/** Logs behind a relay: its own name stands in every line, the hosts' names in the path, or in a field. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { Field } from '../../src/fleet/find/host-from.ts'
import { folder, inquest } from '../cli/command.ts'
import { logOf } from './fleet.ts'

function valueIn(text: string, name = 'node'): string | null {
  const field = new Field(name)
  field.hear(Buffer.from(text))
  return field.value()
}

describe('a field', () => {
  test.each([
    ['{"MESSAGE":"x","node":"web07"}\n', 'web07'],
    ['{"node":7}\n', '7'],
    ['[{"node":"web07"},\n', 'web07'],
    ['{\n  "a": "b",\n  "node": "web07",\n}\n', 'web07'],
    ['{"node":"w\\u0065b07"}\n', 'web07'],
    ['{"node":["web07","other"]}\n', 'web07'],
    ['__CURSOR=s=1\nnode=web 07\nMESSAGE=x\n\n', 'web 07'],
    ['level=info node=web07 msg="done"\n', 'web07'],
    ['level=info node="web07" msg="done"\n', 'web07'],
    // What a message says is its writer's.
    ['{"MESSAGE":"node=evil \\"node\\":\\"evil\\"","node":"web07"}\n', 'web07'],
    ['{"MESSAGE":"node=evil, \\"node\\": \\"evil\\""}\n', null],
    ['level=info msg="a node=evil b" node=web07\n', 'web07'],
    ['Nov 24 01:45:41 relay app[1]: node=evil\n', null],
    ['MESSAGE=node=evil\n', null],
    // Cut off where the head ends.
    ['level=info node=web07\nlevel=info node=web\n', 'web07'],
    ['{"nodes":"x"}\n', null],
    ['', null],
  ])('%j says %j', (text, value) => {
    expect(valueIn(text)).toBe(value)
  })

  test('lies in an object, by a name with points', () => {
    expect(valueIn('{"host":{"name":"web07"}}\n', 'host.name')).toBe('web07')
    expect(valueIn('{"host.name":"web07"}\n', 'host.name')).toBe('web07')
    expect(valueIn('{"host":null}\n', 'host.name')).toBe(null)
  })

  test('of any JSON is what it says', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.string({ minLength: 1 }), (others, value) => {
        expect(valueIn(`${JSON.stringify({ ...others, node: value })}\n`)).toBe(value)
      }),
    )
  })
})

/** A host's log as a relay wrote it. */
const relayed = (index: number, node: string): string =>
  `${logOf(index)
    .map(([, line]) => JSON.stringify({ ...(JSON.parse(line) as object), _HOSTNAME: 'relay', _MACHINE_ID: 'a'.repeat(32), node }))
    .join('\n')}\n`

function write(path: string, content: string | Buffer): void {
  mkdirSync(join(folder, dirname(path)), { recursive: true })
  writeFileSync(join(folder, path), content)
}

function told(logs: string, ...more: string[]): unknown {
  const ran = inquest(['fleet', 'run', logs, '--store', `${logs}.db`, '--timezone', 'UTC', ...more])
  const { hosts } = JSON.parse(inquest(['fleet', 'report', '--store', `${logs}.db`, '--format', 'json']).out) as {
    hosts: { host: string; outcome: string | null; fault: string | null }[]
  }
  return [ran.status, hosts.map(({ host, outcome, fault }) => [host, fault ?? outcome])]
}

beforeAll(() => {
  for (const logs of ['paths', 'fields']) {
    write(`${logs}/site-1/web07/messages`, relayed(3, 'db-3'))
    write(`${logs}/site-1/web08/messages.1.gz`, gzipSync(relayed(0, 'db-0')))
    write(`${logs}/site-2/web08/messages`, relayed(5, 'db-5'))
  }
  write('several/all.json', relayed(3, 'db-3') + relayed(0, 'db-0'))
  write('several/one.json', relayed(0, 'db-1'))
})

test('by the path, whatever the lines say', () => {
  expect(told('paths', '--host-from', 'path:/([^/]+)/messages')).toEqual([
    1,
    [
      ['web07', 'froze'],
      ['web08', 'latent'],
    ],
  ])
})

test('by a field, also in a store that knew the files by another name', () => {
  expect(told('fields')).toEqual([1, [['relay', expect.any(String)]]])
  const byField = [
    ['db-0', null],
    ['db-3', 'froze'],
    ['db-5', 'latent'],
  ]
  expect(told('fields', '--host-from', 'field:node')).toEqual([1, byField])
  expect(told('fields', '--host-from', 'field:node')).toEqual([1, byField])
})

test('a file in which the field has several values is a row with the reason: it is no host of one name', () => {
  const reason = '--host-from field:node gives a name to a whole file, and this one has several: db-3, db-0'
  expect(told('several', '--host-from', 'field:node')).toEqual([
    3,
    [
      ['all', reason],
      ['db-1', null],
    ],
  ])
})
