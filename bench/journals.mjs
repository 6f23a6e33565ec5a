/**
 * How long `inquest DIR` takes beside `journalctl -D DIR _PID=1 -o json`, which only picks PID 1's lines: in turns, so that both meet the same
 * machine. Beforehand both read everything once, so that neither pays for the disk.
 *
 *   node bench/journals.mjs DIR [ROUNDS]     needs journalctl and a build (npm run build)
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const [directory, rounds = '5'] = process.argv.slice(2)
if (!directory) {
  console.error('usage: node bench/journals.mjs DIR [ROUNDS]')
  process.exit(2)
}
const cli = new URL('../dist/cli.js', import.meta.url).pathname
const runs = {
  inquest: [process.execPath, cli, '--format', 'json', directory],
  journalctl: ['journalctl', '-D', directory, '--no-pager', '_PID=1', '-o', 'json'],
}

function seconds([command, ...rest]) {
  const begin = process.hrtime.bigint()
  const { error, status, stderr } = spawnSync(command, rest, { stdio: ['ignore', 'ignore', 'pipe'] })
  if (error) throw error
  if (status === null || status > 3) throw new Error(`${command}: ${stderr}`)
  return Number(process.hrtime.bigint() - begin) / 1e9
}

const size = readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0)
const times = { inquest: [], journalctl: [] }
for (const name of Object.keys(runs)) seconds(runs[name])
for (let round = 0; round < Number(rounds); round++) {
  for (const name of Object.keys(runs)) times[name].push(seconds(runs[name]))
}
const best = name => Math.min(...times[name])
console.log(`${(size / 1e6).toFixed(0)} MB, best of ${rounds} rounds in turns`)
for (const name of Object.keys(runs))
  console.log(`${name.padEnd(11)} ${best(name).toFixed(2)} s   (${times[name].map(each => each.toFixed(2)).join(' ')})`)
console.log(`ratio       ${(best('inquest') / best('journalctl')).toFixed(2)} of journalctl's time`)
