import type { Confidence, Ended, Incident, Severity, Step } from '../../report/report.ts'
import type { Cohorts } from '../statistics/cohorts.ts'

/** The contract `inquest-fleet-report/1`, without the list of hosts, which is written as it is read. Its JSON Schema lies beside it. */
export interface FleetReport {
  schema: typeof FLEET_SCHEMA
  tool: { name: 'inquest'; version: string; rules: string }
  /** One sentence. */
  verdict: string
  counts: {
    /** Hosts of which anything is known. */
    read: number
    affected: number
    unreadable: number
    /** Read, but not whole: without a finding they are not cleared. */
    incomplete: number
  }
  outcomes: OutcomeShare[]
  waves: Wave[]
  cohorts: Cohorts
  /** What the affected have in common; of the others the log does not tell it, so there is nothing to compare with. */
  shared: { rule: string; attribute: string; value: string; hosts: number; of: number }[]
  /** Up, or about to boot again: in the order in which to act. */
  next: Next[]
  /** Their last boot ends with PID 1 gone. */
  down: Next[]
  unknown: Unknown
}

export const FLEET_SCHEMA = 'inquest-fleet-report/1'

/** Hosts by their worst incident; `low` and `high` are Wilson's 95 % interval of the share. */
export interface OutcomeShare {
  rule: string
  outcome: string
  severity: Severity
  hosts: number
  share: number
  low: number
  high: number
  /** Of latent and exposed ones: those that were up in it when their logs end; null for outcomes that are over when they happen. */
  standing: number | null
}

export interface Moment {
  host: string
  at: string
}

/** When it befell the hosts: those of one rule and outcome. */
export interface Wave {
  rule: string
  outcome: string
  hosts: number
  /** Hosts whose log has no time for it. */
  undated: number
  first: Moment | null
  last: Moment | null
  /** The reloads that overwrote a unit's state before: first and last. */
  overwritten: { first: Moment; last: Moment } | null
  /** Length of a bucket in seconds. */
  bucket: number
  buckets: { from: string; hosts: number }[]
  /** By the inventory's column of that kind; null where there is none. */
  rings: { column: string; rows: { ring: string; hosts: number; affected: number; first: string | null }[] } | null
  /** The last one is so near to the end of what was read that more may follow. */
  ongoing: boolean
}

export interface Next {
  host: string
  machineId: string | null
  rule: string
  outcome: string
  confidence: Confidence
  unit: string | null
  alias: string | null
  since: string | null
  /** How the boot in which it is so ended, as far as was read. */
  ended: Ended
  advice: Incident['advice']
}

export interface Unknown {
  unreadable: { host: string; reason: string }[]
  /** Part of their logs is lost: silence proves nothing. */
  incomplete: string[]
  /** Their logs end long before those of the others. */
  endsEarly: { host: string; last: string }[]
  /** False: without an inventory nobody can tell which hosts have no logs. */
  inventory: boolean
  /** In the inventory, but there were no logs. */
  withoutLogs: string[]
  /** Logs of a host that the inventory does not have. */
  notInInventory: string[]
  /** Named more than once in the inventory, with different values: left out of comparisons. */
  contradictory: string[]
  /** Names that several machines have. */
  sameName: { host: string; machines: number }[]
  /** Machine ids that several names have: cloned images, or a host that was renamed. */
  sameMachine: { machineId: string; hosts: string[] }[]
  /** Their logs tell the same event at two times, whole quarters of an hour apart: clocks or zones differ. */
  toldTwice: { host: string; hours: number }[]
  /** First and last entry of all. */
  covered: { first: string; last: string } | null
}

/** One host as the list has it. */
export interface HostLine {
  host: string
  machineId: string | null
  fault: string | null
  complete: boolean
  boots: number
  entries: number
  first: string | null
  last: string | null
  systemd: string | null
  kernel: string | null
  os: string | null
  rule: string | null
  outcome: string | null
  severity: Severity | null
  confidence: Confidence | null
  unit: string | null
  alias: string | null
  at: string | null
  title: string | null
  /** Of the worst incident; without places, which differ by how logs are kept. */
  timeline: Pick<Step, 'at' | 'delta' | 'what' | 'message'>[]
  inventory: Record<string, string | null>
}

/** All that a form may ask for. */
export interface FleetView {
  report: FleetReport
  /** By name, then machine id. */
  hosts(): AsyncIterable<HostLine>
  /** The inventory's columns. */
  columns: readonly string[]
}

export interface FleetForm {
  name: string
  write(view: FleetView, look: { color: boolean; width: number }): AsyncIterable<string>
}
