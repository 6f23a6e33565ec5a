// Examines the same fleet in several layouts, with several numbers of workers, and killed at random moments, and says whether every report has
// the same bytes and the truth in it.
//
//   node bench/fleet-truth.mjs OUT FLEET…        FLEET: a folder with logs/, inventory.csv and truth.csv (host,rule,outcome,unit)
//   JOBS=1,2,4 KILLS=10                          numbers of workers; kills of one more run (0: no such run)
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [out, ...fleets] = process.argv.slice(2)
if (!out || fleets.length === 0) throw new Error('usage: fleet-truth.mjs OUT FLEET…')
const { JOBS = '1,2,4', KILLS = '10' } = process.env
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const inquest = (...args) => spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', maxBuffer: 2 ** 30 })
mkdirSync(out, { recursive: true })

const runArgs = (fleet, store, jobs) => [
  'fleet',
  'run',
  join(fleet, 'logs'),
  '--store',
  store,
  '--jobs',
  jobs,
  '--timezone',
  'UTC',
  '--quiet',
]

function verdict(fleet, store, what, seconds) {
  const report = format =>
    inquest('fleet', 'report', '--store', store, '--inventory', join(fleet, 'inventory.csv'), '--format', format).stdout
  const bytes = ['text', 'json', 'markdown', 'html', 'csv'].map(report).join('\0')
  const { hosts } = JSON.parse(report('json'))
  const found = new Map(hosts.map(({ host, rule, outcome, unit }) => [host, [rule ?? '', outcome ?? '', unit ?? ''].join()]))
  const truth = readFileSync(join(fleet, 'truth.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map(line => line.split(','))
  const wrong = truth.filter(([host, ...rest]) => found.get(host) !== rest.join()).length
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  console.log(
    `${what}: ${seconds.toFixed(1)} s, report ${hash}, ${found.size} hosts of ${truth.length}, ${wrong} not as the truth says`,
  )
  return hash
}

async function killed(fleet, store) {
  let kills = 0
  for (;;) {
    const child = spawn(process.execPath, [cli, ...runArgs(fleet, store, '2')], { stdio: 'ignore' })
    const timer = kills < Number(KILLS) ? setTimeout(() => child.kill('SIGKILL'), 700 + Math.random() * 2500) : null
    const signal = await new Promise(resolve => child.once('close', (_, by) => resolve(by)))
    clearTimeout(timer)
    if (signal !== 'SIGKILL') return kills
    kills++
  }
}

const hashes = new Set()
for (const fleet of fleets) {
  const store = join(out, 'fleet.db')
  const fresh = () => {
    for (const end of ['', '.wal', '.tmp']) rmSync(store + end, { recursive: true, force: true })
  }
  for (const jobs of JOBS.split(',').filter(Boolean)) {
    fresh()
    const start = performance.now()
    const ran = inquest(...runArgs(fleet, store, jobs))
    if (ran.status !== 1) console.log(ran.stdout, ran.stderr)
    hashes.add(verdict(fleet, store, `${fleet}, ${jobs} workers`, (performance.now() - start) / 1000))
  }
  if (KILLS === '0') continue
  fresh()
  const start = performance.now()
  const kills = await killed(fleet, store)
  hashes.add(verdict(fleet, store, `${fleet}, killed ${kills} times`, (performance.now() - start) / 1000))
}
console.log(hashes.size === 1 ? 'every report has the same bytes' : `${hashes.size} DIFFERENT reports`)
process.exit(hashes.size === 1 ? 0 : 1)
