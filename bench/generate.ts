/**
 * Makes large logs that are the same on every machine: NDJSON as `journalctl -o json` writes it, or syslog text.
 *
 *   node bench/run.mjs generate.ts json 1000 15 > big.ndjson      1000 MB, 15 % of the entries PID 1's
 *
 * No incident is in there unless `storm` follows: then every unit is restarted in a loop and mounts come and go.
 */
import { writeSync } from 'node:fs'

export interface Mix {
  form: 'json' | 'text'
  megabytes: number
  /** Per cent of the entries that PID 1 writes. */
  pid1: number
  storm: boolean
}

/** Marsaglia's xorshift32: small, fast, and the same everywhere. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

const BOOT = 'b4e411756d944b56a7f2eb55d84326eb'
const START = 1_795_484_741_000_000
const WORDS =
  'connection closed opened request served cache miss retry user session key value disk read write sync timeout ok'.split(' ')

/** Lines of the log, in blocks of about a megabyte. */
export function* generate({ form, megabytes, pid1, storm }: Mix): Generator<string> {
  const next = random(20261124)
  let made = 0
  let block = ''
  for (let index = 0; made < megabytes * 1e6; index++) {
    const time = START + index * 1000
    const own = next() * 100 < pid1
    const message = own ? pid1Message(index, next, storm) : chatter(index, next)
    const line = form === 'json' ? jsonLine(index, time, own, message) : textLine(time, own, message)
    block += line
    if (block.length < 1 << 20) continue
    made += block.length
    yield block
    block = ''
  }
}

export function pid1Message(index: number, next: () => number, storm: boolean): string {
  const unit = `worker@${Math.floor(next() * 400)}.service`
  if (storm && index % 3 === 0) return `srv-data-vol${index % 5000}.mount: Deactivated successfully.`
  const kind = index % 4
  if (kind === 0) return `Starting ${unit} - Worker ${index % 400}...`
  if (kind === 1) return `Started ${unit} - Worker ${index % 400}.`
  if (kind === 2) return `${unit}: Deactivated successfully.`
  return `Stopped ${unit} - Worker ${index % 400}.`
}

export function chatter(index: number, next: () => number): string {
  const words = Array.from({ length: 6 }, () => WORDS[Math.floor(next() * WORDS.length)])
  return `${words.join(' ')} id=${index}`
}

function jsonLine(index: number, time: number, own: boolean, message: string): string {
  const pid = own ? '1' : String(2000 + (index % 3000))
  const ident = own ? 'systemd' : 'app'
  const unit = own ? 'init.scope' : 'app.service'
  return `{"__CURSOR":"s=edbe9794a6ab443988d2de8836858520;i=${index.toString(16)};b=${BOOT};t=${time.toString(16)}","__REALTIME_TIMESTAMP":"${time}","__MONOTONIC_TIMESTAMP":"${time - START + 3_000_000}","_BOOT_ID":"${BOOT}","_HOSTNAME":"vm-web-07","_PID":"${pid}","_COMM":"${ident}","_TRANSPORT":"journal","PRIORITY":"6","SYSLOG_IDENTIFIER":"${ident}","_SYSTEMD_UNIT":"${unit}","MESSAGE":"${message}"}\n`
}

function textLine(time: number, own: boolean, message: string): string {
  const stamp = new Date(Math.floor(time / 1000)).toISOString().replace('Z', '000+00:00')
  return `${stamp} vm-web-07 ${own ? 'systemd[1]' : `app[${2000 + (time % 3000)}]`}: ${message}\n`
}

if (process.argv[1]?.endsWith('generate.mjs')) {
  const [form = 'json', megabytes = '1000', pid1 = '15', storm] = process.argv.slice(2)
  for (const block of generate({
    form: form === 'text' ? 'text' : 'json',
    megabytes: Number(megabytes),
    pid1: Number(pid1),
    storm: storm === 'storm',
  })) {
    for (let left = Buffer.from(block); left.length > 0; ) left = left.subarray(writeSync(1, left))
  }
}
