import { type Cohorts, cohortsOf, type Level } from '../statistics/cohorts.ts'
import type { Database } from '../store/database.ts'
import { amount } from './numbers.ts'

/** What a host's own log tells, and the column of `machines` that holds it. */
const LOGGED = [
  { attribute: 'systemd', column: 'systemd' },
  { attribute: 'kernel', column: 'kernel' },
  { attribute: 'OS release', column: 'os' },
] as const

/**
 * These lines stand at the beginning of a boot, and systemd's version in its crash as well: where few logs begin with a boot, it is known of
 * the affected sooner than of others, and would seem to go with being affected.
 */
const LEAST_KNOWN = 0.9

interface Logged {
  attribute: string
  column: string
  /** Of which a log tells it. */
  hosts: number
}

/** What the logs tell of so many hosts that it can be compared, and what they do not. */
export async function loggedIn(database: Database): Promise<{ compared: Logged[]; untold: Logged[]; hosts: number }> {
  const [row] = await database.rows(
    `SELECT count(*) AS hosts, ${LOGGED.map(({ column }) => `count(${column}) AS ${column}`).join(', ')} FROM machines WHERE fault IS NULL`,
  )
  const hosts = Number(row?.hosts)
  const known = LOGGED.map(each => ({ ...each, hosts: Number(row?.[each.column]) }))
  const isKnown = (each: Logged): boolean => each.hosts >= LEAST_KNOWN * hosts
  return { compared: known.filter(isKnown), untold: known.filter(each => !isKnown(each)), hosts }
}

/** What goes with being affected: by the inventory, and by what the logs tell of every host. */
export async function cohortsIn(database: Database): Promise<Cohorts> {
  const { compared, untold, hosts } = await loggedIn(database)
  const cohorts = cohortsOf(await levelsIn(database, compared))
  const rules = await database.rows('SELECT DISTINCT rule FROM machines WHERE rule IS NOT NULL ORDER BY rule')
  const notCompared = rules.flatMap(({ rule }) =>
    untold.map(({ attribute, hosts: told }) => ({
      rule: String(rule),
      attribute,
      reason:
        told === 0
          ? 'no log tells it'
          : `the logs tell it for ${amount(told)} of ${amount(hosts)} hosts only, and perhaps for the affected sooner than for others`,
    })),
  )
  return { ...cohorts, notCompared: [...cohorts.notCompared, ...notCompared] }
}

/** Hosts and affected hosts by value, for each rule that affected any. A column of the inventory may be called like what a log tells. */
async function levelsIn(database: Database, logged: readonly { attribute: string; column: string }[]): Promise<Level[]> {
  const taken = LOGGED.map(({ attribute }) => `'${attribute.toLowerCase()}'`).join(', ')
  const told = logged.map(
    ({ attribute, column }) =>
      `UNION ALL SELECT rule, '${attribute}', ${column} FROM machines WHERE fault IS NULL AND ${column} IS NOT NULL`,
  )
  const rows = await database.rows(`WITH rules AS (SELECT DISTINCT rule FROM machines WHERE rule IS NOT NULL),
    told AS (
      SELECT m.rule AS hit, i.attribute || CASE WHEN lower(i.attribute) IN (${taken}) THEN ' (inventory)' ELSE '' END AS attribute, i.value
      FROM machines m JOIN inventory i ON i.host = m.host WHERE m.fault IS NULL AND i.attribute IS NOT NULL
      ${told.join('\n')}
    )
    SELECT rules.rule, attribute, value, count(*) AS hosts, count(*) FILTER (hit = rules.rule) AS affected
    FROM rules, told GROUP BY rules.rule, attribute, value ORDER BY ALL`)
  return rows.map(({ rule, attribute, value, hosts, affected }) => ({
    rule: String(rule),
    attribute: String(attribute),
    value: String(value),
    hosts: Number(hosts),
    affected: Number(affected),
  }))
}
