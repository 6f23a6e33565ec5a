import type { Draft } from './draft.ts'
import { AT, FIELD_COUNT, type Fields, fromFields, placeOf } from './fields.ts'
import type { Scene } from './form.ts'
import { readShipped } from './shipped.ts'

export type JsonObject = Record<string, unknown>

/** A parsed object as a record: a journal entry, or what a shipper made of one; null where it is neither. */
export function readObject(object: JsonObject, scene: Scene): Draft | null {
  return isJournal(object) ? told(wholeFields(object), scene) : readShipped(object, scene)
}

export function isJournal(object: JsonObject): boolean {
  return 'MESSAGE' in object || '__REALTIME_TIMESTAMP' in object
}

/** Notes a text that journalctl left out (the entry counts, its words are lost), and makes the record. */
export function told(fields: Fields, scene: Scene): Draft {
  if (fields[AT.MESSAGE] === null)
    scene.damage('the text of a message over 4096 bytes was left out by journalctl (MESSAGE is null); --all writes it', 0)
  return fromFields(fields)
}

const BRACE = 123

export function parseObject(text: string): JsonObject | null {
  // A parser's complaint takes as long as reading twenty lines.
  if (text.charCodeAt(0) !== BRACE && !text.trimStart().startsWith('{')) return null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null // just checked
  } catch {
    return null
  }
}

/** The slow way to the same fields as pick(). */
export function wholeFields(object: JsonObject): Fields {
  const fields: Fields = new Array(FIELD_COUNT).fill(undefined)
  for (const name in object) {
    const place = placeOf(name)
    if (place !== undefined) fields[place] = textOf(object[name])
  }
  return fields
}

/** A field's value as text: bytes are decoded; of a repeated field the last value counts, as in journalctl's short form. */
export function textOf(value: unknown): string | null {
  // No recursion: a line of brackets alone would use up the stack.
  let last = value
  while (Array.isArray(last)) {
    if (last.length > 0 && last.every(byte => typeof byte === 'number')) return Buffer.from(last).toString('utf8')
    last = last.at(-1)
  }
  if (typeof last === 'string') return last
  return typeof last === 'number' || typeof last === 'boolean' ? String(last) : null
}
