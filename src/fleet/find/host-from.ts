import { UsageError } from '../../problems/problem.ts'

/** Where the user says that a host's name stands. */
export type HostFrom = { kind: 'path'; pattern: RegExp } | { kind: 'field'; name: string }

/** `path:REGEX` with one group, or `field:NAME`. */
export function hostFrom(given: string): HostFrom {
  const [, kind = '', value = ''] = /^(path|field):(.+)$/s.exec(given) ?? []
  if (kind === 'field') return { kind, name: value }
  if (kind !== 'path') throw new UsageError("path:REGEX or field:NAME is wanted, as in 'path:/([^/]+)/messages$'")
  let pattern: RegExp
  try {
    pattern = new RegExp(value)
  } catch (error) {
    throw new UsageError((error as Error).message) // what RegExp throws
  }
  if (new RegExp(`${value}|`).exec('')?.length === 1) throw new UsageError('the expression has no group (…) for the name')
  return { kind: 'path', pattern }
}

/** Values looked for; more than these are not told. */
const MOST = 3

/** What a field says in those records of a log that are looked at. */
export class Field {
  private readonly values = new Set<string>()

  constructor(private readonly name: string) {}

  /** The one value; null where no record has the field. */
  value(): string | null {
    return [...this.values][0] ?? null
  }

  /** Why the log cannot be one host's. */
  fault(): string | null {
    if (this.values.size < 2) return null
    return `--host-from field:${this.name} gives a name to a whole file, and this one has several: ${[...this.values].join(', ')}`
  }

  /** Looks at whole lines: of one that is cut off, the value may be as well. */
  hear(bytes: Buffer): void {
    const end = bytes.lastIndexOf(10)
    for (const line of bytes.toString('utf8', 0, end < 0 ? bytes.length : end).split('\n')) {
      if (this.values.size >= MOST) return
      const value = valueIn(line, this.name)
      if (value) this.values.add(value)
    }
  }
}

/** In a line of JSON, of JSON printed over several lines, of `KEY=value` alone (journalctl -o export) or in a row (logfmt). */
function valueIn(line: string, name: string): string | null {
  const json = /^[\s,[]*(\{.*\})[\s,\]]*$/s.exec(line)?.[1]
  if (json !== undefined) return inObject(json, name)
  const pretty = /^\s*("(?:[^"\\]|\\.)*")\s*:\s*("(?:[^"\\]|\\.)*"|[\d.]+),?\s*$/.exec(line)
  if (pretty?.[1] && pretty[2]) return inObject(`{${pretty[1]}:${pretty[2]}}`, name)
  if (line.startsWith(`${name}=`) && /^\w+$/.test(name) && !/\s\S+=/.test(line)) return bare(line.slice(name.length + 1))
  return inPairs(line, name)
}

function inObject(json: string, name: string): string | null {
  try {
    const record = JSON.parse(json) as Record<string, unknown> // it has braces
    const deep = name.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], record) // or undefined
    const [value] = [record[name] ?? deep].flat()
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null
  } catch {
    return null
  }
}

/** Pairs from the front on: what a message says further on is its writer's. */
function inPairs(line: string, name: string): string | null {
  const pair = /\s*([\w.-]+)=("(?:[^"\\]|\\.)*"|\S*)/y
  for (let found = pair.exec(line); found; found = pair.exec(line)) if (found[1] === name) return bare(found[2] ?? '')
  return null
}

const bare = (value: string): string => value.trim().replace(/^"(.*)"$/, '$1')
