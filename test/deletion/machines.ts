/** Cases of a machine's root, for the lines of rules that only its disk can fill: the times of links do not survive in a repository. */
import { cpSync, lutimesSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Case } from '../golden/corpus.ts'

const UNITS = 'rsyslog-nolink-255'
const LINK = 'etc/systemd/system/syslog.service'

/** Unit up, link, reload: what the log of the run says of the moments between which the link is made. */
const MACHINES = [
  { name: 'linked-while-it-ran', run: 'rsyslog-nolink-255', linked: '2026-11-24T01:51:20.8Z' },
  { name: 'linked-in-a-whole-second', run: 'rsyslog-nolink-255', linked: '2026-11-24T01:51:20Z' },
  { name: 'linked-before-the-boot', run: 'rsyslog-nolink-255', linked: '2026-11-20T00:00:00Z' },
  { name: 'double-start', run: 'rsyslog-doublestart-257', linked: '2026-11-24T01:45:43.9Z' },
]

/** Plants the machines below `dir`. */
export function machines(fixtures: string, dir: string, now: Date): Case[] {
  return MACHINES.map(({ name, run, linked }) => {
    const root = join(dir, name)
    cpSync(join(fixtures, 'roots', UNITS), root, { recursive: true })
    rmSync(join(root, 'system.journal.zst'))
    const lines = gunzipSync(readFileSync(join(fixtures, 'lab', run, 'json.log.gz')))
      .toString()
      .split('\n')
    const host = /"_HOSTNAME":"([^"]+)"/.exec(lines[0] ?? '')?.[1] ?? ''
    plant(join(root, 'var/log/syslog'), lines.filter(line => !line.includes('Created symlink')).join('\n'))
    plant(join(root, 'etc/hostname'), `${host}\n`)
    mkdirSync(dirname(join(root, LINK)), { recursive: true })
    symlinkSync('/usr/lib/systemd/system/rsyslog.service', join(root, LINK))
    lutimesSync(join(root, LINK), new Date(linked), new Date(linked))
    return { name, paths: [root], bytes: null, options: { timezone: 'UTC', now } }
  })
}

function plant(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
