import { Grouping, isMixed, type Placed } from '../find/group.ts'
import type { Item, Source } from '../item.ts'
import type { Database } from './database.ts'
import type { Row, Table } from './tables.ts'

/** Logs that must be read together: no host outside speaks in them. */
export interface Group {
  host: string
  named: boolean
  /** Sorted by path. */
  inputs: Source[]
  /** Several hosts speak in one of its files. */
  mixed: boolean
}

const LOGS: Table['columns'] = [
  ['log', 'BIGINT', 'numbered as they were found'],
  ['path', 'VARCHAR', ''],
  ['bytes', 'BIGINT', ''],
  ['mtime', 'VARCHAR', ''],
  ['content', 'VARCHAR', ''],
  ['version', 'VARCHAR', 'of an object'],
  ['place', 'VARCHAR', ''],
  ['named', 'BOOLEAN', 'the user says what its host is called'],
  ['mixed', 'BOOLEAN', ''],
]
const ROOTS: Table['columns'] = [
  ['log', 'BIGINT', ''],
  ['root', 'BIGINT', 'the first log of those that belong together'],
]
const PLANNED: Table['columns'] = [
  ['item', 'VARCHAR', ''],
  ['n', 'BIGINT', 'its place, largest first'],
  ['bytes', 'BIGINT', ''],
  ['line', 'VARCHAR', 'the item as fleet work reads it'],
]
const READS: Table['columns'] = [
  ['item', 'VARCHAR', ''],
  ['path', 'VARCHAR', ''],
]

/** Rows that are handed to DuckDB together. */
const AT_ONCE = 2000

/**
 * What is planned, in temporary tables: DuckDB keeps on disk what is more than its share of the memory, so that a plan costs the same for a
 * hundred hosts and for a million, but for some numbers of each log (Grouping).
 */
export class Docket {
  private grouping = new Grouping()
  private logs: Row[] = []
  private count = 0

  constructor(private readonly database: Database) {}

  async begin(): Promise<void> {
    const columns = (table: Table['columns']): string => table.map(([name, type]) => `${name} ${type}`).join(', ')
    for (const [name, table] of Object.entries({ logs: LOGS, roots: ROOTS, planned: PLANNED, reads: READS }))
      await this.database.run(`CREATE OR REPLACE TEMP TABLE ${name} (${columns(table)})`)
    this.grouping = new Grouping()
    this.count = 0
  }

  async addLog(log: Placed & { source: Source }): Promise<void> {
    this.grouping.add(log)
    const { source, named, place } = log
    this.logs.push({ log: this.count++, ...source, place: named ?? place, named: named !== null, mixed: isMixed(log) })
    if (this.logs.length >= AT_ONCE) await this.flush()
  }

  private async flush(): Promise<void> {
    const { logs } = this
    this.logs = []
    await this.database.append('logs', logs, LOGS)
  }

  /** When all logs are added: what must be read together, largest first: a large one that comes last would keep one worker busy while the others wait. */
  async *groups(): AsyncGenerator<Group> {
    const { database } = this
    await this.flush()
    let rows: Row[] = []
    let log = 0
    for (const root of this.grouping.roots()) {
      rows.push({ log: log++, root })
      if (rows.length < AT_ONCE) continue
      await database.append('roots', rows, ROOTS)
      rows = []
    }
    await database.append('roots', rows, ROOTS)
    this.grouping = new Grouping()
    // Numbered behind the sorting, which DuckDB does on disk where it must: a window that is ordered it would keep in memory.
    await database.run(`CREATE OR REPLACE TEMP TABLE grouped AS
      WITH sets AS (SELECT root, sum(bytes) AS weight, min(path) AS first, bool_or(mixed) AS mixed FROM logs JOIN roots USING (log) GROUP BY root)
      SELECT row_number() OVER () - 1 AS n, * FROM (
        SELECT root, path, bytes, mtime, content, version, place, named, sets.mixed AS mixed
        FROM logs JOIN roots USING (log) JOIN sets USING (root) ORDER BY weight DESC, first, path
      )`)
    await database.run('DROP TABLE logs; DROP TABLE roots')
    let group: Group | null = null
    let of: string | null = null
    for await (const { root, path, bytes, mtime, content, version, place, named, mixed } of database.paged('grouped')) {
      if (group && of !== root) yield group
      if (!group || of !== root) group = { host: String(place), named: named === true, inputs: [], mixed: mixed === true }
      of = String(root)
      group.inputs.push({
        path: String(path),
        bytes: Number(bytes),
        mtime: String(mtime),
        content: String(content),
        ...(version !== null && { version: String(version) }),
      })
    }
    if (group) yield group
    await database.run('DROP TABLE grouped')
  }

  /** Notes items, in the order in which they come. */
  async plan(items: AsyncIterable<Item>): Promise<void> {
    const { database } = this
    let planned: Row[] = []
    let reads: Row[] = []
    let count = 0
    const flush = async (): Promise<void> => {
      await database.append('planned', planned, PLANNED)
      await database.append('reads', reads, READS)
      planned = []
      reads = []
    }
    for await (const item of items) {
      planned.push({ item: item.id, n: count++, bytes: item.bytes, line: JSON.stringify(item) })
      for (const { path } of item.inputs) reads.push({ item: item.id, path })
      if (planned.length + reads.length >= AT_ONCE) await flush()
    }
    await flush()
  }

  /** Lines for `fleet work`, but for those whose numbers stand in another table. */
  async *lines(without?: string): AsyncGenerator<string> {
    for await (const { line } of this.database.paged('planned', 256, without)) yield String(line)
  }
}
