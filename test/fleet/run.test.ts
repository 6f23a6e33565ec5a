/** The same fleet in four layouts, killed and gone on with, changed and damaged: the report's bytes tell whether a host was lost or counted twice. */
import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, test } from 'vitest'
import { folder, inquest, program } from '../cli/command.ts'
import { HOSTS, inventory, layouts, logOf, nameOf, truth, writeFleet } from './fleet.ts'

const at = (name: string): string => join(folder, name)
const run = (logs: string, store: string, ...more: string[]) =>
  inquest(['fleet', 'run', logs, '--store', store, '--timezone', 'UTC', ...more])
const report = (store: string, format: string) =>
  inquest(['fleet', 'report', '--store', store, '--inventory', 'inventory.csv', '--format', format]).out
const hostsOf = (store: string) =>
  (
    JSON.parse(report(store, 'json')) as {
      hosts: { host: string; machineId: string; rule: string; outcome: string; fault: string; complete: boolean }[]
    }
  ).hosts

beforeAll(() => {
  for (const layout of layouts) writeFleet(at(layout), layout)
  writeFileSync(at('inventory.csv'), inventory())
})

describe('a fleet', () => {
  test.each(layouts)('kept as %s is told as it truly is', layout => {
    const ran = run(layout, `${layout}.db`, '--jobs', layout === 'files' ? '1' : '2')
    expect(ran.status, ran.err).toBe(1)
    const found = new Map(hostsOf(`${layout}.db`).map(({ host, rule, outcome }) => [host, rule ? `${rule} ${outcome}` : '']))
    expect(found).toEqual(truth)
  })

  test('has one report, however it was kept', () => {
    const [first, ...others] = layouts.map(layout => report(`${layout}.db`, 'json'))
    expect(first?.length).toBeGreaterThan(500)
    for (const other of others) expect(other).toBe(first)
  })

  test('is not done again when it is done, and all anew with --force', () => {
    expect(run('files', 'files.db').out).toContain(`0 of ${HOSTS} work items done now, ${HOSTS} were done before`)
    const before = report('files.db', 'json')
    expect(run('files', 'files.db', '--force').out).toContain(`${HOSTS} of ${HOSTS} work items done now`)
    expect(report('files.db', 'json')).toBe(before)
  })

  test('killed again and again goes on where it was', async () => {
    let kills = 0
    for (let more = true; more; ) {
      const args = [program, 'fleet', 'run', 'files', '--store', 'killed.db', '--timezone', 'UTC', '--jobs', '2', '--quiet']
      const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore', env: { PATH: process.env.PATH, TZ: 'UTC' } })
      const timer = kills < 4 ? setTimeout(() => child.kill('SIGKILL'), 250 + kills * 230) : undefined
      more = (await new Promise(resolve => child.once('close', (_, signal) => resolve(signal)))) === 'SIGKILL'
      clearTimeout(timer)
      if (more) kills++
    }
    expect(kills).toBeGreaterThan(0)
    expect(report('killed.db', 'json')).toBe(report('files.db', 'json'))
  })
})

describe('a folder that grows', () => {
  test('has only what is new done; what a host wrote meanwhile replaces what was known of it', () => {
    const log = logOf(3)
    const middle = Math.floor(log.length / 3)
    mkdirSync(at('growing'))
    const write = (index: number, entries: typeof log) =>
      writeFileSync(at(`growing/${nameOf(index)}.ndjson`), `${entries.map(([, line]) => line).join('\n')}\n`)
    write(0, logOf(0))
    write(3, log.slice(0, middle))
    expect(run('growing', 'growing.db').status).toBe(0)
    appendFileSync(
      at(`growing/${nameOf(3)}.ndjson`),
      `${log
        .slice(middle)
        .map(([, line]) => line)
        .join('\n')}\n`,
    )
    write(1, logOf(1))
    const ran = run('growing', 'growing.db')
    expect(ran.out).toContain('2 of 3 work items done now, 1 were done before')
    expect(hostsOf('growing.db').map(({ host, outcome }) => [host, outcome])).toEqual([
      ['node-00', null],
      ['node-01', null],
      ['node-03', 'froze'],
    ])
  })
})

