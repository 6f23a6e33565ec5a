/** A fleet's logs in buckets, read by the providers' own clients: the report of the same logs on disk, and what goes wrong on the way. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { folder, inquest, program, type Ran } from '../cli/command.ts'
import { HOSTS, inventory, logOf, truth, writeFleet } from './fleet.ts'
import { Bucket, protocols, type Server, serve } from './objects/bucket.ts'

/** The command, while the servers in this process answer it. */
function run(args: readonly string[], env: Record<string, string>, input = ''): Promise<Ran> {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: { PATH: process.env.PATH, TZ: 'UTC', ...env } })
  let [out, err] = ['', '']
  child.stdout.on('data', chunk => (out += chunk))
  child.stderr.on('data', chunk => (err += chunk))
  child.stdin.end(input)
  return new Promise(resolve => child.once('close', status => resolve({ status, out, err })))
}

const report = (store: string): string => inquest(['fleet', 'report', '--store', store, '--format', 'json']).out

beforeAll(() => {
  for (const layout of ['files', 'packed'] as const) writeFleet(join(folder, layout), layout)
  inquest(['fleet', 'run', 'files', '--store', 'disk.db', '--timezone', 'UTC'])
})

describe.each(protocols)('$name', protocol => {
  const bucket = new Bucket()
  let server: Server
  const fleet = (verb: string, where: string, ...more: string[]) =>
    run(['fleet', verb, `${protocol.url}${where}`, '--timezone', 'UTC', ...more], server.env)

  beforeAll(async () => {
    server = await serve(bucket, protocol)
    bucket.fill(join(folder, 'files'), 'fleet/files/')
    bucket.fill(join(folder, 'packed'), 'fleet/packed/')
  })
  afterAll(() => server.close())

  test.each(['files', 'packed'])('the fleet, %s, has the report that it has on disk', async layout => {
    const ran = await fleet('run', `fleet/${layout}`, '--store', `${protocol.name}-${layout}.db`)
    expect(ran.status, ran.err).toBe(1)
    expect(report(`${protocol.name}-${layout}.db`)).toBe(report('disk.db'))
  })
})
