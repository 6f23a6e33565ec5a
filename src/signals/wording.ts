import type { Hole, Part } from './definition.ts'

/** A wording with its optional parts decided: fixed text and holes in turn. */
export type Flat = readonly (string | Hole)[]

/** All ways to take the optional parts, those that take most first, so that an optional part wins over a text hole beside it. */
export function flatten(parts: readonly Part[]): Flat[] {
  // Four of five wordings have no optional part, and this is done at every start.
  if (isFlat(parts)) return [parts]
  let flats: (string | Hole)[][] = [[]]
  for (const part of parts) {
    const choices: Flat[] = typeof part === 'object' && 'optional' in part ? [...flatten(part.optional), []] : [[part]]
    flats = flats.flatMap(flat => choices.map(choice => joined(flat, choice)))
  }
  return flats
}

function isFlat(parts: readonly Part[]): parts is Flat {
  return parts.every((part, at) => (typeof part === 'string' ? typeof parts[at - 1] !== 'string' : !('optional' in part)))
}

function joined(left: Flat, right: Flat): (string | Hole)[] {
  const [last, first] = [left.at(-1), right[0]]
  if (typeof last === 'string' && typeof first === 'string') return [...left.slice(0, -1), last + first, ...right.slice(1)]
  return [...left, ...right]
}

/** Most attempts per line: hostile lines (a text hole's end repeated by the thousand) must cost no more than honest ones. */
const MOST_ATTEMPTS = 2000
let attempts = 0

/** Reads the message (up to `end`) by the wording, writes the holes' values into `values`; false where it does not fit as a whole. */
export function read(flat: Flat, message: string, end: number, values: Record<string, string>): boolean {
  attempts = 0
  return walk(flat, 0, message, 0, end, values)
}

function walk(flat: Flat, index: number, message: string, from: number, end: number, values: Record<string, string>): boolean {
  const step = flat[index]
  if (step === undefined) return from === end
  if (typeof step === 'string') {
    const next = from + step.length
    return next <= end && message.startsWith(step, from) && walk(flat, index + 1, message, next, end, values)
  }
  if (step.type === 'int' || step.type === 'signed') {
    const next = endOfNumber(message, from, end, step.type === 'signed')
    return next > from && keep(step, message, from, next, values) && walk(flat, index + 1, message, next, end, values)
  }
  if (step.type === 'enum') return oneOf(step, flat, index, message, from, end, values)
  return fill(step, flat, index, message, from, end, values)
}

function oneOf(
  hole: Hole,
  flat: Flat,
  index: number,
  message: string,
  from: number,
  end: number,
  values: Record<string, string>,
): boolean {
  for (const value of hole.values ?? []) {
    const next = from + value.length
    if (next <= end && message.startsWith(value, from) && walk(flat, index + 1, message, next, end, values))
      return keep(hole, message, from, next, values)
  }
  return false
}

/** Tries each place where the fixed text behind the hole begins, nearest first. */
function fill(
  hole: Hole,
  flat: Flat,
  index: number,
  message: string,
  from: number,
  end: number,
  values: Record<string, string>,
): boolean {
  const least = from + (hole.type === 'text?' ? 0 : 1)
  const behind = flat[index + 1]
  if (typeof behind !== 'string')
    return end >= least && fits(hole, message, from, end) && keep(hole, message, from, end, values) && index + 1 === flat.length
  if (index + 2 === flat.length) {
    const next = end - behind.length
    return (
      next >= least &&
      message.startsWith(behind, next) &&
      fits(hole, message, from, next) &&
      keep(hole, message, from, next, values)
    )
  }
  for (let next = message.indexOf(behind, least); next >= 0 && next < end; next = message.indexOf(behind, next + 1)) {
    if (++attempts > MOST_ATTEMPTS) return false
    if (!fits(hole, message, from, next)) {
      // A longer stretch begins with this one: a blank or a foreign letter in it stays.
      if (hole.type === 'word') return false
      continue
    }
    if (walk(flat, index + 1, message, next, end, values)) return keep(hole, message, from, next, values)
  }
  return false
}

function keep(hole: Hole, message: string, from: number, to: number, values: Record<string, string>): true {
  if (hole.hole !== '_') values[hole.hole] = message.slice(from, to)
  return true
}

function endOfNumber(message: string, from: number, end: number, signed: boolean): number {
  let at = signed && message.charCodeAt(from) === 0x2d ? from + 1 : from
  const digits = at
  while (at < end && isDigit(message.charCodeAt(at))) at++
  return at > digits ? at : from
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function fits(hole: Hole, message: string, from: number, to: number): boolean {
  switch (hole.type) {
    case 'unit':
      return isUnit(message, from, to)
    case 'word':
      return to > from && !hasBlank(message, from, to)
    case 'path':
      return message.charCodeAt(from) === 0x2f
    case 'errno':
      return to > from && isLetter(message.charCodeAt(from))
    case 'text':
      return to > from
    default:
      return true
  }
}

function hasBlank(message: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (message.charCodeAt(at) === 0x20 || message.charCodeAt(at) === 0x09) return true
  return false
}

/** strerror() and D-Bus error texts are translated: any letter beyond ASCII may begin one. */
function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code > 0x7f
}

/** Unit types of systemd v219 to v262 (src/basic/unit-def.c); snapshot and busname went with 228 and 234. */
const SUFFIX = /\.(?:service|socket|target|device|mount|automount|swap|timer|path|slice|scope|snapshot|busname)$/
/** UNIT_NAME_MAX, systemd v255 src/basic/unit-name.h. */
const LONGEST = 255

/** A valid unit name: letters, digits and `:-_.\@` (systemd v255 src/basic/unit-name.c:VALID_CHARS), with a known type. */
function isUnit(message: string, from: number, to: number): boolean {
  if (to - from > LONGEST || to - from < 6) return false
  for (let at = from; at < to; at++) if (!UNIT_CHARS[message.charCodeAt(at)]) return false
  return SUFFIX.test(message.slice(from, to))
}

const UNIT_CHARS = Uint8Array.from({ length: 128 }, (_, code) => (/[\w:.@\\-]/.test(String.fromCharCode(code)) ? 1 : 0))

/** Where the blank behind a message's first word is, if that could be a unit's name (or `unit:`), else -1: the cheap look that finds wordings to try. */
export function endOfWord(message: string): number {
  for (let at = 0; at < message.length && at <= LONGEST; at++) {
    const code = message.charCodeAt(at)
    if (code === 0x20) return at
    if (!UNIT_CHARS[code]) return -1
  }
  return -1
}
