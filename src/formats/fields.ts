import { clean } from './clean.ts'
import { type Draft, draftOf } from './draft.ts'

/** The journal fields that matter here, each with its place in Fields. */
export const AT = {
  MESSAGE: 0,
  __REALTIME_TIMESTAMP: 1,
  _SOURCE_REALTIME_TIMESTAMP: 2,
  __MONOTONIC_TIMESTAMP: 3,
  _SOURCE_MONOTONIC_TIMESTAMP: 4,
  _BOOT_ID: 5,
  _HOSTNAME: 6,
  _MACHINE_ID: 7,
  SYSLOG_IDENTIFIER: 8,
  _COMM: 9,
  _PID: 10,
  SYSLOG_PID: 11,
  _TRANSPORT: 12,
  UNIT: 13,
  OBJECT_SYSTEMD_UNIT: 14,
  COREDUMP_UNIT: 15,
  _SYSTEMD_UNIT: 16,
  __CURSOR: 17,
} as const

export const FIELD_COUNT = Object.keys(AT).length

/** Values by place; null where the field is there but its text was left out (journalctl prints null for more than 4096 bytes). */
export type Fields = (string | null | undefined)[]

const places: ReadonlyMap<string, number> = new Map(Object.entries(AT))

export function placeOf(name: string): number | undefined {
  return places.get(name)
}

/** Makes a record of one journal entry's fields. */
export function fromFields(fields: Fields): Draft {
  const draft = draftOf(clean(fields[AT.MESSAGE] ?? ''))
  draft.time = stampOf(fields[AT._SOURCE_REALTIME_TIMESTAMP]) ?? stampOf(fields[AT.__REALTIME_TIMESTAMP])
  draft.mono = whole(fields[AT._SOURCE_MONOTONIC_TIMESTAMP]) ?? whole(fields[AT.__MONOTONIC_TIMESTAMP])
  // An empty name is none: a shipper's template filled in nothing.
  draft.host = fields[AT._HOSTNAME] || null
  draft.machineId = fields[AT._MACHINE_ID] || null
  draft.boot = fields[AT._BOOT_ID] || null
  const comm = fields[AT._COMM] ?? null
  draft.ident = fields[AT.SYSLOG_IDENTIFIER] ?? comm
  const pid = whole(fields[AT._PID])
  const claimedPid = whole(fields[AT.SYSLOG_PID])
  const transport = fields[AT._TRANSPORT] ?? null
  draft.pid = pid ?? claimedPid
  // --output-fields may have left these out: then nobody vouches for the writer.
  draft.vouched = pid === null && transport === null ? null : { pid, comm, transport, claimedPid }
  draft.unit = fields[AT.UNIT] ?? fields[AT.OBJECT_SYSTEMD_UNIT] ?? fields[AT.COREDUMP_UNIT] ?? null
  draft.speakerUnit = fields[AT._SYSTEMD_UNIT] ?? null
  draft.cursor = fields[AT.__CURSOR] ?? null
  return draft
}

/** A clock that says nought or nonsense was not set: the receiver's is taken then. */
function stampOf(text: string | null | undefined): number | null {
  const at = whole(text)
  return at === 0 ? null : at
}

function whole(text: string | null | undefined): number | null {
  if (text === null || text === undefined || text === '' || text.length > 17) return null
  const value = Number(text)
  return Number.isSafeInteger(value) && value >= 0 ? value : null
}
