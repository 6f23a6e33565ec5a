// Runs a fleet on a standalone Spark cluster on this machine (a master, two workers), ends one of the workers in the middle, and compares the
// report with that of `fleet run`, byte by byte.
//
//   PYTHON=…/python node bench/fleet-spark.mjs OUT LOGS [PARTITIONS]        PYTHON: one that has pyspark; Java 17
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const [out, logs, partitions = '16'] = process.argv.slice(2)
if (!out || !logs) throw new Error('usage: fleet-spark.mjs OUT LOGS [PARTITIONS]')
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const driver = fileURLToPath(new URL('../dist/inquest_fleet.py', import.meta.url))
const python = process.env.PYTHON ?? 'python3'
const home = spawnSync(python, ['-c', 'import os, pyspark; print(os.path.dirname(pyspark.__file__))'], {
  encoding: 'utf8',
}).stdout.trim()
const env = {
  ...process.env,
  SPARK_HOME: home,
  SPARK_LOCAL_IP: '127.0.0.1',
  PYSPARK_PYTHON: python,
  PYSPARK_DRIVER_PYTHON: python,
}
const port = 20000 + (process.pid % 20000)
const master = `spark://127.0.0.1:${port}`
rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })

const started = []
const daemon = (...args) => {
  // A group of its own: its executors end with it.
  const child = spawn(join(home, 'bin/spark-class'), args, { env, stdio: 'ignore', detached: true })
  started.push(child)
  return child
}
const end = child => {
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // gone already
  }
}
const inquest = (...args) => spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', maxBuffer: 2 ** 30 })
const wait = ms => new Promise(done => setTimeout(done, ms))

try {
  daemon('org.apache.spark.deploy.master.Master', '--host', '127.0.0.1', '--port', String(port), '--webui-port', '0')
  await wait(4000)
  const workers = [0, 1].map(n =>
    daemon(
      'org.apache.spark.deploy.worker.Worker',
      '--host',
      '127.0.0.1',
      '--webui-port',
      '0',
      master,
      '-c',
      '1',
      '-m',
      '1g',
      '-d',
      resolve(out, `worker-${n}`),
    ),
  )
  await wait(5000)
  const start = performance.now()
  const result = join(out, 'result')
  const args = [
    '--master',
    master,
    driver,
    '--out',
    resolve(result),
    '--inquest',
    `${process.execPath} ${cli}`,
    '--partitions',
    partitions,
  ]
  const job = spawn(join(home, 'bin/spark-submit'), [...args, resolve(logs), '--', '--timezone', 'UTC'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let told = ''
  let killed = false
  job.stderr.on('data', data => {
    told += data
    // Some of the tasks are done and others under way.
    const done = (told.match(/Finished task/g) ?? []).length
    if (!killed && done >= Number(partitions) / 4) {
      killed = true
      end(workers[0])
      console.log(`a worker was killed when ${done} of ${partitions} tasks were done`)
    }
  })
  const status = await new Promise(done => job.once('close', done))
  const seconds = (performance.now() - start) / 1000
  const lost = (told.match(/Lost task|Lost executor/g) ?? []).length
  if (status !== 0) console.log(told.split('\n').slice(-30).join('\n'))
  console.log(`spark-submit ended with ${status} after ${seconds.toFixed(1)} s; ${lost} tasks or executors lost on the way`)
  inquest('fleet', 'run', logs, '--store', join(out, 'run.db'), '--timezone', 'UTC', '--quiet')
  const reports = ['text', 'json', 'html', 'csv'].map(format =>
    [result, join(out, 'run.db')].map(store => inquest('fleet', 'report', '--store', store, '--format', format).stdout),
  )
  const same = reports.every(([spark, run]) => spark !== '' && spark === run)
  console.log(same && killed ? 'the reports have the same bytes' : `NOT PROVEN: same bytes ${same}, a worker killed ${killed}`)
  process.exitCode = same && killed && status === 0 ? 0 : 1
} finally {
  for (const child of started) end(child)
}
