import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBAppender, DuckDBConnection, DuckDBInstance, DuckDBValue, Json } from '@duckdb/node-api'
import { UsageError } from '../../problems/problem.ts'
import { type Cell, type ColumnType, type Row, STORE_SCHEMA, TABLES, type Table, tableNamed } from './tables.ts'

/** DuckDB is an optional dependency of 70 MB, and only the fleet's commands load it. */
async function duckdb(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api')
  } catch {
    throw new UsageError('the fleet commands need DuckDB, which is not installed here: npm install @duckdb/node-api')
  }
}

/** DuckDB's own share of the memory; what it needs beyond, it keeps on disk: beside the store, or among temporary files where that is in memory. */
const MEMORY = '64MB'

const IN_MEMORY = ':memory:'

/** A connection to a store, and what this tool asks of it. */
export class Database {
  private before: Promise<void> = Promise.resolve()

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    private readonly timestamp: (micros: bigint) => DuckDBValue,
  ) {}

  /** @throws UsageError where the file is none of ours, is in use or cannot be made. */
  static async open(file: string, mode: 'write' | 'read'): Promise<Database> {
    if (mode === 'read' && !existsSync(file))
      throw new UsageError(`--store ${file}: there is no such file; inquest fleet run makes one`)
    const { DuckDBInstance, timestampValue } = await duckdb()
    try {
      const settings = {
        memory_limit: MEMORY,
        // The workers have the processors, and each thread its own buffers.
        threads: mode === 'write' ? '1' : '2',
        autoinstall_known_extensions: 'false',
        ...(file === IN_MEMORY && { temp_directory: join(tmpdir(), `inquest-${process.pid}.tmp`) }),
      }
      const instance = await DuckDBInstance.create(file, mode === 'read' ? { ...settings, access_mode: 'READ_ONLY' } : settings)
      const database = new Database(instance, await instance.connect(), timestampValue)
      await database.prepare(file, mode)
      return database
    } catch (error) {
      throw error instanceof UsageError ? error : new UsageError(`--store ${file}: ${storeFault(error)}`)
    }
  }

  /** A store in memory, for results that lie elsewhere. */
  static async inMemory(): Promise<Database> {
    return Database.open(IN_MEMORY, 'write')
  }

  private async prepare(file: string, mode: 'write' | 'read'): Promise<void> {
    const [made] = await this.rows("SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = 'schema'")
    if (Number(made?.n) === 1) {
      const [found] = await this.rows('SELECT name FROM schema')
      if (found?.name === STORE_SCHEMA) return
      throw new UsageError(
        `--store ${file}: was written as ${found?.name}, and this inquest reads ${STORE_SCHEMA}: name another file`,
      )
    }
    const [other] = await this.rows('SELECT count(*) AS n FROM duckdb_tables()')
    if (Number(other?.n) > 0 || mode === 'read')
      throw new UsageError(`--store ${file}: is a database, but no store of inquest fleet`)
    await this.inOne(async () => {
      for (const { name, columns } of TABLES) {
        await this.run(`CREATE TABLE ${name} (${columns.map(([column, type]) => `"${column}" ${type}`).join(', ')})`)
      }
      await this.run('CREATE TABLE schema (name VARCHAR)')
      await this.run('INSERT INTO schema VALUES ($1)', [STORE_SCHEMA])
    })
  }

  async run(sql: string, values: DuckDBValue[] = []): Promise<void> {
    await this.connection.run(sql, values)
  }

  /** All rows, as JSON has them: whole numbers are strings. */
  async rows(sql: string, values: DuckDBValue[] = []): Promise<Record<string, Json>[]> {
    return (await this.connection.runAndReadAll(sql, values)).getRowObjectsJson()
  }

  /** The same a few thousand rows at a time, however many there are. Meanwhile nothing else may be asked. */
  async *stream(sql: string, values: DuckDBValue[] = []): AsyncGenerator<Record<string, Json>> {
    const result = await this.connection.stream(sql, values)
    for await (const rows of result.yieldRowObjectJson()) yield* rows
  }

  /**
   * The rows of a table that are numbered in its column `n`, but for those whose numbers stand in another: a page at a time, so that other
   * things may be asked meanwhile, and nothing but a page is in memory.
   */
  async *paged(table: string, rows = 1000, without?: string): AsyncGenerator<Record<string, Json>> {
    const [last] = await this.rows(`SELECT max(n) AS n FROM ${table}`)
    const page = `n >= $1 AND n < $1 + ${rows}`
    const others = without === undefined ? '' : `AND n NOT IN (SELECT n FROM ${without} WHERE ${page})`
    for (let from = 0; from <= Number(last?.n ?? -1); from += rows)
      yield* await this.rows(`SELECT * FROM ${table} WHERE ${page} ${others} ORDER BY n`, [from])
  }

  /** The same beside other work, with what is committed; temporary tables are not seen. */
  async *streamBeside(sql: string): AsyncGenerator<Record<string, Json>> {
    const connection = await this.instance.connect()
    try {
      for await (const rows of (await connection.stream(sql)).yieldRowObjectJson()) yield* rows
    } finally {
      connection.closeSync()
    }
  }

  /** All of it, or none, even where the power goes. One after the other: a connection has one transaction. */
  inOne(work: () => Promise<void>): Promise<void> {
    const turn = this.before.then(() => this.alone(work))
    this.before = turn.catch(() => {})
    return turn
  }

  private async alone(work: () => Promise<void>): Promise<void> {
    await this.run('BEGIN')
    try {
      await work()
      await this.run('COMMIT')
    } catch (error) {
      await this.run('ROLLBACK').catch(() => {})
      throw error
    }
  }

  /** Rows by the columns that a table has. */
  async append(name: string, rows: readonly Row[], columns: Table['columns'] = tableNamed(name).columns): Promise<void> {
    if (rows.length === 0) return
    const appender = await this.connection.createAppender(name)
    for (const row of rows) {
      for (const [column, type] of columns) this.put(appender, type, row[column] ?? null)
      appender.endRow()
    }
    appender.closeSync()
  }

  private put(appender: DuckDBAppender, type: ColumnType, cell: Cell): void {
    const micros = type === 'TIMESTAMP' && typeof cell === 'string' ? microsOf(cell) : null
    if (cell === null || (type === 'TIMESTAMP' && micros === null)) appender.appendNull()
    else if (micros !== null) appender.appendValue(this.timestamp(micros))
    else if (type === 'BIGINT') appender.appendBigInt(BigInt(Math.trunc(Number(cell))))
    else if (type === 'DOUBLE') appender.appendDouble(Number(cell))
    else if (type === 'BOOLEAN') appender.appendBoolean(cell === true)
    else appender.appendVarchar(String(cell))
  }

  close(): void {
    this.connection.closeSync()
    this.instance.closeSync()
  }
}

/** µs of a time in UTC: `2026-11-24T01:45:49.000000Z`. */
function microsOf(time: string): bigint | null {
  const ms = Date.parse(`${time.slice(0, 19)}Z`)
  return Number.isNaN(ms) ? null : BigInt(ms) * 1000n + BigInt(/\.(\d+)/.exec(time)?.[1]?.padEnd(6, '0').slice(0, 6) ?? 0)
}

/** Why the store cannot be used, as a clause. */
export function storeFault(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (/set lock on/i.test(message)) return 'another inquest is writing it (or a program has it open): wait for its end'
  if (/no space left|ENOSPC|disk full|file too large|quota exceeded/i.test(message)) return 'no space is left on the device'
  if (/not a valid DuckDB database/i.test(message)) return 'is no DuckDB database'
  if (/version number|newer version|storage version/i.test(message))
    return 'was written by another version of DuckDB; name another file'
  if (/corrupt/i.test(message)) return 'is damaged; name another file'
  return message.replace(/^\w+ Error: /, '').split('\n')[0] ?? message
}
