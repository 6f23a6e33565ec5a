/** The contract `inquest-report/1`. Its JSON Schema is src/report/inquest-report-1.schema.json; fields are only ever added. */
import type { Ref } from '../entries/entry.ts'
import type { Problem } from '../problems/problem.ts'
import type { DiskRead } from '../where/disk-read.ts'

export type { DiskRead } from '../where/disk-read.ts'

export const SCHEMA = 'inquest-report/1'

/** What a report calls the host of a log that names none. */
export const UNKNOWN_HOST = 'unknown host'

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info'
export type Confidence = 'certain' | 'strong' | 'moderate' | 'weak'
/** How a boot ended, as far as its log tells. */
export type Ended = 'clean' | 'cut' | 'frozen' | 'crashed' | 'running' | 'unknown'

export interface Report {
  schema: typeof SCHEMA
  tool: { name: 'inquest'; version: string /** hash of the rules and signals in force */; rules: string }
  inputs: Input[]
  coverage: Coverage
  /** Most severe first, then by time. */
  incidents: Incident[]
}

export interface Input {
  /** As given; archive and image members as outer:inner; `-` for standard input. */
  path: string
  /** The sniffed form: `json`, `short`, `syslog`, … */
  format: string
  entries: number
  bytes: number
  /** Entries salvaged from damaged places. */
  recovered: number
  /** Entries known to be lost; null: some are, number unknown. */
  lost: number | null
  complete: boolean
  problems: Problem[]
}

export interface Coverage {
  hosts: Host[]
  /** Disk images, and those they stand on; not there where there were none. */
  images?: DiskRead[]
}

export interface Host {
  host: string
  machineId?: string
  boots: Boot[]
}

export interface Boot {
  /** The journal's boot id, or `boot-1`, `boot-2` where the log has none. */
  id: string
  /** UTC, ISO 8601 with microseconds. */
  first: string | null
  last: string | null
  entries: number
  /** `255.13`, `252`, … */
  systemd: string | null
  /** `uname -r`: `6.1.0-18-amd64`, … */
  kernel: string | null
  /** PRETTY_NAME of os-release: `Debian GNU/Linux 12 (bookworm)`, … */
  os: string | null
  ended: Ended
}

export interface Incident {
  /** Stable: hash of rule, host, unit, alias, decisive message and its second (UTC). */
  id: string
  rule: string
  outcome: string
  severity: Severity
  /** One line, the verdict. */
  title: string
  host: string
  boot: string
  systemd: string | null
  unit: string | null
  alias: string | null
  victim: string | null
  /** The decisive moment. */
  at: string | null
  from: string | null
  to: string | null
  confidence: Confidence
  timeline: Step[]
  evidence: { for: Proof[]; against: Proof[]; unknown: Proof[] }
  suspects: { unit: string; alias: string | null; rank: number; reasons: string[] }[]
  figures: Record<string, number | string | null>
  advice: { do: string; why: string; command?: string; danger?: boolean }[]
  collect: { what: string; settles: string; command?: string }[]
}

export interface Step {
  at: string | null
  /** Seconds from the incident's `at`. */
  delta: number | null
  /** What it means, in a clause. */
  what: string
  /** The line itself; empty for a fact that has none (silence). */
  message: string
  refs: Ref[]
  /** The signal's name, or the fact's. */
  signal: string
}

export interface Proof {
  claim: string
  refs: Ref[]
}
