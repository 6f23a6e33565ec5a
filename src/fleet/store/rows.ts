import type { Boot, Incident, Step } from '../../report/report.ts'
import type { HostResult, Result } from '../result.ts'
import type { Row } from './tables.ts'

/** A result as rows, by table. */
export function rowsOf(result: Result, run: number): Record<string, Row[]> {
  const { item, bytes, tool, rules, fault, again, inputs, hosts } = result
  const complete = inputs.every(input => input.complete)
  const incidents = hosts.flatMap(host => host.incidents.map(incident => ({ host, incident })))
  return {
    items: [{ item, run, bytes, tool, rules, fault, again }],
    hosts: hosts.map(host => ({ item, fault, complete, ...hostRow(host) })),
    boots: hosts.flatMap(({ host, machineId, boots }) =>
      boots.map(({ id, first, last, ...boot }) => ({
        item,
        host,
        machine_id: machineId,
        boot: id,
        first_entry: first,
        last_entry: last,
        ...boot,
      })),
    ),
    incidents: incidents.map(({ host, incident }) => ({ item, ...incidentRow(incident, host) })),
    steps: incidents.flatMap(({ incident: { id, host, timeline } }) =>
      timeline.map(({ refs, at, ...step }, index) => ({
        item,
        host,
        incident: id,
        n: index + 1,
        moment: at,
        ...step,
        refs: JSON.stringify(refs),
      })),
    ),
    evidence: incidents.flatMap(({ incident: { id, host, evidence } }) =>
      (['for', 'against', 'unknown'] as const).flatMap(side =>
        evidence[side].map(({ claim, refs }) => ({ item, host, incident: id, side, claim, refs: JSON.stringify(refs) })),
      ),
    ),
    problems: inputs.flatMap(({ path, problems }) =>
      problems.map(({ message, line, offset }) => ({ item, path, message, line: line ?? null, byte: offset ?? null })),
    ),
    inputs: inputs.map(({ path, format, entries, lost, complete }) => ({ item, path, format, entries, lost, complete })),
  }
}

const WEIGHTY = ['critical', 'high', 'medium']

function hostRow({ host, machineId, boots, incidents }: HostResult): Row {
  // Most severe first, then by time: the report's own order.
  const worst = incidents.find(({ severity }) => WEIGHTY.includes(severity))
  // What befell a host befell it under what ran then.
  const telling = worst ? boots.filter(({ id }) => id === worst.boot) : inOrder(boots)
  const last = (of: (boot: Boot) => string | null | undefined): string | null =>
    telling.flatMap(boot => of(boot) ?? []).at(-1) ?? null
  return {
    host,
    machine_id: machineId,
    boots: boots.length,
    entries: boots.reduce((sum, boot) => sum + boot.entries, 0),
    first_entry: boots.flatMap(({ first }) => first ?? []).sort()[0] ?? null,
    last_entry:
      boots
        .flatMap(({ last }) => last ?? [])
        .sort()
        .at(-1) ?? null,
    systemd: last(({ systemd }) => systemd),
    kernel: last(({ kernel }) => kernel),
    os: last(({ os }) => os),
    rule: worst?.rule ?? null,
    outcome: worst?.outcome ?? null,
    severity: worst?.severity ?? null,
    confidence: worst?.confidence ?? null,
    incident: worst?.id ?? null,
    moment: worst?.at ?? null,
    current: worst ? worst.boot === lastBoot(boots) : null,
  }
}

function incidentRow(incident: Incident, { machineId, boots }: HostResult): Row {
  const { id, host, boot, rule, outcome, severity, confidence, title, unit, alias, victim, at, from, to, systemd } = incident
  const before = incident.timeline.findLastIndex(
    ({ signal, at: when }) => signal === 'reload' && (at === null || (when ?? '') <= (to ?? at)),
  )
  const reload = incident.timeline[before]
  return {
    host,
    machine_id: machineId,
    boot,
    incident: id,
    rule,
    outcome,
    severity,
    confidence,
    title,
    unit,
    alias,
    victim,
    moment: at,
    started: from,
    ended: to,
    systemd,
    current: boot === lastBoot(boots),
    overwritten: reload?.at ?? null,
    asked_by: reload ? askedBy(reload) : null,
    step_before: incident.timeline[before - 1]?.signal ?? null,
    figures: JSON.stringify(incident.figures),
    advice: JSON.stringify(incident.advice),
    suspects: JSON.stringify(incident.suspects),
    collect: JSON.stringify(incident.collect),
  }
}

/** systemd since v253 says whose client asked: "Reload requested from client PID 126 ('systemctl') (unit bootstrap.service)..." (src/core/dbus-manager.c, log_caller). */
function askedBy({ message }: Step): string | null {
  return /\(unit ([^)\s]+)\)/.exec(message)?.[1] ?? /client PID \d+ \('([^']+)'\)/.exec(message)?.[1] ?? null
}

function inOrder(boots: readonly Boot[]): Boot[] {
  return [...boots].sort((a, b) => ((a.first ?? '') < (b.first ?? '') ? -1 : 1))
}

const lastBoot = (boots: readonly Boot[]): string | undefined => inOrder(boots).at(-1)?.id
