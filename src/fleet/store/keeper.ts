import type { Found } from '../find/files.ts'
import type { Sight } from '../find/look.ts'
import type { Voice } from '../find/voices.ts'
import type { Memory } from '../plan.ts'
import type { Result } from '../result.ts'
import type { Database } from './database.ts'
import { rowsOf } from './rows.ts'
import type { Row } from './tables.ts'

/** Tables whose rows belong to an item. */
const OF_ITEMS = ['items', 'hosts', 'boots', 'incidents', 'steps', 'evidence', 'problems', 'inputs']

/** Results that are committed together, for a commit waits for the disk: so many, or what came in so many ms. */
const AT_ONCE = 512
const AT_MOST = 1000
const SIGHTS_AT_ONCE = 1000

/** Keeps results as they come. Killed at any moment, the store holds whole items and nothing else. */
export class Keeper implements Memory {
  private waiting: Result[] = []
  private flushed = performance.now()
  private sights: Row[] = []
  /** There are sights from before. */
  private remembers = false
  /** Paths of which the store knows an older look. */
  private readonly stale = new Set<string>()
  run = 0

  /** @param field What looks look for besides (--host-from field:NAME): one that did not is of no use. */
  constructor(
    private readonly database: Database,
    private readonly field: string | null = null,
  ) {}

  async begin(tool: string, rules: string): Promise<void> {
    const [last] = await this.database.rows('SELECT coalesce(max(run), 0) AS n FROM runs')
    this.run = Number(last?.n) + 1
    const [known] = await this.database.rows('SELECT count(*) AS n FROM sightings')
    this.remembers = Number(known?.n) > 0
    await this.database.append('runs', [{ run: this.run, started: new Date().toISOString(), tool, rules }])
  }

  async end(planned: number, done: number, passed: readonly string[]): Promise<void> {
    await this.database.run('UPDATE runs SET ended = $2::TIMESTAMP, planned = $3, done = $4, passed = $5 WHERE run = $1', [
      this.run,
      new Date().toISOString().slice(0, 23),
      planned,
      done,
      JSON.stringify(passed),
    ])
  }

  /**
   * Drops what the plan (Docket), of what lies below `roots`, replaces, and what is to be done anew; what is not left to do stands in `done`. What the logs of other folders told
   * stays: a store may be filled from several.
   */
  async expect(force: boolean, roots: readonly string[]): Promise<{ items: number; todo: number; bytes: number }> {
    const { database } = this
    await database.run(`CREATE OR REPLACE TEMP TABLE roots AS SELECT unnest(from_json($1, '["VARCHAR"]')) AS root`, [
      JSON.stringify(roots),
    ])
    const replaced = `SELECT item FROM paths WHERE path IN (SELECT path FROM reads) AND item NOT IN (SELECT item FROM planned)`
    const anew = force
      ? ' UNION SELECT item FROM planned'
      : ' UNION SELECT item FROM items WHERE again AND item IN (SELECT item FROM planned)'
    // What could not be read and is not there any more: a folder that was denied, and now its hosts are planned one by one.
    const gone = ` UNION SELECT p.item FROM paths p JOIN items i ON i.item = p.item
      WHERE i.fault IS NOT NULL AND p.item NOT IN (SELECT item FROM planned)
      AND EXISTS (SELECT 1 FROM (SELECT root AS below FROM roots UNION ALL SELECT path FROM reads) b
        WHERE p.path = b.below OR starts_with(p.path, b.below || '/') OR starts_with(b.below, p.path || '/'))`
    await database.run(`CREATE OR REPLACE TEMP TABLE dropped AS ${replaced}${anew}${gone}`)
    const [dropped] = await database.rows('SELECT count(*) AS n FROM dropped')
    await database.inOne(async () => {
      if (Number(dropped?.n) > 0)
        for (const table of [...OF_ITEMS, 'paths'])
          await database.run(`DELETE FROM ${table} WHERE item IN (SELECT item FROM dropped)`)
      await database.run('INSERT INTO paths SELECT DISTINCT item, path FROM reads WHERE item NOT IN (SELECT item FROM paths)')
    })
    // Numbers alone: with the lines themselves a join would have to hold them all.
    await database.run(`CREATE OR REPLACE TEMP TABLE done AS SELECT n FROM planned WHERE item IN (SELECT item FROM items)
      UNION SELECT n FROM planned JOIN (SELECT item, min(n) AS first FROM planned GROUP BY item HAVING count(*) > 1) USING (item) WHERE n > first`)
    const [sums] =
      await database.rows(`SELECT (SELECT count(*) FROM planned) AS items, count(*) AS todo, coalesce(sum(bytes), 0) AS bytes
      FROM planned WHERE n NOT IN (SELECT n FROM done)`)
    return { items: Number(sums?.items), todo: Number(sums?.todo), bytes: Number(sums?.bytes) }
  }

