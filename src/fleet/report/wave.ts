import type { Database } from '../store/database.ts'
import type { Moment, Wave } from './contract.ts'
import { BY_WEIGHT, iso, textOf } from './gather.ts'

const HOUR = 3600
/** Buckets fewer than these tell little, more than these cannot be seen. */
const STEPS = [60, 300, HOUR, 6 * HOUR, 24 * HOUR, 7 * 24 * HOUR]
const MOST_BUCKETS = 60

/** Columns of an inventory by which a rollout goes. */
const RINGS = ['ring', 'wave', 'stage', 'batch', 'rollout', 'phase']

/** When each outcome befell the hosts, largest first. */
export async function wavesIn(database: Database, columns: readonly string[]): Promise<Wave[]> {
  const rows = await database.rows(`SELECT rule, outcome, count(*) AS hosts, count(*) FILTER (moment IS NULL) AS undated,
      date_diff('second', max(moment), (SELECT max(last_entry) FROM machines)) AS rest
    FROM machines WHERE rule IS NOT NULL GROUP BY rule, outcome, severity ORDER BY ${BY_WEIGHT}, hosts DESC, rule, outcome`)
  const [span] = await database.rows(
    "SELECT date_diff('second', min(moment), max(moment)) AS seconds FROM machines WHERE rule IS NOT NULL",
  )
  // One for all: charts lay them over each other.
  const bucket = bucketFor(Number(span?.seconds ?? 0))
  const column = RINGS.flatMap(name => columns.filter(each => each.toLowerCase() === name))[0]
  const waves: Wave[] = []
  for (const row of rows) {
    const [rule, outcome] = [String(row.rule), String(row.outcome)]
    waves.push({
      rule,
      outcome,
      hosts: Number(row.hosts),
      undated: Number(row.undated),
      ...(await endsOf(database, rule, outcome)),
      bucket,
      buckets: await bucketsOf(database, rule, outcome, bucket),
      rings: column === undefined ? null : { column, rows: await ringsOf(database, rule, outcome, column) },
      ongoing: row.rest !== null && Number(row.rest) < Math.max(HOUR, bucket),
    })
  }
  return waves
}

/** Hours, unless the wave is much shorter or much longer. */
function bucketFor(seconds: number): number {
  if (seconds <= 2 * HOUR) return STEPS.find(step => seconds / step <= MOST_BUCKETS) ?? HOUR
  return STEPS.find(step => step >= HOUR && seconds / step <= MOST_BUCKETS) ?? 7 * 24 * HOUR
}

async function endsOf(database: Database, rule: string, outcome: string): Promise<Pick<Wave, 'first' | 'last' | 'overwritten'>> {
  const end = async (time: string, order: string): Promise<Moment | null> => {
    const [row] = await database.rows(
      `SELECT host, ${iso(time)} AS said FROM worst
       WHERE rule = $1 AND outcome = $2 AND ${time} IS NOT NULL ORDER BY ${time} ${order}, host LIMIT 1`,
      [rule, outcome],
    )
    return row ? { host: String(row.host), at: textOf(row.said) ?? '' } : null
  }
  const [first, last] = [await end('overwritten', ''), await end('overwritten', 'DESC')]
  return { first: await end('moment', ''), last: await end('moment', 'DESC'), overwritten: first && last && { first, last } }
}

async function bucketsOf(database: Database, rule: string, outcome: string, bucket: number): Promise<Wave['buckets']> {
  const rows = await database.rows(
    `WITH hit AS (SELECT floor(epoch(moment) / ${bucket})::BIGINT AS n FROM machines WHERE rule = $1 AND outcome = $2 AND moment IS NOT NULL)
     SELECT strftime(make_timestamp(n * ${bucket} * 1000000), '%Y-%m-%dT%H:%M:%SZ') AS start, (SELECT count(*) FROM hit WHERE hit.n = span.n) AS hosts
     FROM (SELECT unnest(range((SELECT min(n) FROM hit), (SELECT max(n) FROM hit) + 1)) AS n) AS span ORDER BY start`,
    [rule, outcome],
  )
  return rows.map(({ start, hosts }) => ({ from: String(start), hosts: Number(hosts) }))
}

type Ring = NonNullable<Wave['rings']>['rows'][number]

async function ringsOf(database: Database, rule: string, outcome: string, column: string): Promise<Ring[]> {
  const rows = await database.rows(
    `SELECT i.value AS ring, count(*) AS hosts, count(*) FILTER (m.rule = $1 AND m.outcome = $2) AS affected,
       ${iso('min(m.moment) FILTER (m.rule = $1 AND m.outcome = $2)')} AS first_hit
     FROM machines m JOIN inventory i ON i.host = m.host AND i.attribute = $3 WHERE m.fault IS NULL
     GROUP BY i.value ORDER BY try_cast(i.value AS DOUBLE) NULLS LAST, i.value LIMIT 100`,
    [rule, outcome, column],
  )
  return rows.map(({ ring, hosts, affected, first_hit }) => ({
    ring: String(ring),
    hosts: Number(hosts),
    affected: Number(affected),
    first: textOf(first_hit),
  }))
}
