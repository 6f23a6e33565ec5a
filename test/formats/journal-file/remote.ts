/** Journals made by systemd-journal-remote from generated exports. */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

const REMOTE = '/lib/systemd/systemd-journal-remote'

export interface Fields {
  [name: string]: string | Buffer | readonly (string | Buffer)[]
}

/** How a journal is to be written, by environment variables of systemd 252 and later. */
export interface Flavour {
  keyed?: boolean
  compact?: boolean
  compress?: boolean
}

const START = 1_772_418_000_000_000
const BOOTS = ['1f9d2d8b5e604b1ca0e3f405162738f2', '2a0e3f405162738f21f9d2d8b5e604b1']

/** An export of so many entries, in two boots, the fields as given. */
export function exportOf(count: number, fieldsOf: (index: number) => Fields): Buffer {
  const parts: Buffer[] = []
  for (let index = 0; index < count; index++) {
    const second = index >= count / 2
    const boot = BOOTS[second ? 1 : 0] ?? ''
    const mono = 5_000_000 + (second ? index - Math.ceil(count / 2) : index) * 997
    const time = START + index * 997 + (second ? 60e6 : 0)
    parts.push(line(`__REALTIME_TIMESTAMP=${time}`), line(`__MONOTONIC_TIMESTAMP=${mono}`), line(`_BOOT_ID=${boot}`))
    for (const [name, values] of Object.entries(fieldsOf(index))) {
      for (const value of [values].flat()) parts.push(field(name, typeof value === 'string' ? Buffer.from(value) : value))
    }
    parts.push(line(''))
  }
  return Buffer.concat(parts)
}

function line(text: string): Buffer {
  return Buffer.from(`${text}\n`)
}

function field(name: string, value: Buffer): Buffer {
  const plain = value.every(byte => byte >= 32 && byte < 127)
  if (plain) return Buffer.concat([Buffer.from(`${name}=`), value, Buffer.from('\n')])
  const size = Buffer.alloc(8)
  size.writeUInt32LE(value.length)
  return Buffer.concat([Buffer.from(`${name}\n`), size, value, Buffer.from('\n')])
}

/** Writes one journal file. Throws where systemd-journal-remote will not. */
export function writeJournal(
  path: string,
  entries: Buffer,
  { keyed = true, compact = true, compress = true }: Flavour = {},
): string {
  mkdirSync(dirname(path), { recursive: true })
  const env = {
    ...process.env,
    SYSTEMD_JOURNAL_KEYED_HASH: keyed ? '1' : '0',
    SYSTEMD_JOURNAL_COMPACT: compact ? '1' : '0',
  }
  const args = [`--output=${path}`, '--split-mode=none', `--compress=${compress ? 'yes' : 'no'}`, '-']
  const made = spawnSync(REMOTE, args, { input: entries, env, maxBuffer: 1 << 26 })
  if (made.error) throw made.error
  if (made.status !== 0) throw new Error(`systemd-journal-remote: ${made.stderr}`)
  return path
}

/** A machine's usual lines: PID 1, daemons, the kernel; a freeze in the middle. */
export function usual(count: number): (index: number) => Fields {
  const units = Array.from({ length: 40 }, (_, index) => `app-${index}.service`)
  return index => {
    const frozen = index === Math.floor(count / 2) - 7
    const pid1 = frozen || index % 7 === 0
    const unit = units[index % units.length] ?? ''
    return {
      MESSAGE: frozen
        ? 'Freezing execution.'
        : pid1
          ? `${unit}: Deactivated successfully.`
          : `request ${index} took ${(index * 7919) % 1000} ms`,
      PRIORITY: frozen ? '0' : '6',
      SYSLOG_FACILITY: '3',
      SYSLOG_IDENTIFIER: pid1 ? 'systemd' : unit.replace('.service', ''),
      _TRANSPORT: 'journal',
      _PID: pid1 ? '1' : String(1000 + (index % 40)),
      _UID: '0',
      _GID: '0',
      _COMM: pid1 ? 'systemd' : unit.replace('.service', ''),
      _EXE: pid1 ? '/usr/lib/systemd/systemd' : `/usr/bin/${unit}`,
      _CMDLINE: pid1 ? '/sbin/init' : `/usr/bin/${unit} --serve`,
      _SYSTEMD_CGROUP: pid1 ? '/init.scope' : `/system.slice/${unit}`,
      _SYSTEMD_UNIT: pid1 ? 'init.scope' : unit,
      _SYSTEMD_SLICE: pid1 ? '-.slice' : 'system.slice',
      _MACHINE_ID: 'c0ffee00c0ffee00c0ffee00c0ffee00',
      _HOSTNAME: 'vm-web-07',
      CODE_FILE: 'src/core/unit.c',
      CODE_LINE: String(5700 + (index % 30)),
      ...(pid1 ? { UNIT: unit } : {}),
    }
  }
}
