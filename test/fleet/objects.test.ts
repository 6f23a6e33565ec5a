/** A fleet's logs in buckets, read by the providers' own clients: the report of the same logs on disk, and what goes wrong on the way. */
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { objectsIn } from '../../src/fleet/find/objects.ts'
import type { Item } from '../../src/fleet/item.ts'
import { plan } from '../../src/fleet/plan.ts'
import type { Result } from '../../src/fleet/result.ts'
import { Database } from '../../src/fleet/store/database.ts'
import { Docket } from '../../src/fleet/store/docket.ts'
import { workLines } from '../../src/fleet/work.ts'
import { shipped } from '../../src/rules/shipped.ts'
import { folder, inquest, program, type Ran } from '../cli/command.ts'
import { bytes } from '../lab.ts'
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

async function items(...urls: string[]): Promise<Item[]> {
  const database = await Database.inMemory()
  const docket = new Docket(database)
  await plan(urls, { manner: { timezone: 'UTC' }, rules: shipped.hash, hostFrom: null }, docket)
  const planned: Item[] = []
  for await (const line of docket.lines()) planned.push(JSON.parse(line) as Item) // as it was planned
  database.close()
  return planned
}

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

const EXPIRED = 'the credentials have expired, or are not valid'

/** Journals, as they lie and packed, archives of a machine's logs, and text without a year. */
function writeShapes(at: string): void {
  const journals = join(import.meta.dirname, '../../fixtures/journals')
  mkdirSync(join(at, 'web07/journal'), { recursive: true })
  for (const file of readdirSync(join(journals, 'rsyslog-reboot-255')))
    spawnSync('zstd', [
      '-dq',
      join(journals, 'rsyslog-reboot-255', file),
      '-o',
      join(at, 'web07/journal', file.replace('.zst', '')),
    ])
  cpSync(join(journals, 'healthy-247.journal.zst'), join(at, 'web08.journal.zst'))
  const root = join(at, 'root')
  mkdirSync(join(root, 'var/log'), { recursive: true })
  writeFileSync(join(root, 'var/log/messages'), bytes('rsyslog-kill-257', 'short'))
  spawnSync('tar', ['czf', join(at, 'web09.tar.gz'), 'var'], { cwd: root })
  spawnSync('zip', ['-qr', join(at, 'web10.zip'), 'var'], { cwd: root })
  rmSync(root, { recursive: true })
  writeFileSync(join(at, 'web11.log'), bytes('rsyslog-latent-257', 'short'))
}

