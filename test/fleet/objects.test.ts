/** A fleet's logs in buckets, read by the providers' own clients: the report of the same logs on disk, and what goes wrong on the way. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { objectsIn } from '../../src/fleet/find/objects.ts'
import type { Item } from '../../src/fleet/item.ts'
import { plan } from '../../src/fleet/plan.ts'
import type { Result } from '../../src/fleet/result.ts'
import { workLines } from '../../src/fleet/work.ts'
import { shipped } from '../../src/rules/shipped.ts'
import { folder, inquest, program, type Ran } from '../cli/command.ts'
import { HOSTS, logOf, nameOf, writeFleet } from './fleet.ts'
import { Bucket, protocols, type Server, serve } from './objects/bucket.ts'

/** The command, while the servers in this process answer it. */
function run(args: readonly string[], env: Record<string, string>, from = program): Promise<Ran> {
  const child = spawn(process.execPath, [from, ...args], { cwd: folder, env: { PATH: process.env.PATH, TZ: 'UTC', ...env } })
  let [out, err] = ['', '']
  child.stdout.on('data', chunk => {
    out += chunk
  })
  child.stderr.on('data', chunk => {
    err += chunk
  })
  child.stdin.end()
  return new Promise(resolve => child.once('close', status => resolve({ status, out, err })))
}

const report = (store: string): string => inquest(['fleet', 'report', '--store', store, '--format', 'json']).out
const textOf = (index: number): string =>
  `${logOf(index)
    .map(([, line]) => line)
    .join('\n')}\n`

const items = async (...urls: string[]): Promise<Item[]> =>
  (await plan(urls, { manner: { timezone: 'UTC', maxExpanded: 1e6 }, rules: shipped.hash, hostFrom: null })).items

async function worked(all: readonly Item[]): Promise<Result[]> {
  const results: Result[] = []
  async function* lines() {
    for (const item of all) yield JSON.stringify(item)
  }
  for await (const line of workLines(lines(), shipped)) results.push(JSON.parse(line) as Result) // as it prints them
  return results
}

/** By host: outcomes, and why not. */
const told = (results: readonly Result[]): Record<string, string> =>
  Object.fromEntries(
    results
      .flatMap(({ hosts, fault, inputs }) =>
        hosts.map(({ host, incidents }) => {
          const lost = inputs.flatMap(({ problems }) => problems.map(({ message }) => `incomplete: ${message}`))
          return [host, fault ?? [...lost, ...incidents.map(({ outcome }) => outcome)].join()] as const
        }),
      )
      .sort(),
  )

beforeAll(() => {
  for (const layout of ['files', 'packed'] as const) writeFleet(join(folder, layout), layout)
  inquest(['fleet', 'run', 'files', '--store', 'disk.db', '--timezone', 'UTC'])
})

