// Runs `fleet run` over folders of logs and says what it takes: seconds by the clock and of processor time, and memory, of all its processes
// together at the worst moment (resident pages, those that they share counted once for each process; and each page once).
//
//   node bench/fleet-scale.mjs OUT JOBS[,JOBS] ROUNDS LOGS…        JOBS: 1,2 runs one worker against two, in turn
//
// For many hosts: bench/fleet-hosts.mjs; for lab-sized ones: make-fleet.mjs. Linux only: /proc tells.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [out, jobs, rounds, ...folders] = process.argv.slice(2)
if (!out || folders.length === 0) throw new Error('usage: fleet-scale.mjs OUT JOBS[,JOBS] ROUNDS LOGS…')
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
mkdirSync(out, { recursive: true })
const store = join(out, 'scale.db')

const TICKS = 100 // a second: USER_HZ
const of = (pid, file) => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return '' // gone
  }
}
const fields = pid =>
  of(pid, 'stat')
    .replace(/^.*\) /, '')
    .split(' ')
const kilobytes = (text, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)

async function measured(logs, workers) {
  for (const end of ['', '.wal', '.tmp']) rmSync(store + end, { recursive: true, force: true })
  const args = [cli, 'fleet', 'run', logs, '--store', store, '--jobs', workers, '--timezone', 'UTC', '--quiet']
  const start = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', data => {
    said += data
  })
  const cpu = new Map()
  const peak = { rss: 0, pss: 0, own: 0 }
  const sample = () => {
    const family = [child.pid, ...of(child.pid, `task/${child.pid}/children`).trim().split(' ').filter(Boolean)]
    for (const pid of family) {
      const stat = fields(pid)
      cpu.set(pid, (Number(stat[11]) + Number(stat[12])) / TICKS || cpu.get(pid) || 0)
    }
    const rss = family.map(pid => kilobytes(of(pid, 'status'), 'VmRSS'))
    peak.own = Math.max(peak.own, rss[0])
    peak.rss = Math.max(
      peak.rss,
      rss.reduce((sum, each) => sum + each, 0),
    )
    peak.pss = Math.max(
      peak.pss,
      family.map(pid => kilobytes(of(pid, 'smaps_rollup'), 'Pss')).reduce((sum, each) => sum + each, 0),
    )
  }
  const timer = setInterval(sample, 100)
  const status = await new Promise(resolve => child.once('close', resolve))
  clearInterval(timer)
  const seconds = (performance.now() - start) / 1000
  const total = [...cpu.values()].reduce((sum, each) => sum + each, 0)
  const mb = kb => (kb / 1024).toFixed(0).padStart(4)
  console.log(
    `${logs}, ${workers} workers: ${seconds.toFixed(1)} s, ${total.toFixed(1)} s of processor time (${(cpu.get(child.pid) ?? 0).toFixed(1)} s the run itself); ` +
      `${mb(peak.rss)} MB together (${mb(peak.pss)} with shared pages counted once), ${mb(peak.own)} MB the run itself; store ${(statSync(store).size / 1e6).toFixed(0)} MB; exit ${status}; ${said.trim().split('\n').at(-1)}`,
  )
  return seconds
}

const numbers = jobs.split(',')
for (const logs of folders) {
  const times = numbers.map(() => [])
  for (let round = 0; round < Number(rounds); round++)
    for (const [index, workers] of numbers.entries()) times[index].push(await measured(logs, workers))
  if (numbers.length < 2) continue
  const middle = list => list.sort((a, b) => a - b)[list.length >> 1]
  const [first, ...others] = times.map(middle)
  for (const [index, other] of others.entries())
    console.log(`${logs}: ${numbers[index + 1]} workers have ${(first / other).toFixed(2)} times the throughput of ${numbers[0]}`)
}