  async take(result: Result): Promise<void> {
    this.waiting.push(result)
    const now = performance.now()
    if (this.waiting.length < AT_ONCE && now - this.flushed < AT_MOST) return
    await this.flush()
    this.flushed = performance.now()
  }

  async flush(): Promise<void> {
    const results = this.waiting
    this.waiting = []
    if (results.length === 0) return
    const rows = results.map(result => rowsOf(result, this.run))
    await this.database.inOne(async () => {
      for (const table of OF_ITEMS)
        await this.database.append(
          table,
          rows.flatMap(each => each[table] ?? []),
        )
    })
  }

  async recall(found: readonly Found[]): Promise<ReadonlyMap<string, Sight>> {
    if (!this.remembers || found.length === 0) return new Map()
    const paths = found.map(({ path }) => path)
    // By the first and the last as well: those let DuckDB pass over most of the table.
    const sorted = paths.map(path => Buffer.from(path)).sort(Buffer.compare)
    const [first = '', last = ''] = [sorted.at(0)?.toString(), sorted.at(-1)?.toString()]
    const rows = await this.database.rows(
      `SELECT path, stat, sight FROM sightings WHERE path BETWEEN $1 AND $2
        AND path IN (SELECT unnest(from_json($3, '["VARCHAR"]')))`,
      [first, last, JSON.stringify(paths)],
    )
    const stats = new Map(found.map(each => [each.path, this.statOf(each)]))
    for (const { path, stat } of rows) if (stats.get(String(path)) !== stat) this.stale.add(String(path))
    return new Map(
      rows.flatMap(
        ({ path, stat, sight }) =>
          stats.get(String(path)) === stat ? [[String(path), JSON.parse(String(sight)) as Sight] as const] : [], // as keep() wrote it
      ),
    )
  }

  async keep(found: Found, sight: Sight): Promise<void> {
    // A root's content is not that of its folder's times; what could not be read may be read next time.
    if (found.kind === 'machine' || sight.content.startsWith('unreadable: ')) return
    this.sights.push({ path: found.path, stat: this.statOf(found), sight: JSON.stringify(sight) })
    if (this.sights.length >= SIGHTS_AT_ONCE) await this.flushSights()
  }

  async flushSights(): Promise<void> {
    const sights = this.sights
    this.sights = []
    if (sights.length === 0) return
    await this.database.inOne(async () => {
      const stale = sights.flatMap(({ path }) => (this.stale.delete(String(path)) ? [path] : []))
      if (stale.length > 0) {
        await this.database.run('DELETE FROM sightings WHERE path IN (SELECT unnest(from_json($1, \'["VARCHAR"]\')))', [
          JSON.stringify(stale),
        ])
      }
      await this.database.append('sightings', sights)
    })
  }

  /**
   * Hosts that were met in more than one item, because the heads of their logs did not tell: what each log was found to hold is noted, so
   * that the next plan brings them together. A text log has a name alone, and goes with every machine of that name. Answers how many hosts there were.
   */
  async learn(): Promise<number> {
    const { database } = this
    await database.run(`CREATE OR REPLACE TEMP TABLE torn AS
      SELECT item, host, machine_id FROM hosts WHERE fault IS NULL AND item IN (SELECT item FROM planned)
      QUALIFY count(*) OVER (PARTITION BY host, coalesce(machine_id, '')) > 1
        OR (count(DISTINCT item) OVER (PARTITION BY host) > 1 AND count(*) FILTER (machine_id IS NULL) OVER (PARTITION BY host) > 0)`)
    const [torn] = await database.rows("SELECT count(DISTINCT (host, coalesce(machine_id, ''))) AS n FROM torn")
    const logs = await database.rows(`SELECT s.path, s.stat, s.sight,
        (SELECT json_group_array(json_object('host', t.host, 'machineId', t.machine_id, 'boot', NULL)) FROM torn t WHERE t.item = p.item) AS voices
      FROM paths p JOIN sightings s ON s.path = p.path WHERE p.item IN (SELECT item FROM torn)`)
    for (const { path, stat, sight, voices } of logs) {
      const known = JSON.parse(String(sight)) as Sight // as keep() wrote it
      this.stale.add(String(path))
      const heard = JSON.parse(String(voices)) as Voice[] // as the query makes it
      this.sights.push({
        path: String(path),
        stat: String(stat),
        sight: JSON.stringify({ ...known, voices: [...known.voices, ...heard] }),
      })
    }
    await this.flushSights()
    this.remembers = true
    return logs.length === 0 ? 0 : Number(torn?.n)
  }

  private statOf(found: Found): string {
    const { field } = this
    return `${field === null ? '' : `field ${field} `}${stateOf(found)}`
  }
}

function stateOf(found: Found): string {
  if (found.kind === 'object') return `${found.size} ${found.version}`
  const { stat } = found
  return `${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.ino}`
}
