// Makes a fleet of small hosts from the lab's runs: a file each, a few hundred to a folder. Deterministic.
//
//   node bench/fleet-hosts.mjs OUT [HOSTS=100000] [LINES=40] [EVERY=50]        OUT/logs/NNN/host-NNNNNN.ndjson, every 50th host of a run that froze
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const [out, hosts = '100000', most = '40', every = '50'] = process.argv.slice(2)
if (!out) throw new Error('usage: fleet-hosts.mjs OUT [HOSTS] [LINES] [EVERY]')
const lab = fileURLToPath(new URL('../fixtures/lab/', import.meta.url))
const linesOf = run =>
  gunzipSync(readFileSync(join(lab, run, 'json.log.gz')))
    .toString()
    .trimEnd()
    .split('\n')
// Of the healthy only the beginning: 100,000 of them would be 20 GB. What froze is whole.
const healthy = linesOf('healthy-257').slice(0, Number(most))
const frozen = linesOf('rsyslog-kill-257')
const hex = text => createHash('sha256').update(text).digest('hex').slice(0, 32)

for (let index = 0; index < Number(hosts); index++) {
  const host = `host-${String(index).padStart(6, '0')}`
  const folder = join(out, 'logs', String(Math.floor(index / 400)))
  if (index % 400 === 0) mkdirSync(folder, { recursive: true })
  const [machine, boot] = [hex(`m${index}`), hex(`b${index}`)]
  const text = (index % Number(every) === Number(every) - 1 ? frozen : healthy)
    .map(line =>
      line
        .replace(/"_HOSTNAME":"[^"]*"/, `"_HOSTNAME":"${host}"`)
        .replace(/"_MACHINE_ID":"[^"]*"/, `"_MACHINE_ID":"${machine}"`)
        .replace(/"_BOOT_ID":"[^"]*"/, `"_BOOT_ID":"${boot}"`),
    )
    .join('\n')
  writeFileSync(join(folder, `${host}.ndjson`), `${text}\n`)
}
