import type { Feed } from '../bytes/feed.ts'
import { clean } from './clean.ts'
import { AT, FIELD_COUNT, type Fields, fromFields, placeOf } from './fields.ts'
import { type Form, PASS, WAIT } from './form.ts'
import { FULL } from './full-stamp.ts'

/**
 * `journalctl -o verbose`: a head with stamp and cursor, then the fields, each indented by four. The cursor says more exactly than the
 * head when the entry was received: b = boot, m = µs since boot, t = µs since 1970, both in hex.
 */
export const verbose: Form = {
  name: 'verbose',
  about: 'journalctl -o verbose',
  example: `Mon 2026-03-02 02:30:41.203950 UTC [s=3b13;i=2;b=1f9d2d8b5e604b1ca0e3f405162738f2;m=35a6cb40;t=64c015f6e3400;x=9]
    _PID=1
    SYSLOG_IDENTIFIER=systemd
    MESSAGE=Freezing execution.
    _HOSTNAME=vm-web-07
`,
  read(feed) {
    const raw = feed.peek()
    if (raw === null) return WAIT
    const head = HEAD.exec(clean(raw))
    if (!head) return PASS
    const mark = feed.mark()
    feed.take()
    const fields = cursorFields(head[head.length - 1] ?? '')
    if (readFields(feed, fields)) return fromFields(fields)
    feed.reset(mark)
    return WAIT
  },
}

const HEAD = new RegExp(`^${FULL} \\[(s=[^\\]]+)\\]$`)
const FIELD = /^ {4}([A-Z_][A-Z0-9_]*)=(.*)$/s
const BLANK = 32

function cursorFields(cursor: string): Fields {
  const fields: Fields = new Array(FIELD_COUNT).fill(undefined)
  const part = (letter: string) => new RegExp(`;${letter}=([0-9a-f]+)`).exec(cursor)?.[1]
  const decimal = (hex: string | undefined) => (hex === undefined ? undefined : String(Number.parseInt(hex, 16)))
  fields[AT.__CURSOR] = cursor
  fields[AT._BOOT_ID] = part('b')
  fields[AT.__MONOTONIC_TIMESTAMP] = decimal(part('m'))
  fields[AT.__REALTIME_TIMESTAMP] = decimal(part('t'))
  return fields
}

/** The indented lines; false where it cannot be known yet whether more follow. */
function readFields(feed: Feed, fields: Fields): boolean {
  let place: number | undefined
  let column = 0
  for (;;) {
    if (feed.first() === -1) return feed.final
    if (feed.first() !== BLANK) return true
    const raw = feed.peek()
    if (raw === null) return feed.final
    const line = clean(raw)
    const field = FIELD.exec(line)
    if (field) {
      place = placeOf(field[1] ?? '')
      column = 5 + (field[1]?.length ?? 0)
      if (place !== undefined) fields[place] = field[2]
    } else if (place !== undefined) fields[place] += `\n${line.slice(Math.min(column, line.length - line.trimStart().length))}`
    feed.take()
  }
}
