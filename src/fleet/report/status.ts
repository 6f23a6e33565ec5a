import type { Database } from '../store/database.ts'
import { amount } from './numbers.ts'

/** What a store holds, in a few lines, and the exit status that a run over it has. */
export async function statusOf(database: Database): Promise<{ text: string; status: 0 | 1 | 2 | 3; faults: string[] }> {
  const [hosts] =
    await database.rows(`SELECT count(*) FILTER (fault IS NULL) AS read, count(*) FILTER (fault IS NOT NULL) AS unread,
    count(*) FILTER (rule IS NOT NULL) AS affected, count(*) FILTER (fault IS NULL AND NOT complete) AS incomplete FROM hosts`)
  const [work] = await database.rows(`SELECT (SELECT count(DISTINCT item) FROM paths) AS planned,
    (SELECT count(*) FROM items WHERE item IN (SELECT item FROM paths)) AS done, (SELECT coalesce(sum(bytes), 0) FROM items) AS bytes`)
  const outcomes = await database.rows(
    'SELECT rule, outcome, count(*) AS n FROM hosts WHERE rule IS NOT NULL GROUP BY ALL ORDER BY n DESC, rule, outcome',
  )
  const n = (value: unknown): number => Number(value)
  const lines = [
    `${amount(n(hosts?.read))} hosts read, ${amount(n(hosts?.affected))} with an incident, ${amount(n(hosts?.unread))} unreadable`,
    ...outcomes.map(({ rule, outcome, n: count }) => `  ${amount(n(count)).padStart(9)}  ${rule}: ${outcome}`),
    `${amount(n(work?.done))} of ${amount(n(work?.planned))} work items done, ${(n(work?.bytes) / 1e6).toFixed(1)} MB of logs`,
  ]
  const status = n(hosts?.affected) > 0 ? 1 : n(hosts?.read) === 0 ? 2 : n(hosts?.unread) + n(hosts?.incomplete) > 0 ? 3 : 0
  // Where nothing was read, why: two hosts stand for all.
  const unread =
    status === 2 ? await database.rows('SELECT host, fault FROM hosts WHERE fault IS NOT NULL ORDER BY host LIMIT 2') : []
  return { text: `${lines.join('\n')}\n`, status, faults: unread.map(({ host, fault }) => `${host}: ${fault}`) }
}