describe('what cannot be read', () => {
  test('is a row with its reason, never a healthy host and never the end of the run', () => {
    const bad = at('bad')
    mkdirSync(join(bad, 'empty-folder'), { recursive: true })
    const good = `${logOf(0)
      .map(([, line]) => line)
      .join('\n')}\n`
    writeFileSync(join(bad, 'node-00.ndjson'), good)
    writeFileSync(join(bad, 'empty.ndjson'), '')
    writeFileSync(join(bad, 'noise.log.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]))
    writeFileSync(join(bad, 'picture.log'), Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))
    writeFileSync(
      join(bad, 'node-01.ndjson'),
      `${logOf(1)
        .map(([, line]) => line)
        .join('\n')}\n{"MESSAGE":"half a li`,
    )
    writeFileSync(join(bad, 'README.md'), 'who put this here\n')
    const ran = run('bad', 'bad.db')
    expect(ran.err).toContain('README.md')
    const hosts = new Map(hostsOf('bad.db').map(host => [host.host, host]))
    expect(hosts.get('empty')?.fault).toContain('empty')
    expect(hosts.get('picture')?.fault).toContain('PNG')
    expect(hosts.get('noise')?.fault).toBeTruthy()
    expect(hosts.get('node-00')).toMatchObject({ fault: null, complete: true })
    expect(hosts.get('node-01')?.complete).toBe(false)
    expect(hosts.has('README')).toBe(false)
    expect(ran.status).toBe(3)
    expect(report('bad.db', 'text')).toMatch(/could not be read/)
  })

  test('two machines of one name are two, and a host whose log lies in three places is one', () => {
    const folderOf = at('names')
    const text = (entries: [number, string][], from: string, to: string) =>
      `${entries.map(([, line]) => line.replaceAll(from, to)).join('\n')}\n`
    mkdirSync(join(folderOf, 'a/b'), { recursive: true })
    const [one, other] = [logOf(0), logOf(1)]
    writeFileSync(join(folderOf, 'first.ndjson'), text(one, 'node-00', 'twin'))
    writeFileSync(join(folderOf, 'second.ndjson'), text(other, 'node-01', 'twin'))
    const third = logOf(3)
    writeFileSync(join(folderOf, 'x.ndjson'), text(third.slice(0, 40), '', ''))
    writeFileSync(join(folderOf, 'a/y.ndjson'), text(third.slice(40, 60), '', ''))
    writeFileSync(join(folderOf, 'a/b/z.ndjson'), text(third.slice(60), '', ''))
    run('names', 'names.db')
    const hosts = hostsOf('names.db')
    expect(hosts.map(({ host, outcome }) => [host, outcome])).toEqual([
      ['node-03', 'froze'],
      ['twin', null],
      ['twin', null],
    ])
    expect(new Set(hosts.map(({ machineId }) => machineId)).size).toBe(3)
    expect(report('names.db', 'text')).toContain('twin (2)')
  })

  test('a store of another kind, a missing one, and no logs at all are each told in a sentence', async () => {
    writeFileSync(at('no.db'), 'this is no database, whatever it is called, and long enough to be looked at'.repeat(99))
    expect(run('files', 'no.db')).toMatchObject({ status: 2, out: '' })
    const old = await DuckDBInstance.create(at('old.db'))
    const connection = await old.connect()
    await connection.run("CREATE TABLE schema (name VARCHAR); INSERT INTO schema VALUES ('inquest-store/0')")
    connection.closeSync()
    old.closeSync()
    expect(run('files', 'old.db').err).toContain('old.db: was written as inquest-store/0')
    expect(inquest(['fleet', 'report', '--store', 'missing.db']).err).toContain('there is no such file')
    mkdirSync(at('nothing'), { recursive: true })
    expect(run('nothing', 'nothing.db')).toMatchObject({ status: 2, err: 'inquest: nothing: its folder is empty\n' })
    writeFileSync(at('nothing/README.md'), 'no logs yet\n')
    expect(run('nothing', 'nothing-yet.db')).toMatchObject({
      status: 2,
      out: '',
      err: expect.stringContaining('there are no logs'),
    })
    expect(inquest(['fleet', 'run', 'files']).err).toContain('--store FILE is missing')
  })
})
