/** What journald itself says of an entry's writer: fields that begin with an underscore, which no writer can set. */
interface Vouched {
  pid: number | null
  comm: string | null
  transport: string | null
  /** The PID that the writer claims (`SYSLOG_PID=`). */
  claimedPid: number | null
}

/** A record as its form tells it. The entry layer makes an Entry of it: settles its time, its boot and who spoke. */
export interface Draft {
  /** µs since the epoch, UTC, where the form states it. */
  time: number | null
  /** Else: µs of the date and time as printed, as if it were UTC; in the year 2000 where `yearless`. */
  civil: number | null
  yearless: boolean
  /** 0 = Sunday, where a yearless stamp tells it. */
  weekday: number | null
  mono: number | null
  host: string | null
  machineId: string | null
  boot: string | null
  /** A separator before this record says that a boot begins. */
  boots: boolean
  ident: string | null
  pid: number | null
  /** Null where the form has no such fields, or a shipper could have written them. */
  vouched: Vouched | null
  message: string
  unit: string | null
  speakerUnit: string | null
  cursor: string | null
  /** The identifier is a unit's name (`-o with-unit`), not one that the writer chose. */
  unitForIdent: boolean
  /** What the record came wrapped in (a container runtime's log): then its PID 1 is not the machine's. */
  container: string | null
}

export function draftOf(message: string): Draft {
  return {
    time: null,
    civil: null,
    yearless: false,
    weekday: null,
    mono: null,
    host: null,
    machineId: null,
    boot: null,
    boots: false,
    ident: null,
    pid: null,
    vouched: null,
    message,
    unit: null,
    speakerUnit: null,
    cursor: null,
    unitForIdent: false,
    container: null,
  }
}
