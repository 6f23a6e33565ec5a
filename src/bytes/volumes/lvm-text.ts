/**
 * LVM2's metadata is text (lib/format_text in LVM2's sources): sections, keys with numbers, strings or lists of them, comments from `#` on.
 *
 *     vg0 { id = "…" extent_size = 8192 status = ["RESIZEABLE", "READ"]  physical_volumes { pv0 { … } } }
 */
export interface Section {
  [key: string]: Value
}
type Value = number | string | readonly (number | string)[] | Section

const TOKEN = /#[^\n]*|"((?:[^"\\]|\\.)*)"|[{}[\]=,]|[^\s{}[\]=,"#]+/g
const DEEPEST = 16

/** The text as a section; what cannot be read of it is left out. */
export function parseLvmText(text: string): Section {
  const tokens = [...text.matchAll(TOKEN)].filter(([token]) => !token.startsWith('#'))
  let at = 0
  function scalar(): number | string {
    const [token = '', quoted] = tokens[at++] ?? []
    if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1')
    return /^-?\d+(\.\d+)?$/.test(token) ? Number(token) : token
  }
  function list(): (number | string)[] {
    const values: (number | string)[] = []
    while (at < tokens.length && tokens[at]?.[0] !== ']') {
      if (tokens[at]?.[0] === ',') at++
      else values.push(scalar())
    }
    at++
    return values
  }
  function section(depth: number): Section {
    const found: Section = Object.create(null)
    while (at < tokens.length) {
      const key = tokens[at++]?.[0] ?? ''
      if (key === '}') return found
      const next = tokens[at]?.[0]
      if (next === '{') {
        at++
        found[key] = depth < DEEPEST ? section(depth + 1) : 0
      } else if (next === '=') {
        at++
        if (tokens[at]?.[0] === '[') {
          at++
          found[key] = list()
        } else found[key] = scalar()
      }
    }
    return found
  }
  return section(0)
}

export function sectionIn(section: Section, key: string): Section {
  const value = section[key]
  return typeof value === 'object' && !isList(value) ? value : {}
}

export function numberIn(section: Section, key: string): number {
  const value = section[key]
  return typeof value === 'number' ? value : 0
}

export function stringIn(section: Section, key: string): string {
  const value = section[key]
  return typeof value === 'string' ? value : ''
}

export function listIn(section: Section, key: string): readonly (number | string)[] {
  const value = section[key]
  return value !== undefined && isList(value) ? value : []
}

/** Array.isArray does not narrow readonly arrays. */
function isList(value: Value): value is readonly (number | string)[] {
  return Array.isArray(value)
}
