import type { Confidence, Ended, Incident, Severity } from '../../report/report.ts'
import { wilson } from '../statistics/wilson.ts'
import type { Database } from '../store/database.ts'
import { cohortsIn, loggedIn } from './cohorts.ts'
import { FLEET_SCHEMA, type FleetReport, type Next, type OutcomeShare } from './contract.ts'
import { unknownIn } from './unknown.ts'
import { verdictOf } from './verdict.ts'
import { wavesIn } from './wave.ts'

/** What DuckDB hands out, as text; null stays null. */
export const textOf = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))

/** A TIMESTAMP as the contract has it. */
export const iso = (column: string): string => `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%fZ')`

/**
 * One row a machine, however many items it was met in: the worst counts. All that the report says is counted from this table, so no host
 * counts twice.
 */
const MACHINES = `CREATE TEMP TABLE machines AS
  SELECT * EXCLUDE (place) FROM (
    SELECT *, coalesce(machine_id, '') AS machine, row_number() OVER (
      PARTITION BY host, coalesce(machine_id, '')
      ORDER BY fault IS NOT NULL, list_position(['critical', 'high', 'medium'], severity) NULLS LAST, moment NULLS LAST, incident, item
    ) AS place FROM hosts
  ) WHERE place = 1`

/** Machines that are gone stand before those that may go. */
export const BY_WEIGHT = `list_position(['critical', 'high', 'medium'], severity),
  outcome NOT IN ('froze', 'exited', 'rebooted')`

/** Their worst incidents, whole. */
const WORST = `CREATE TEMP TABLE worst AS SELECT i.* FROM machines m JOIN incidents i
  ON i.item = m.item AND i.host = m.host AND coalesce(i.machine_id, '') = m.machine AND i.incident = m.incident`

/** Makes the tables that the report is counted from. */
export async function prepare(database: Database): Promise<void> {
  await database.run(MACHINES)
  await database.run(WORST)
}

/** The report, but for its list of hosts. */
export async function gather(database: Database, columns: readonly string[]): Promise<FleetReport> {
  const [total] =
    await database.rows(`SELECT count(*) FILTER (fault IS NULL) AS read, count(*) FILTER (rule IS NOT NULL) AS affected,
    count(*) FILTER (fault IS NOT NULL) AS unreadable, count(*) FILTER (fault IS NULL AND NOT complete) AS incomplete FROM machines`)
  const [tool] = await database.rows(`SELECT string_agg(DISTINCT tool, ', ' ORDER BY tool) AS version,
    string_agg(DISTINCT rules, ', ' ORDER BY rules) AS rules FROM items`)
  const counts = {
    read: Number(total?.read),
    affected: Number(total?.affected),
    unreadable: Number(total?.unreadable),
    incomplete: Number(total?.incomplete),
  }
  const next = await standIn(database, NEXT)
  const outcomes = await outcomesIn(database, counts.read, next)
  const waves = await wavesIn(database, columns)
  const unknown = await unknownIn(database, columns)
  return {
    schema: FLEET_SCHEMA,
    tool: { name: 'inquest', version: textOf(tool?.version) ?? '', rules: textOf(tool?.rules) ?? '' },
    verdict: verdictOf(counts, outcomes, waves, unknown.withoutLogs.length),
    counts,
    outcomes,
    waves,
    cohorts: await cohortsIn(database),
    shared: await sharedIn(database),
    next,
    down: await standIn(database, DOWN),
    unknown,
  }
}

async function outcomesIn(database: Database, read: number, next: readonly Next[]): Promise<OutcomeShare[]> {
  const rows =
    await database.rows(`SELECT rule, outcome, severity, count(*) AS n FROM machines WHERE rule IS NOT NULL GROUP BY rule, outcome, severity
    ORDER BY ${BY_WEIGHT}, n DESC, rule, outcome`)
  return rows.map(({ rule, outcome, severity, n }) => ({
    rule: String(rule),
    outcome: String(outcome),
    severity: String(severity) as Severity, // what a rule may say
    hosts: Number(n),
    share: Number(n) / read,
    ...wilson(Number(n), read),
    standing: LASTING.includes(String(outcome))
      ? next.filter(each => each.rule === rule && each.outcome === outcome && each.ended !== 'clean').length
      : null,
  }))
}

/** Told by the incident itself, or by few logs but theirs, so known of the affected alone. */
async function sharedIn(database: Database): Promise<FleetReport['shared']> {
  const { untold } = await loggedIn(database)
  const logged = untold.map(
    ({ attribute, column }, at) =>
      `UNION ALL SELECT rule, '${attribute}', ${column}, ${6 + at} FROM machines WHERE rule IS NOT NULL`,
  )
  const rows = await database.rows(`WITH told AS (
      SELECT rule, 'unit' AS attribute, unit AS value, 1 AS place FROM worst
      UNION ALL SELECT rule, 'alias', alias, 2 FROM worst
      UNION ALL SELECT rule, 'victim', victim, 3 FROM worst
      UNION ALL SELECT rule, 'reload asked for by', asked_by, 4 FROM worst
      UNION ALL SELECT rule, 'step right before the reload', step_before, 5 FROM worst
      ${logged.join('\n')}
    )
    SELECT rule, attribute, value, count(*) AS hosts, (SELECT count(*) FROM worst w WHERE w.rule = told.rule) AS total
    FROM told WHERE value IS NOT NULL GROUP BY rule, attribute, place, value
    QUALIFY row_number() OVER (PARTITION BY rule, attribute ORDER BY hosts DESC, value) <= 5
    ORDER BY total DESC, rule, place, hosts DESC, value`)
  return rows.map(({ rule, attribute, value, hosts, total }) => ({
    rule: String(rule),
    attribute: String(attribute),
    value: String(value),
    hosts: Number(hosts),
    of: Number(total),
  }))
}

/** States that last, until something ends them. */
const LASTING = ['latent', 'exposed']
/** Hosts that are up and overwritten first: there every hour counts; then those that will boot again. */
const NEXT = "i.outcome IN ('latent', 'exposed') AND b.ended NOT IN ('frozen', 'crashed')"
const DOWN = "i.outcome IN ('froze', 'exited') AND b.ended IN ('frozen', 'crashed')"

/** Hosts by how their last boot stands. */
async function standIn(database: Database, which: string): Promise<Next[]> {
  const rows =
    await database.rows(`SELECT i.host, i.machine_id, i.rule, i.outcome, i.confidence, i.unit, i.alias, ${iso('i.moment')} AS since,
      b.ended, i.advice
    FROM machines m JOIN incidents i ON i.item = m.item AND i.host = m.host AND coalesce(i.machine_id, '') = m.machine
    JOIN boots b ON b.item = i.item AND b.host = i.host AND coalesce(b.machine_id, '') = m.machine AND b.boot = i.boot
    WHERE i.current AND ${which}
    ORDER BY b.ended = 'clean', i.outcome DESC, list_position(['certain', 'strong', 'moderate', 'weak'], i.confidence), i.moment, i.host, m.machine, i.incident`)
  return rows.map(row => ({
    host: String(row.host),
    machineId: textOf(row.machine_id),
    rule: String(row.rule),
    outcome: String(row.outcome),
    confidence: String(row.confidence) as Confidence, // as the incident has it
    unit: textOf(row.unit),
    alias: textOf(row.alias),
    since: textOf(row.since),
    ended: String(row.ended) as Ended, // as the boot has it
    advice: JSON.parse(String(row.advice)) as Incident['advice'], // as it was put in
  }))
}
