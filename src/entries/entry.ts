/**
 * How far the speaker of an entry can be believed.
 *
 * - `trusted`: fields that journald sets itself (`_PID`, `_TRANSPORT`) say who wrote it, or the kernel wrote it
 * - `claimed`: the text says so (`systemd[1]: …` in a file anyone on the machine could have had syslog write)
 * - `refuted`: journald's own fields say somebody else wrote it (logger(1), a container's init)
 */
export type Trust = 'trusted' | 'claimed' | 'refuted'

/** Where an entry can be looked up again. The report's `Ref`. */
export interface Ref {
  /** The input's path as given, `-` for standard input. */
  input: string
  line?: number
  offset?: number
  cursor?: string
}

/** One log record, whatever form it came in. */
export interface Entry {
  /** µs since the epoch, UTC: the sender's clock where the form tells it (what `journalctl -o short` prints), else the receiver's; null where unknown. */
  time: number | null
  /** µs since boot, null where the form has none. */
  mono: number | null
  /** Position in its input, rising: the tie-breaker, and the only order where there is no time. */
  seq: number
  host: string | null
  machineId: string | null
  /** The journal's boot id, 32 hex digits, or null where the form has none. */
  boot: string | null
  /** True where a separator in the log (`-- Reboot --`, `-- Boot … --`) says that a boot begins with this entry. */
  boots: boolean
  /** Identifier or syslog tag as it stands, without the PID; null where the form has none (cat, wall text) */
  ident: string | null
  pid: number | null
  /** `pid1` for the machine's systemd as PID 1, `kernel`, else the identifier; null where the form does not tell: anyone may have said it. */
  speaker: string | null
  trust: Trust
  /** Text without header, line ends or `#012` escapes; a second line follows a `\n`. */
  message: string
  /** The unit the message is about, where a field says so (`UNIT=`, `OBJECT_SYSTEMD_UNIT=`, `COREDUMP_UNIT=`). */
  unit: string | null
  /** The unit the speaker runs in (`_SYSTEMD_UNIT=`). */
  speakerUnit: string | null
  ref: Ref
}

/** What is kept of entries of one boot of one host that nobody needed to read: that they were there, and who was heard when. */
export interface Overheard {
  host: string | null
  boot: string | null
  input: string
  /** Entries, and those of PID 1. */
  all: number
  pid1: number
  /** Time of the latest, `seq` of the last. */
  last: number
  lastSeq: number
  /** PID 1's latest. */
  lastPid1: Entry | null
  /** The last of each speaker, by its unit where a field tells it, else by its identifier; not PID 1, not the kernel. */
  words: ReadonlyMap<string, { time: number | null; mono: number | null; seq: number }>
}
