/** A lab run's journal as a list of entries that can be edited: the twins of each rule are real logs with one thing changed. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

export type Fields = Record<string, string>

/** Fields that decide something; the rest only makes the fixtures long. */
const KEPT = [
  '__REALTIME_TIMESTAMP',
  '__MONOTONIC_TIMESTAMP',
  '_BOOT_ID',
  '_HOSTNAME',
  '_TRANSPORT',
  '_PID',
  '_COMM',
  '_SYSTEMD_UNIT',
  'SYSLOG_IDENTIFIER',
  'SYSLOG_PID',
  'PRIORITY',
  'UNIT',
  'MESSAGE',
]

const SECOND = 1_000_000

export class Story {
  constructor(readonly entries: readonly Fields[]) {}

  /** The run's last entries; all of them without a number. */
  static of(run: string, last = Number.POSITIVE_INFINITY): Story {
    const path = new URL(`../../fixtures/lab/${run}/json.log.gz`, import.meta.url)
    const lines = gunzipSync(readFileSync(path)).toString().trimEnd().split('\n')
    const entries = lines.map(line => JSON.parse(line) as Record<string, unknown>)
    return new Story(entries.slice(-Math.min(last, entries.length)).map(pick))
  }

  /** A story of no machine in particular, one second between the lines. */
  static told(lines: readonly string[], more: Fields = {}): Story {
    const start = Date.UTC(2026, 10, 24, 10) * 1000
    return new Story(
      lines.map((line, index) => {
        const [, ident = 'systemd', pid = '1', message = line] = /^([\w-]+)\[(\d+)\]: (.*)$/.exec(line) ?? []
        return {
          ...speaker(ident, pid),
          __REALTIME_TIMESTAMP: String(start + index * SECOND),
          __MONOTONIC_TIMESTAMP: String((100 + index) * SECOND),
          _BOOT_ID: 'b0'.repeat(16),
          _HOSTNAME: 'host-b0b0',
          MESSAGE: message,
          ...more,
        }
      }),
    )
  }

  only(what: RegExp): Story {
    return new Story(this.entries.filter(entry => what.test(entry.MESSAGE ?? '')))
  }

  without(what: RegExp): Story {
    return new Story(this.entries.filter(entry => !what.test(entry.MESSAGE ?? '')))
  }

  /** Everything up to the first line that matches, that one included or not. */
  until(what: RegExp, included = true): Story {
    return new Story(this.entries.slice(0, this.find(what) + (included ? 1 : 0)))
  }

  from(what: RegExp): Story {
    return new Story(this.entries.slice(this.find(what)))
  }

  /** Moves matching lines in time, and with them in order. */
  shift(what: RegExp, seconds: number): Story {
    return new Story(this.entries.map(entry => (what.test(entry.MESSAGE ?? '') ? later(entry, seconds) : entry))).sorted()
  }

  /** Moves a line and all that follow. */
  shiftFrom(what: RegExp, seconds: number): Story {
    const from = this.find(what)
    return new Story(this.entries.map((entry, index) => (index >= from ? later(entry, seconds) : entry)))
  }

  /** Adds a line right after (or, with seconds, that long after) the first one that matches. */
  add(after: RegExp, message: string, more: Fields = {}, seconds = 0): Story {
    const index = this.find(after)
    const model = this.entries[index] as Fields
    const { UNIT: _, ...place } = model
    const added = { ...later(place, seconds), ...speaker('systemd', '1'), ...more, MESSAGE: message }
    const entries = [...this.entries.slice(0, index + 1), added, ...this.entries.slice(index + 1)]
    return new Story(entries).sorted()
  }

  before(what: RegExp, message: string, more: Fields = {}): Story {
    const index = this.find(what)
    const { UNIT: _, ...place } = this.entries[index] as Fields
    const added = { ...place, ...speaker('systemd', '1'), ...more, MESSAGE: message }
    return new Story([...this.entries.slice(0, index), added, ...this.entries.slice(index)])
  }