describe.each(protocols)('$name', protocol => {
  const { name, url } = protocol
  const bucket = new Bucket()
  let server: Server

  beforeAll(async () => {
    server = await serve(bucket, protocol)
    for (const [key, value] of Object.entries(server.env)) vi.stubEnv(key, value)
    bucket.fill(join(folder, 'files'), 'fleet/files/')
    bucket.fill(join(folder, 'packed'), 'fleet/packed/')
    bucket.put('fleet/files-of-old/node-99.ndjson', textOf(3))
    bucket.put('fleet/files/', '')
  })
  beforeEach(() => {
    bucket.asked.length = 0
    bucket.fault = () => null
    for (const index of [0, 3, 5]) bucket.put(`few/${nameOf(index)}.ndjson`, textOf(index))
  })
  afterAll(() => server.close())

  test('the fleet has the report that it has on disk', async () => {
    const layout = name === 's3' ? 'files' : 'packed'
    const ran = await run(['fleet', 'run', `${url}fleet/${layout}`, '--store', `${name}.db`, '--timezone', 'UTC'], server.env)
    expect(ran.status, ran.err).toBe(1)
    expect(report(`${name}.db`)).toBe(report('disk.db'))
  })

  test('is listed page by page, as far as it is asked for', async () => {
    const found = objectsIn(`${url}fleet/files/`)
    for (let seen = 0; seen < 6; seen++) await found.next()
    expect(bucket.asked.map(({ after }) => after)).toEqual([''])
    let all = 6
    for await (const each of found) if (each.kind === 'object') all++
    expect(all).toBe(HOSTS)
    // The folder itself is an object as well.
    expect(bucket.asked).toHaveLength(Math.ceil((HOSTS + 1) / 7))
  })

  test.each([
    ['fleet/files', HOSTS],
    ['fleet/files/node-03.ndjson', 1],
    ['fleet/fil', 0],
    ['fleet/*/node-0?.ndjson', 10],
    ['fleet/files*', HOSTS + 1],
  ])('%s names %i logs', async (where, count) => {
    let found = 0
    for await (const each of objectsIn(`${url}${where}`)) if (each.kind === 'object') found++
    expect(found).toBe(count)
  })

  test('an object that goes or changes between plan and work is a row with its reason, and no count', async () => {
    const planned = await items(`${url}few`)
    bucket.put('few/node-03.ndjson', `${textOf(3)}\n`)
    bucket.objects.delete('few/node-05.ndjson')
    const results = await worked(planned)
    const gone = 'is no longer there, or only in another version'
    expect(told(results)).toEqual({
      'node-00': '',
      'node-03': name === 'google' ? gone : 'changed since the fleet was planned; run again for what it holds now',
      'node-05': gone,
    })
    expect(results.map(({ again }) => again).sort()).toEqual([false, true, true])
  })

  test('a folder that is denied is a row, and the others are read', async () => {
    bucket.fault = ({ kind, name: folder }) => (kind === 'list' && folder.startsWith('fleet') ? 'denied' : null)
    const found = await items(`${url}fleet/files`, `${url}few`)
    expect(told(await worked(found))).toEqual({
      files: 'access is denied',
      'node-00': '',
      'node-03': 'froze',
      'node-05': 'latent',
    })
  })

  test('a token that expires costs what was not read yet, and that is tried again', async () => {
    const planned = await items(`${url}few`)
    let before = 2
    bucket.fault = ({ kind }) => (kind === 'read' && --before < 0 ? 'expired' : null)
    const results = await worked(planned)
    expect(results.map(({ fault, again }) => [fault, again])).toEqual([
      [null, false],
      [null, false],
      ['the credentials have expired, or are not valid', true],
    ])
  })

  test('a list that breaks off plans nothing: half of it would look like fewer hosts', async () => {
    bucket.fault = ({ kind, after }) => (kind === 'list' && after !== '' ? 'expired' : null)
    await expect(items(`${url}fleet/files`)).rejects.toThrow(
      'fleet/files: the list broke off after 7 objects (the credentials have expired, or are not valid): nothing was planned',
    )
  })

  // Google's client tells nothing of one that breaks, and what waits in vain is tested in objects/object.test.ts.
  if (name === 'google') return
  describe('a connection that breaks', () => {
    test('is taken up where it broke', async () => {
      const planned = await items(`${url}few`)
      bucket.asked.length = 0
      bucket.fault = ({ kind }) => (kind === 'read' ? { cut: 50_000 } : null)
      expect(told(await worked(planned))).toEqual({ 'node-00': '', 'node-03': 'froze', 'node-05': 'latent' })
      const sizes = [0, 3, 5].map(index => Buffer.byteLength(textOf(index)))
      expect(bucket.asked).toHaveLength(sizes.reduce((sum, size) => sum + Math.ceil(size / 50_000), 0))
    })

    test('is not taken up in what was written over meanwhile: what is missing is told', async () => {
      const planned = await items(`${url}few/node-03.ndjson`)
      bucket.fault = ({ name: object, from }) => {
        if (from > 0) bucket.put(object, textOf(0))
        return { cut: 60_000 }
      }
      expect(told(await worked(planned))).toEqual({ 'node-03': expect.stringContaining('changed since') })
    })
  })
})
