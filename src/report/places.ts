/** Where a claim can be looked up: short names for inputs, places such as `messages:81-83,89`, and commands that print them. */
import type { Ref } from '../entries/entry.ts'
import type { Incident, Input } from './report.ts'
import { safeCommand, safeLine } from './safe.ts'

export interface Places {
  /** `messages:81-83,89`; `lines 81-83, 89 of standard input` */
  of(refs: readonly Ref[]): string
  /** The input's name within the report. */
  nameOf(path: string): string
}

export function placesIn(inputs: readonly Input[]): Places {
  const names = shortNames(inputs.map(({ path }) => path))
  const nameOf = (path: string): string => safeLine(names.get(path) ?? path)
  return {
    nameOf,
    of: refs =>
      byInput(refs)
        .map(([path, group]) => placeOf(path, group, nameOf))
        .join('; '),
  }
}

/** The last part of each path, and as many of the parts before it as it takes to be unique. */
function shortNames(paths: readonly string[]): Map<string, string> {
  const tail = (path: string, count: number): string => path.split('/').slice(-count).join('/') || path
  const all = [...new Set(paths)]
  return new Map(
    all.map(path => {
      let count = 1
      while (all.some(other => other !== path && tail(other, count) === tail(path, count))) count++
      return [path, tail(path, count)]
    }),
  )
}

function byInput(refs: readonly Ref[]): [string, Ref[]][] {
  const groups = new Map<string, Ref[]>()
  for (const ref of refs) groups.set(ref.input, [...(groups.get(ref.input) ?? []), ref])
  return [...groups]
}

function placeOf(path: string, refs: readonly Ref[], nameOf: (path: string) => string): string {
  const { lines, others } = sorted(refs)
  const told: string[] = []
  const ranges = runs(lines).map(run => run.join('-'))
  if (path === '-') {
    if (lines.length > 0) told.push(`${lines.length === 1 ? 'line' : 'lines'} ${ranges.join(', ')} of standard input`)
  } else if (lines.length > 0) told.push(`${nameOf(path)}:${ranges.join(',')}`)
  const name = path === '-' ? 'standard input' : nameOf(path)
  for (const { offset, cursor } of others)
    told.push(offset !== undefined ? `${name} at byte ${offset}` : cursor ? `${name} at ${safeLine(cursor)}` : name)
  return told.join('; ')
}

function sorted(refs: readonly Ref[]): { lines: number[]; others: Ref[] } {
  const lines = new Set(refs.flatMap(({ line }) => (line === undefined ? [] : [line])))
  return { lines: [...lines].sort((a, b) => a - b), others: refs.filter(({ line }) => line === undefined) }
}

/** [1, 2, 3, 7] → [[1, 3], [7]] */
function runs(numbers: readonly number[]): number[][] {
  const found: number[][] = []
  for (const number of numbers) {
    const last = found.at(-1)
    if (last && number === (last[1] ?? last[0] ?? 0) + 1) last[1] = number
    else found.push([number])
  }
  return found
}

const refsOf = ({ timeline, evidence }: Incident): Ref[] =>
  [...timeline, ...evidence.for, ...evidence.against, ...evidence.unknown].flatMap(({ refs }) => refs)

/** Commands that print every line an incident stands on, or a sentence where no command can. */
export function checksOf(incident: Incident): { command?: string; note?: string }[] {
  return byInput(refsOf(incident)).flatMap(([path, refs]) => {
    const { lines, others } = sorted(refs)
    const cursors = others.flatMap(({ offset, cursor }) => (offset === undefined && cursor ? [cursor] : []))
    const script = `sed -n '${runs(lines)
      .map(run => `${run.join(',')}p`)
      .join(';')}'`
    return [
      ...(lines.length > 0 ? [linesCommand(path, script)] : []),
      ...cursors.map(cursor => ({ command: `journalctl --file ${quoted(path)} -n 1 --cursor ${quoted(cursor)}` })),
    ]
  })
}

function linesCommand(path: string, script: string): { command?: string; note?: string } {
  if (path === '-') return { command: script, note: 'on what was piped in' }
  const tool = Object.entries(UNPACK).find(([suffix]) => path.endsWith(suffix))?.[1]
  return { command: tool ? `${tool} ${quoted(path)} | ${script}` : `${script} ${quoted(path)}` }
}

const UNPACK: Record<string, string> = { '.gz': 'zcat', '.zst': 'zstdcat', '.xz': 'xzcat', '.bz2': 'bzcat', '.lz4': 'lz4cat' }

/** For a shell. What is unsafe to print comes as $'…', which the shell turns back. */
function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word) && !word.startsWith('-')) return word
  const shown = safeCommand(word)
  if (shown === word) return `${word.startsWith('-') ? './' : ''}'${word.replaceAll("'", `'\\''`)}'`
  return `$'${safeCommand(word.replace(/[\\']/g, '\\$&'))}'`
}