  replace(what: RegExp, by: string): Story {
    const global = new RegExp(what.source, 'g')
    const edit = (value: string) => value.replace(global, by)
    return new Story(
      this.entries.map(entry => ({
        ...entry,
        MESSAGE: edit(entry.MESSAGE ?? ''),
        ...(entry.UNIT ? { UNIT: edit(entry.UNIT) } : {}),
      })),
    )
  }

  /** Other fields for the lines that match: another speaker, another boot. */
  set(what: RegExp, fields: Fields): Story {
    return new Story(this.entries.map(entry => (what.test(entry.MESSAGE ?? '') ? { ...entry, ...fields } : entry)))
  }

  setAll(fields: Fields): Story {
    return new Story(this.entries.map(entry => ({ ...entry, ...fields })))
  }

  followedBy(next: Story): Story {
    return new Story([...this.entries, ...next.entries])
  }

  later(seconds: number): Story {
    return new Story(this.entries.map(entry => later(entry, seconds)))
  }

  json(): string {
    return this.entries.map(entry => `${JSON.stringify(entry)}\n`).join('')
  }

  /** As `journalctl -o short` prints it, in UTC. */
  short(): string {
    return this.entries
      .map(entry => `${shortHead(entry)}${(entry.MESSAGE ?? '').replaceAll('\n', `\n${' '.repeat(32)}`)}\n`)
      .join('')
  }

  /** As `journalctl -o cat` prints it: who wrote it and when is not told. */
  cat(): string {
    return this.entries.map(entry => `${entry.MESSAGE ?? ''}\n`).join('')
  }

  private find(what: RegExp): number {
    const index = this.entries.findIndex(entry => what.test(entry.MESSAGE ?? ''))
    if (index < 0) throw new Error(`no line matches ${what}`)
    return index
  }

  private sorted(): Story {
    const time = (entry: Fields) => Number(entry.__REALTIME_TIMESTAMP)
    return new Story([...this.entries].sort((a, b) => time(a) - time(b)))
  }
}

export function speaker(ident: string, pid: string): Fields {
  if (pid === '1')
    return { _TRANSPORT: 'journal', _PID: '1', _COMM: 'systemd', _SYSTEMD_UNIT: 'init.scope', SYSLOG_IDENTIFIER: ident }
  return {
    _TRANSPORT: 'syslog',
    _PID: pid,
    _COMM: ident.slice(0, 15),
    _SYSTEMD_UNIT: `${ident}.service`,
    SYSLOG_IDENTIFIER: ident,
    SYSLOG_PID: pid,
  }
}

/** What logger(1) can forge, and what journald says of it all the same. */
export const FORGED: Fields = {
  _TRANSPORT: 'syslog',
  _PID: '4711',
  _COMM: 'logger',
  _SYSTEMD_UNIT: 'session-3.scope',
  SYSLOG_IDENTIFIER: 'systemd',
  SYSLOG_PID: '1',
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function shortHead(entry: Fields): string {
  const date = new Date(Number(entry.__REALTIME_TIMESTAMP) / 1000)
  const clock = date.toISOString().slice(11, 19)
  const day = String(date.getUTCDate()).padStart(2, '0')
  const pid = entry._PID ? `[${entry.SYSLOG_PID && entry._COMM === 'logger' ? entry.SYSLOG_PID : entry._PID}]` : ''
  return `${MONTHS[date.getUTCMonth()]} ${day} ${clock} ${entry._HOSTNAME} ${entry.SYSLOG_IDENTIFIER}${pid}: `
}

function later(entry: Fields, seconds: number): Fields {
  const add = (field: string) => ({ [field]: String(Number(entry[field]) + seconds * SECOND) })
  return { ...entry, ...add('__REALTIME_TIMESTAMP'), ...add('__MONOTONIC_TIMESTAMP') }
}

function pick(entry: Record<string, unknown>): Fields {
  const picked: Fields = {}
  for (const name of KEPT) if (typeof entry[name] === 'string') picked[name] = entry[name]
  return picked
}
