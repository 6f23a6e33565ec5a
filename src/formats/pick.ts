import { AT, FIELD_COUNT, type Fields } from './fields.ts'

/**
 * Takes the few fields that matter out of one line of `journalctl -o json` without parsing the rest: JSON.parse costs 20 µs a line and
 * more, this walk one or two (knowledge/performance.md). The object must be flat and its values strings, as journald writes them; any
 * doubt (an array, a number, an object, a missing brace) answers null, and the line is parsed whole. Both ways give the same fields:
 * test/formats/pick.test.ts.
 */
export function pick(line: string): Fields | null {
  const fields: Fields = new Array(FIELD_COUNT).fill(undefined)
  let slash = line.indexOf('\\')
  let at = skipBlanks(line, 0)
  if (line.charCodeAt(at) !== OPEN) return null
  for (at = skipBlanks(line, at + 1); ; at = skipBlanks(line, at + 1)) {
    if (line.charCodeAt(at) !== QUOTE) return null
    const nameEnd = line.indexOf('"', at + 1)
    if (nameEnd === -1) return null
    if (slash !== -1 && slash < nameEnd) return null
    const place = slotOf(line, at + 1, nameEnd)
    at = skipBlanks(line, nameEnd + 1)
    if (line.charCodeAt(at) !== ANY_COLON) return null
    at = skipBlanks(line, at + 1)
    if (line.charCodeAt(at) === QUOTE) {
      let end = line.indexOf('"', at + 1)
      const escaped = slash !== -1 && slash < end
      if (escaped) {
        while (end !== -1 && isEscaped(line, end)) end = line.indexOf('"', end + 1)
        slash = end === -1 ? -1 : line.indexOf('\\', end)
      }
      if (end === -1) return null
      if (place !== -1) fields[place] = escaped ? unescaped(line.slice(at, end + 1)) : line.slice(at + 1, end)
      if (place !== -1 && fields[place] === undefined) return null
      at = end + 1
    } else if (line.startsWith('null', at)) {
      if (place !== -1) fields[place] = null
      at += 4
    } else return null
    at = skipBlanks(line, at)
    const next = line.charCodeAt(at)
    if (next === COMMA) continue
    return next === CLOSE && skipBlanks(line, at + 1) === line.length ? fields : null
  }
}

const OPEN = 123
const CLOSE = 125
const QUOTE = 34
const ANY_COLON = 58
const COMMA = 44
const BACKSLASH = 92

function skipBlanks(line: string, from: number): number {
  let at = from
  for (let code = line.charCodeAt(at); code === 32 || code === 9 || code === 13; code = line.charCodeAt(at)) at++
  return at
}

/** Whether the quote at this place stands behind an odd number of backslashes. */
function isEscaped(line: string, at: number): boolean {
  let from = at
  while (line.charCodeAt(from - 1) === BACKSLASH) from--
  return (at - from) % 2 === 1
}

function unescaped(text: string): string | undefined {
  try {
    return JSON.parse(text) as string // a quoted text is all that is handed in
  } catch {
    return undefined
  }
}

/** Field names by their length: most names are told apart by it alone. */
const byLength: (readonly [name: string, place: number])[][] = []
for (const [name, place] of Object.entries(AT)) {
  byLength[name.length] ??= []
  byLength[name.length]?.push([name, place])
}

function slotOf(line: string, from: number, to: number): number {
  const names = byLength[to - from]
  if (names) for (const [name, place] of names) if (line.startsWith(name, from)) return place
  return -1
}