beforeAll(() => {
  writeShapes(join(folder, 'shapes'))
  for (const layout of ['files', 'packed'] as const) writeFleet(join(folder, layout), layout)
  inquest(['fleet', 'run', 'files/node-0?.ndjson', '--store', 'disk.db', '--timezone', 'UTC'])
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
    const where = `${url}fleet/${name === 's3' ? 'files/node-0?.ndjson' : 'packed/node-0?.ndjson.gz'}`
    const ran = await run(['fleet', 'run', where, '--store', `${name}.db`, '--timezone', 'UTC'], server.env)
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

  test.each([
    ['denied', 'access is denied'],
    ['gone', 'there is no such bucket'],
  ] as const)('a list that is %s is a row, and what other lists name is read', async (fault, reason) => {
    bucket.fault = ({ kind, name: folder }) => (kind === 'list' && folder.startsWith('fleet') ? fault : null)
    const found = await items(`${url}fleet/files`, `${url}few`)
    expect(told(await worked(found))).toEqual({
      files: reason,
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
      [EXPIRED, true],
    ])
  })

  test('a list that breaks off plans nothing: half of it would look like fewer hosts', async () => {
    bucket.fault = ({ kind, after }) => (kind === 'list' && after !== '' ? 'expired' : null)
    await expect(items(`${url}fleet/files`)).rejects.toThrow(
      'fleet/files: the list broke off after 7 objects (the credentials have expired, or are not valid): nothing was planned',
    )
  })

  test('journals, archives and logs without years say what they say on disk', async () => {
    bucket.fill(join(folder, 'shapes'), 'shapes/')
    const [disk, stored] = await Promise.all([worked(await items(join(folder, 'shapes'))), worked(await items(`${url}shapes`))])
    const named = (results: readonly Result[], from: string) =>
      results.map(({ item, ...result }) => JSON.stringify(result).replaceAll(from, '')).sort()
    expect(disk).toHaveLength(5)
    expect(disk.map(({ fault }) => fault)).toEqual(Array(5).fill(null))
    expect(named(stored, `${url}shapes`)).toEqual(named(disk, join(folder, 'shapes')))
  })

  test('what must be copied to be read has a limit', async () => {
    const planned = await items(`${url}shapes/web07`)
    const results = await worked(planned.map(item => ({ ...item, manner: { ...item.manner, maxExpanded: 1e6 } })))
    expect(results.map(({ fault }) => fault)).toEqual([
      expect.stringContaining('is larger than 1000000 bytes, and would be copied'),
    ])
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

describe('the command', () => {
  const bucket = new Bucket()
  let server: Server
  const fleet = (verb: string, where: string, ...more: string[]) =>
    run(['fleet', verb, `s3://logs/${where}`, '--timezone', 'UTC', ...more], server.env)
  const hosts = (store: string): [host: string, fault: string | null, outcome: string | null][] => {
    const told = JSON.parse(report(store)) as { hosts: { host: string; fault: string | null; outcome: string | null }[] }
    return told.hosts.map(({ host, fault, outcome }) => [host, fault, outcome])
  }

  beforeAll(async () => {
    server = await serve(bucket, protocols[0] as (typeof protocols)[number]) // there are three
    for (const index of [0, 3, 5]) bucket.put(`few/${nameOf(index)}.ndjson`, textOf(index))
  })
  beforeEach(() => {
    bucket.asked.length = 0
    bucket.fault = () => null
  })
  afterAll(() => server.close())

  test('fetches nothing that is done, and what changed or came', async () => {
    expect((await fleet('run', 'few', '--store', 'few.db')).out).toContain('3 of 3 work items done now')
    bucket.asked.length = 0
    expect((await fleet('run', 'few', '--store', 'few.db')).out).toContain('0 of 3 work items done now')
    expect(bucket.asked.map(({ kind }) => kind)).toEqual(['list'])
    bucket.put('few/node-00.ndjson', textOf(0).slice(0, 5000))
    bucket.put('few/node-01.ndjson', textOf(1))
    bucket.put('few/node-03.ndjson', textOf(3)) // the same bytes, written anew
    bucket.asked.length = 0
    expect((await fleet('run', 'few', '--store', 'few.db')).out).toContain('2 of 4 work items done now')
    const read = bucket.asked.filter(({ kind }) => kind === 'read').map(({ name }) => name)
    expect(new Set(read)).toEqual(new Set(['few/node-00.ndjson', 'few/node-01.ndjson']))
  })

  test('tries again what an expired token left, and then has what it would have had', async () => {
    let before = 1
    // Looks are at stretches; what is read is read to its end.
    bucket.fault = ({ kind, to }) => (kind === 'read' && to === null && --before < 0 ? 'expired' : null)
    const ran = await fleet('run', 'few', '--store', 'again.db', '--jobs', '1')
    expect(ran.status).toBe(hosts('again.db').some(([, , outcome]) => outcome !== null) ? 1 : 3)
    expect(hosts('again.db').flatMap(([, fault]) => fault ?? [])).toEqual(Array(3).fill(EXPIRED))
    bucket.fault = () => null
    expect((await fleet('run', 'few', '--store', 'again.db')).out).toContain('3 of 4 work items done now')
    expect(hosts('again.db').map(([, fault, outcome]) => [fault, outcome])).toEqual(
      [null, null, 'froze', 'latent'].map(outcome => [null, outcome]),
    )
  })

  test('says why where nothing could be read at all', async () => {
    bucket.fault = () => 'denied'
    expect(await fleet('run', 'few', '--store', 'nothing.db')).toMatchObject({
      status: 2,
      err: 'inquest: few: access is denied\n',
    })
    expect(await fleet('plan', 'none/')).toMatchObject({ status: 0 })
    const away = {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_REGION: 'x',
      HOME: '/nonexistent',
    }
    const nobody = await run(['fleet', 'run', 's3://logs/few', '--store', 'nobody.db'], away)
    expect(nobody).toMatchObject({ status: 2, err: 'inquest: few: no credentials were found in the environment\n' })
  })

  test('keeps and reads results here, not in a bucket', async () => {
    for (const args of [['run', 's3://logs/few'], ['report'], ['status']])
      expect((await run(['fleet', ...args, '--store', 's3://logs/f.db'], server.env)).err).toContain('copy them here first')
  })

  test.each([
    ['s3://b/x', 'npm install @aws-sdk/client-s3@3'],
    ['gs://b/x', 'npm install @google-cloud/storage@7'],
    ['https://acc.blob.core.windows.net/b/x', 'npm install @azure/storage-blob@12 @azure/identity@4'],
  ])('says for %s what to install, where the client is not', async (url, install) => {
    const bare = mkdtempSync(join(tmpdir(), 'inquest-bare-'))
    cpSync(dirname(program), bare, { recursive: true })
    const ran = await run(['fleet', 'plan', url], {}, join(bare, basename(program)))
    rmSync(bare, { recursive: true })
    expect(ran).toMatchObject({ status: 2, out: '' })
    expect(ran.err.split('\n')[0]).toMatch(new RegExp(`which is not installed here: ${install}$`))
  })
})
