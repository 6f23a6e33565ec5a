import { UsageError } from '../../problems/problem.ts'
import type { Database } from '../store/database.ts'

/** Names of the column that holds the host's name, in the order in which they are looked for. */
const HOST_COLUMNS = ['host', 'hostname', 'name', 'node', 'fqdn']

/** Reads the inventory into the table `inventory(host, attribute, value)`; answers its columns. @throws UsageError */
export async function readInventory(database: Database, file: string | undefined): Promise<string[]> {
  await database.run('CREATE TEMP TABLE inventory (host VARCHAR, attribute VARCHAR, value VARCHAR)')
  await database.run('CREATE TEMP TABLE contradictory (host VARCHAR)')
  if (file === undefined) return []
  const columns = await load(database, file)
  const host = HOST_COLUMNS.flatMap(name => columns.filter(column => column.toLowerCase() === name))[0]
  if (host === undefined) {
    throw new UsageError(
      `--inventory ${file}: has no column host (nor ${HOST_COLUMNS.slice(1).join(', ')}); it has ${columns.join(', ')}`,
    )
  }
  const others = columns.filter(column => column !== host)
  // A row that stands there twice counts once; rows that contradict each other count for nothing, and are told.
  await database.run(`CREATE TEMP TABLE once AS SELECT DISTINCT * FROM sheet WHERE ${quoted(host)} IS NOT NULL`)
  await database.run(`INSERT INTO contradictory SELECT ${quoted(host)} FROM once GROUP BY 1 HAVING count(*) > 1`)
  await database.run(`INSERT INTO inventory SELECT DISTINCT ${quoted(host)}, NULL, NULL FROM once`)
  for (const column of others) {
    await database.run(
      `INSERT INTO inventory SELECT ${quoted(host)}, $1, ${quoted(column)} FROM once
       WHERE ${quoted(column)} IS NOT NULL AND ${quoted(host)} NOT IN (SELECT host FROM contradictory)`,
      [column],
    )
  }
  return others
}

async function load(database: Database, file: string): Promise<string[]> {
  try {
    await database.run(`CREATE TEMP TABLE sheet AS SELECT * FROM read_csv($1, all_varchar = true, header = true)`, [file])
  } catch (error) {
    const [message = ''] = error instanceof Error ? error.message.replace(/^[\w ]+ Error: /, '').split('\n') : [String(error)]
    throw new UsageError(`--inventory ${file}: ${/No files found/.test(message) ? 'there is no such file' : message}`)
  }
  const rows = await database.rows(
    "SELECT column_name AS name FROM duckdb_columns() WHERE table_name = 'sheet' ORDER BY column_index",
  )
  return rows.map(({ name }) => String(name))
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
