import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { generate, type Mix } from './generate.ts'

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

  /** A folder of hosts' logs (fleet-hosts.mjs): so many lines each, every so many hosts one that froze. */
  fleet(hosts: number, lines: number, every: number): string {
    const folder = join(this.folder, `fleet-${hosts}-${lines}`)
    if (existsSync(folder)) return join(folder, 'logs')
    execFileSync(process.execPath, ['bench/fleet-hosts.mjs', `${folder}.part`, String(hosts), String(lines), String(every)])
    renameSync(`${folder}.part`, folder)
    return join(folder, 'logs')
  }
}
