import { suggest } from '../src/problems/suggest.ts'
import type { HoleType, Part } from '../src/signals/definition.ts'

const HOLE_TYPES: readonly HoleType[] = ['unit', 'int', 'signed', 'word', 'path', 'errno', 'text', 'text?']

/** A fault at one place of the text, counted in characters of what stands in the file. */
export type Fault = (from: number, to: number, message: string, expected?: string, help?: string) => void

/** Characters of a quoted text with the place each has in the file: escapes are shorter than they look. */
export interface Quoted {
  text: string
  places: number[]
}

export function unquote(image: string): Quoted {
  const quoted: Quoted = { text: '', places: [] }
  for (let at = 1; at < image.length - 1; at++) {
    quoted.places.push(at)
    if (image[at] !== '\\') quoted.text += image[at]
    else {
      at++
      quoted.text += ESCAPES[image[at] ?? ''] ?? image[at]
    }
  }
  quoted.places.push(image.length - 1)
  return quoted
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t' }

/**
 * `{name:type}` takes a value, `[ … ]` may be missing, `{{}`, `{[}`, `{]}` stand for the character. Without a type a hole takes any text. Two
 * holes need fixed text between them: where the one ends would be a guess.
 */
export function parseTemplate({ text, places }: Quoted, enums: ReadonlyMap<string, string[]>, fault: Fault): Part[] {
  const stack: { parts: Part[]; from: number }[] = [{ parts: [], from: 0 }]
  const place = (at: number) => places[at] ?? 0
  const tell = (from: number, to: number, ...rest: [string, string?, string?]) => fault(place(from), place(to), ...rest)
  const add = (part: Part) => {
    const parts = stack.at(-1)?.parts ?? []
    const last = parts.at(-1)
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part
    else parts.push(part)
  }
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    if (/^\{[{[\]]\}/.test(text.slice(at, at + 3))) {
      add(text[at + 1] ?? '')
      at += 2
    } else if (char === '{') {
      const end = text.indexOf('}', at)
      if (end < 0) {
        tell(
          at,
          text.length,
          'this hole is not closed',
          '} after the name or type',
          'a { that belongs to the message is written {{}',
        )
        break
      }
      add(holeOf(text.slice(at + 1, end), enums, (...rest) => tell(at, end + 1, ...rest)))
      at = end
    } else if (char === '[') stack.push({ parts: [], from: at })
    else if (char === ']') {
      const optional = stack.length > 1 ? stack.pop() : undefined
      if (optional) add({ optional: optional.parts })
      else
        tell(
          at,
          at + 1,
          'this ] has no [ before it',
          '[ where the optional part begins',
          'a ] that belongs to the message is written {]}',
        )
    } else add(char)
  }
  for (const { from } of stack.slice(1))
    tell(from, from + 1, 'this optional part is not closed', '] at its end', 'a [ that belongs to the message is written {[}')
  return stack[0]?.parts ?? []
}

function holeOf(
  source: string,
  enums: ReadonlyMap<string, string[]>,
  tell: (message: string, expected?: string, help?: string) => void,
): Part {
  const [name = '', type = 'text'] = source.split(':', 2)
  if (!/^(?:_|[a-z][a-z0-9-]*)$/.test(name))
    tell(`{${source}} is not a hole`, '{name} or {name:type}', 'a { that belongs to the message is written {{}')
  const values = enums.get(type)
  // The longest first: one value may be the beginning of another.
  if (values) return { hole: name, type: 'enum', values: [...values].sort((a, b) => b.length - a.length) }
  const known = HOLE_TYPES.find(each => each === type)
  if (known) return { hole: name, type: known }
  const near = suggest(type, [...HOLE_TYPES, ...enums.keys()])
  tell(
    `'${type}' is no type of hole`,
    [...HOLE_TYPES, ...enums.keys()].join(', '),
    near ? `did you mean '${near}'?` : `declare it with: enum ${type} = "…" | "…"`,
  )
  return { hole: name, type: 'text' }
}
