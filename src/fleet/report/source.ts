import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { UsageError } from '../../problems/problem.ts'
import { RESULT_SCHEMA, type Result } from '../result.ts'
import { Database } from '../store/database.ts'
import { Keeper } from '../store/keeper.ts'

/**
 * Opens what results are kept in: the store of `fleet run`, a folder of Parquet that Spark wrote (a column `result` of the lines that
 * `fleet work` printed), or these lines themselves in files. The latter two are collected into a store in memory: what was printed twice
 * (a task that was tried again) counts once.
 */
export async function openResults(path: string): Promise<Database> {
  if (!existsSync(path)) throw new UsageError(`--store ${path}: there is no such file; inquest fleet run makes one`)
  const files = filesOf(path)
  const parquet = files.filter(file => file.endsWith('.parquet'))
  if (parquet.length > 0) return collected(path, database => parquetLines(database, parquet))
  const lines = files.filter(file => /\.(?:jsonl|ndjson|json)$|\/part-[^/.]*$/.test(file))
  if (lines.length > 0) return collected(path, () => fileLines(lines))
  if (statSync(path).isDirectory()) throw new UsageError(`--store ${path}: holds neither Parquet nor JSON lines of fleet work`)
  return Database.open(path, 'read')
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .filter(name => !/^[._]/.test(name))
    .sort()
    .map(name => join(path, name))
}

async function collected(path: string, lines: (database: Database) => AsyncIterable<string>): Promise<Database> {
  const database = await Database.inMemory()
  const keeper = new Keeper(database)
  const seen = new Set<string>()
  for await (const line of lines(database)) {
    const result = resultIn(line)
    if (!result) throw new UsageError(`--store ${path}: holds a line that is no result of fleet work: ${line.slice(0, 60)}`)
    if (seen.has(result.item)) continue
    seen.add(result.item)
    await keeper.take(result)
  }
  await keeper.flush()
  await database.run('INSERT INTO paths SELECT item, path FROM inputs')
  return database
}

function resultIn(line: string): Result | null {
  try {
    const result = JSON.parse(line) as Result // of the schema that it names, or refused
    return result.schema === RESULT_SCHEMA ? result : null
  } catch {
    return null
  }
}

async function* parquetLines(database: Database, files: readonly string[]): AsyncGenerator<string> {
  const list = files.map(file => `'${file.replaceAll("'", "''")}'`).join(', ')
  // By item: which of two attempts comes first must not depend on the files' names.
  for await (const row of database.streamBeside(`SELECT result FROM read_parquet([${list}]) ORDER BY item, result`))
    yield String(row.result)
}

async function* fileLines(files: readonly string[]): AsyncGenerator<string> {
  for (const file of files)
    for await (const line of createInterface({ input: createReadStream(file) })) if (line !== '') yield line
}
