import type { Json } from '@duckdb/node-api'
import type { Database } from '../store/database.ts'
import type { Unknown } from './contract.ts'
import { iso, textOf } from './gather.ts'

/** A log that ends so long (s) before the fleet's last entry leaves a gap in which anything may have happened. */
const EARLY = 24 * 3600

/** Boots that the log itself does not tell apart are called boot-1, boot-2: theirs is a text log, beside a journal. Zones differ by quarters. */
const TOLD_TWICE = `SELECT a.host, max(abs(round(date_diff('second', a.moment, b.moment) / 900) / 4)) AS hours
  FROM incidents a JOIN incidents b ON a.item = b.item AND a.host = b.host AND a.rule = b.rule AND a.outcome = b.outcome AND a.unit = b.unit
  WHERE a.boot LIKE 'boot-%' AND b.boot NOT LIKE 'boot-%' AND abs(date_diff('second', a.moment, b.moment)) >= 898
    AND (date_diff('second', a.moment, b.moment) + 900002) % 900 <= 4
  GROUP BY ALL ORDER BY a.host`

/** What the logs leave open. */
export async function unknownIn(database: Database, columns: readonly string[]): Promise<Unknown> {
  const list = async <T>(sql: string, make: (row: Record<string, Json>) => T): Promise<T[]> =>
    (await database.rows(sql)).map(make)
  const host = (row: Record<string, Json>): string => String(row.host)
  const [covered] = await database.rows(
    `SELECT ${iso('min(first_entry)')} AS first_entry, ${iso('max(last_entry)')} AS last_entry FROM machines`,
  )
  const [inventory] = await database.rows('SELECT count(*) AS n FROM inventory')
  const known = Number(inventory?.n) > 0 || columns.length > 0
  return {
    unreadable: await list('SELECT host, fault FROM machines WHERE fault IS NOT NULL ORDER BY host, machine', row => ({
      host: host(row),
      reason: String(row.fault),
    })),
    incomplete: await list('SELECT DISTINCT host FROM machines WHERE fault IS NULL AND NOT complete ORDER BY host', host),
    endsEarly: await list(
      `SELECT host, ${iso('last_entry')} AS ended FROM machines
       WHERE date_diff('second', last_entry, (SELECT max(last_entry) FROM machines)) > ${EARLY} ORDER BY last_entry, host, machine`,
      row => ({ host: host(row), last: String(row.ended) }),
    ),
    inventory: known,
    withoutLogs: await list(
      'SELECT DISTINCT host FROM inventory WHERE host NOT IN (SELECT host FROM machines) ORDER BY host',
      host,
    ),
    notInInventory: known
      ? await list('SELECT DISTINCT host FROM machines WHERE host NOT IN (SELECT host FROM inventory) ORDER BY host', host)
      : [],
    contradictory: await list('SELECT host FROM contradictory ORDER BY host', host),
    sameName: await list('SELECT host, count(*) AS n FROM machines GROUP BY host HAVING count(*) > 1 ORDER BY host', row => ({
      host: host(row),
      machines: Number(row.n),
    })),
    sameMachine: await list(
      `SELECT machine, list(host ORDER BY host) AS names FROM machines WHERE machine <> ''
       GROUP BY machine HAVING count(*) > 1 ORDER BY machine`,
      row => ({ machineId: String(row.machine), hosts: Array.isArray(row.names) ? row.names.map(String) : [] }),
    ),
    toldTwice: await list(TOLD_TWICE, row => ({ host: host(row), hours: Number(row.hours) })),
    covered:
      covered && textOf(covered.first_entry) !== null
        ? { first: String(covered.first_entry), last: String(covered.last_entry) }
        : null,
  }
}
