import { clean } from './clean.ts'
import type { Draft } from './draft.ts'
import { AT, FIELD_COUNT, type Fields, fromFields, placeOf } from './fields.ts'
import type { Scene } from './form.ts'
import { type JsonObject, textOf } from './object.ts'
import { ISO, isoTime } from './stamp.ts'

/** Names under which shippers carry the message, best first (field-notes section 3). */
const MESSAGES = ['message', '_msg', 'msg', 'log', 'SyslogMessage', '_raw', 'textPayload', 'line']
/** Objects in which shippers put the record. */
const NESTS = ['_source', 'jsonPayload', 'result', 'fields', 'event']

/** Other names of journal fields; lower case, as they are compared. */
const ALIASES: Record<string, keyof typeof AT> = {
  host: '_HOSTNAME',
  hostname: '_HOSTNAME',
  computer: '_HOSTNAME',
  'host.hostname': '_HOSTNAME',
  'host.name': '_HOSTNAME',
  fromhost: '_HOSTNAME',
  'log.syslog.appname': 'SYSLOG_IDENTIFIER',
  processname: 'SYSLOG_IDENTIFIER',
  programname: 'SYSLOG_IDENTIFIER',
  appname: 'SYSLOG_IDENTIFIER',
  program: 'SYSLOG_IDENTIFIER',
  'process.pid': 'SYSLOG_PID',
  processid: 'SYSLOG_PID',
  procid: 'SYSLOG_PID',
  'process.name': '_COMM',
  'systemd.unit': '_SYSTEMD_UNIT',
  'journald.custom.unit': 'UNIT',
}

const TIMES = ['timestamp', '@timestamp', '_time', 'time', 'timegenerated', 'timereported', 'ts', 'eventtime']

/** A journal entry, or a log line, as a shipper wrote it; null where nothing in it is a message. */
export function readShipped(object: JsonObject, scene: Scene): Draft | null {
  const flat = flatten(object)
  const message = MESSAGES.map(name => flat.get(name.toLowerCase())).find(value => value !== undefined)
  if (message === undefined || (typeof message !== 'string' && !Array.isArray(message))) return null
  const text = textOf(message) ?? ''
  const fields = fieldsOf(flat, object)
  const known = fields[AT.SYSLOG_IDENTIFIER] !== undefined || fields[AT._PID] !== undefined || fields[AT._TRANSPORT] !== undefined
  const draft = known ? fromFields(fields) : scene.inner(text)
  if (known) draft.message = clean(text)
  else fill(draft, fromFields(fields))
  // _PID or PID? Only the name with its underscore is journald's own word.
  if (!flat.has('_pid') && !flat.has('_transport')) draft.vouched = null
  if (draft.time === null && draft.civil === null) setShippedTime(draft, flat)
  return draft
}

/** What the wrapper knows and the line in it does not. */
function fill(draft: Draft, outer: Draft): void {
  draft.host ??= outer.host
  draft.machineId ??= outer.machineId
  draft.boot ??= outer.boot
  draft.mono ??= outer.mono
  draft.speakerUnit ??= outer.speakerUnit
  draft.unit ??= outer.unit
  draft.cursor ??= outer.cursor
  if (draft.time === null && draft.civil === null) draft.time = outer.time
}

/** Values by lower-case dotted path; what is nested in a known wrapper is also found by its own name. */
function flatten(object: JsonObject): Map<string, unknown> {
  const flat = new Map<string, unknown>()
  function walk(part: JsonObject, prefix: string, depth: number): void {
    for (const [name, value] of Object.entries(part)) {
      const path = prefix + name.toLowerCase()
      if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < 4) {
        walk(value as JsonObject, NESTS.includes(name) ? prefix : `${path}.`, depth + 1) // just checked
      } else if (!flat.has(path)) flat.set(path, value)
    }
  }
  walk(object, '', 0)
  return flat
}

function fieldsOf(flat: Map<string, unknown>, object: JsonObject): Fields {
  const fields: Fields = new Array(FIELD_COUNT).fill(undefined)
  for (const [path, value] of flat) {
    const text = textOf(value)
    if (text === null) continue
    const alias = ALIASES[path]
    const place = alias === undefined ? journalPlace(path) : AT[alias]
    if (place === undefined || place === AT.MESSAGE) continue
    // The exact name beats a client's field that lost or gained an underscore on its way.
    if (fields[place] === undefined || placeOf(path) !== undefined) fields[place] = text
  }
  for (const [name, place] of Object.entries(AT))
    if (place !== AT.MESSAGE && typeof object[name] === 'string') fields[place] = object[name]
  return fields
}

const NAMES = Object.keys(AT)

/** A journal field whose name lost its case or its underscores. */
function journalPlace(path: string): number | undefined {
  const bare = path.replace(/^_{1,2}/, '').toUpperCase()
  const name = bare === 'PID' && !path.startsWith('_') ? '_PID' : NAMES.find(one => one.replace(/^_{1,2}/, '') === bare)
  return name === undefined ? undefined : placeOf(name)
}

const WHOLE_ISO = new RegExp(`^${ISO}`)

function setShippedTime(draft: Draft, flat: Map<string, unknown>): void {
  for (const name of TIMES) {
    const text = textOf(flat.get(name) ?? null)
    if (text === null) continue
    const iso = WHOLE_ISO.exec(text)
    if (iso && isoTime(iso, 1, draft)) return
    const count = /^\d{9,19}(?:\.\d+)?$/.test(text) ? epoch(text) : null
    if (count !== null) {
      draft.time = count
      return
    }
  }
}

/** Seconds, ms, µs or ns since 1970, told apart by their number of digits, as µs. */
function epoch(text: string): number {
  const digits = text.split('.')[0]?.length ?? 0
  if (digits <= 10) return Math.round(Number(text) * 1e6)
  if (digits <= 13) return Math.round(Number(text) * 1e3)
  return Number(text.slice(0, 16))
}
