import type { Problem } from '../problems/problem.ts'
import { type Boot, type Incident, type Input, type Report, UNKNOWN_HOST } from '../report/report.ts'
import type { Item } from './item.ts'

export const RESULT_SCHEMA = 'inquest-fleet-result/1'

/** What `fleet work` prints for an item: one line of JSON. */
export interface Result {
  schema: typeof RESULT_SCHEMA
  item: string
  tool: string
  rules: string
  bytes: number
  hosts: HostResult[]
  inputs: Pick<Input, 'path' | 'format' | 'entries' | 'lost' | 'complete' | 'problems'>[]
  /** Why nothing is known of this host; null where its logs were read. */
  fault: string | null
  /** A reason that may be gone when it is tried again: the item is not done. */
  again: boolean
}

export interface HostResult {
  host: string
  machineId: string | null
  boots: Boot[]
  incidents: Incident[]
}

export function resultOf(item: Item, report: Report, changed: readonly Problem[]): Result {
  return resultOfHosts(item, hostsOf(item, report), report.inputs, changed)
}

/** The same of an item whose hosts were not examined together. */
export function resultOfHosts(item: Item, hosts: HostResult[], inputs: readonly Input[], changed: readonly Problem[]): Result {
  const result = {
    ...blank(item),
    hosts,
    inputs: inputs.map(({ path, format, entries, lost, complete, problems }) => ({
      path,
      format,
      entries,
      lost,
      complete: complete && changed.length === 0,
      problems: [...problems, ...changed],
    })),
  }
  // Among the hosts of a stream there may be none that falls to this share.
  const mayBeEmpty = (item.share?.of ?? 1) > 1 && inputs.every(input => input.problems.length === 0)
  return hosts.length > 0 || mayBeEmpty ? result : { ...result, ...nothing(item, emptiness(inputs)) }
}

/** A host of which nothing is known is a row as well, with the reason. */
export function faultOf(item: Item, fault: string, again = false): Result {
  return { ...blank(item), ...nothing(item, fault), again }
}

const nothing = (item: Item, fault: string): Pick<Result, 'fault' | 'hosts'> => ({
  fault,
  hosts: [{ host: item.host, machineId: null, boots: [], incidents: [] }],
})

function blank({ id, tool, rules, bytes }: Item): Result {
  return { schema: RESULT_SCHEMA, item: id, tool, rules, bytes, hosts: [], inputs: [], fault: null, again: false }
}

function emptiness(inputs: readonly Input[]): string {
  const told = inputs.flatMap(({ problems }) => problems.map(({ message }) => message))
  if (told[0] !== undefined) return told[0]
  return inputs.every(({ bytes }) => bytes === 0) ? 'its logs are empty' : 'its logs hold no entry'
}

/** The report by host. A name alone does not tell a machine: incidents go with the boot in which they happened. */
export function hostsOf(item: Item, { coverage, incidents }: Report): HostResult[] {
  const hosts = coverage.hosts.map(({ host, machineId, boots }) => ({ host, machineId: machineId ?? null, boots }))
  const renamed = (host: string): string => (item.named || isNameless(host) ? item.host : host)
  const made = new Map<string, HostResult>()
  for (const { host, machineId, boots } of hosts) {
    const own = incidents.filter(
      incident =>
        incident.host === host &&
        (boots.some(boot => boot.id === incident.boot) || hosts.find(other => other.host === host)?.boots === boots) &&
        !hosts.some(other => other.host === host && other.boots !== boots && other.boots.some(boot => boot.id === incident.boot)),
    )
    const name = renamed(host)
    const key = item.named ? name : `${name}\0${machineId ?? ''}`
    const same = made.get(key)
    const told = own.map(incident => (incident.host === name ? incident : { ...incident, host: name }))
    if (!same) made.set(key, { host: name, machineId, boots: [...boots], incidents: told })
    else {
      same.boots.push(...boots)
      same.incidents.push(...told)
    }
  }
  const order = new Map(incidents.map(({ id }, index) => [id, index]))
  const place = ({ id }: Incident): number => order.get(id) ?? incidents.length
  return withNameless([...made.values()]).map(host => ({
    ...host,
    incidents: host.incidents.sort((a, b) => place(a) - place(b)),
  }))
}

/**
 * A log that tells no machine id, and was not found to tell the same as the machine's journal (its clock or zone is another, or it is of
 * other boots), is still the log of the one machine of its name that is known.
 */
function withNameless(hosts: readonly HostResult[]): HostResult[] {
  return hosts.filter(({ host, machineId, boots, incidents }) => {
    const [one, ...others] = machineId === null ? hosts.filter(other => other.machineId !== null && other.host === host) : []
    if (!one || others.length > 0) return true
    one.boots.push(...boots)
    one.incidents.push(...incidents)
    return false
  })
}

/** Names that many machines have: none at all. */
export function isNameless(host: string): boolean {
  return host === UNKNOWN_HOST || /^(?:localhost(?:\.localdomain|[46])?|\(none\)|unknown|-|)$/.test(host)
}
