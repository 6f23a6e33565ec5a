import type { Confidence, Severity } from '../../report/report.ts'
import type { Database } from '../store/database.ts'
import type { HostLine } from './contract.ts'
import { iso, textOf } from './gather.ts'

/** Every host with its worst incident's timeline, by name: read from the store as it is written, so memory does not grow with their number. */
export async function* hostLines(database: Database): AsyncGenerator<HostLine> {
  const rows =
    database.stream(`SELECT m.host, m.machine_id, m.fault, m.complete, m.boots, m.entries, ${iso('m.first_entry')} AS first_entry,
      ${iso('m.last_entry')} AS last_entry, m.systemd, m.kernel, m.os, m.rule, m.outcome, m.severity, m.confidence, ${iso('m.moment')} AS moment, w.unit, w.alias, w.title,
      t.timeline, v.attributes
    FROM machines m
    LEFT JOIN worst w ON w.item = m.item AND w.host = m.host AND coalesce(w.machine_id, '') = m.machine AND w.incident = m.incident
    LEFT JOIN (
      SELECT item, host, incident, to_json(list({'at': ${iso('moment')}, delta: delta, what: what, message: message} ORDER BY n)) AS timeline
      FROM (SELECT DISTINCT * FROM steps) GROUP BY ALL
    ) t ON t.item = w.item AND t.host = w.host AND t.incident = w.incident
    LEFT JOIN (
      SELECT host, json_group_object(attribute, value) AS attributes FROM inventory WHERE attribute IS NOT NULL GROUP BY host
    ) v ON v.host = m.host
    ORDER BY m.host, m.machine`)
  for await (const row of rows) {
    yield {
      host: String(row.host),
      machineId: textOf(row.machine_id),
      fault: textOf(row.fault),
      complete: row.complete === true,
      boots: Number(row.boots),
      entries: Number(row.entries),
      first: textOf(row.first_entry),
      last: textOf(row.last_entry),
      systemd: textOf(row.systemd),
      kernel: textOf(row.kernel),
      os: textOf(row.os),
      rule: textOf(row.rule),
      outcome: textOf(row.outcome),
      // Both as the incident has them.
      severity: textOf(row.severity) as Severity | null,
      confidence: textOf(row.confidence) as Confidence | null,
      unit: textOf(row.unit),
      alias: textOf(row.alias),
      at: textOf(row.moment),
      title: textOf(row.title),
      timeline: row.timeline === null ? [] : (JSON.parse(String(row.timeline)) as HostLine['timeline']), // as the query makes it
      inventory: row.attributes === null ? {} : (JSON.parse(String(row.attributes)) as HostLine['inventory']), // likewise
    }
  }
}
