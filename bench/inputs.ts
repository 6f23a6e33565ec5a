import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { generate, type Mix } from './generate.ts'
import { exported } from './journal-export.ts'

const REMOTE = '/lib/systemd/systemd-journal-remote'
/** Of 42 MB. */
const ENTRIES_A_JOURNAL = 60_000

/** Makes the inputs that are not there yet; the same on every machine. */
export class Inputs {
  constructor(
    private readonly folder: string,
    private readonly megabytes: number,
  ) {
    mkdirSync(folder, { recursive: true })
  }

  log(form: Mix['form'], pid1: number, { storm = false, part = 1 } = {}): string {
    const megabytes = Math.round(this.megabytes * part)
    const path = join(this.folder, `${form}-${megabytes}-${pid1}${storm ? '-storm' : ''}.log`)
    if (existsSync(path)) return path
    const file = openSync(`${path}.part`, 'w')
    for (const block of generate({ form, megabytes, pid1, storm })) {
      for (let left = Buffer.from(block); left.length > 0; ) left = left.subarray(writeSync(file, left))
    }
    closeSync(file)
    renameSync(`${path}.part`, path)
    return path
  }

  /** A folder of so many hosts' logs: 00.ndjson, 10.ndjson, 01.ndjson … */
  hosts(files: number, part: number): string {
    const folder = join(this.folder, `hosts-${files}-${Math.round(this.megabytes * part)}`)
    if (existsSync(folder)) return folder
    const log = this.log('json', 15, { part })
    mkdirSync(`${folder}.part`)
    for (let file = 0; file < files; file++) {
      const to = openSync(join(`${folder}.part`, `${file % 2}${file >> 1}.ndjson`), 'w')
      const renamed = spawnSync('sed', [`s/vm-web-07/vm-web-${file + 10}/`, log], { stdio: ['ignore', to, 'inherit'] })
      closeSync(to)
      if (renamed.status !== 0) throw new Error('sed failed')
    }
    renameSync(`${folder}.part`, folder)
    return folder
  }

  /** Native journals, of 42 MB each; null where systemd-journal-remote is not installed. */
  journals(files: number, pid1: number): string | null {
    const path = join(this.folder, `journals-${files}-${pid1}`)
    if (existsSync(path)) return path
    if (!existsSync(REMOTE)) return null
    mkdirSync(`${path}.part`, { recursive: true })
    for (let file = 0; file < files; file++) {
      const input = exported(file * ENTRIES_A_JOURNAL, ENTRIES_A_JOURNAL, pid1)
      const output = join(`${path}.part`, `${String(file).padStart(3, '0')}.journal`)
      const made = spawnSync(REMOTE, [`--output=${output}`, '--split-mode=none', '-'], { input })
      if (made.status !== 0) throw new Error(`systemd-journal-remote: ${made.stderr}`)
    }
    renameSync(`${path}.part`, path)
    return path
  }

  /** A folder of hosts' logs (fleet-hosts.mjs): so many lines each, every so many hosts one that froze. */
  fleet(hosts: number, lines: number, every: number): string {
    const folder = join(this.folder, `fleet-${hosts}-${lines}`)
    if (existsSync(folder)) return join(folder, 'logs')
    execFileSync(process.execPath, ['bench/fleet-hosts.mjs', `${folder}.part`, String(hosts), String(lines), String(every)])
    renameSync(`${folder}.part`, folder)
    return join(folder, 'logs')
  }
}
