import type { Datum } from '../datum.ts'
import { textOf } from '../datum.ts'
import { cursorOf, type JournalEntry } from '../entry.ts'
import type { PrintForm, PrintLook } from './form.ts'
import { isPrintable } from './printable.ts'

/** Without --all a field of so many bytes, name and all, is null (systemd v252 src/shared/logs-show.c, JSON_THRESHOLD). */
const THRESHOLD = 4096

/** One object a line; what is no text is an array of bytes, what is there several times an array of its values (logs-show.c, output_json). */
export const json: PrintForm = {
  name: 'json',
  about: 'one object a line',
  write(entry, look) {
    const { boot, realtime, monotonic } = entry
    const head = `{"__CURSOR":"${cursorOf(entry)}","__REALTIME_TIMESTAMP":"${realtime}","__MONOTONIC_TIMESTAMP":"${monotonic}","_BOOT_ID":"${boot}"`
    return `${head}${fieldsOf(entry, look)}}\n`
  },
}

/** In which entry each name was met last: a new set for each entry would cost more than its text. */
const met = new Map<string, number>()
let turn = 0
/** Names are the writers' to choose. */
const MOST_NAMES = 4096

function fieldsOf(entry: JournalEntry, look: PrintLook): string {
  if (met.size > MOST_NAMES) met.clear()
  turn++
  let text = ''
  let repeated = false
  for (const datum of entry.data) {
    const { name } = datum
    if (name === '_BOOT_ID' || (look.fields && !look.fields.has(name))) continue
    if (met.get(name) === turn) repeated = true
    else met.set(name, turn)
    text += memberOf(datum, look)
  }
  return repeated ? withArrays(entry, look) : text
}

function withArrays(entry: JournalEntry, look: PrintLook): string {
  const kept = entry.data.filter(({ name }) => name !== '_BOOT_ID' && (!look.fields || look.fields.has(name)))
  let text = ''
  for (const name of new Set(kept.map(datum => datum.name))) {
    const values = kept.filter(datum => datum.name === name).map(datum => jsonOf(datum, look))
    text += `,"${name}":${values.length === 1 ? values[0] : `[${values.join(',')}]`}`
  }
  return text
}

/** `,"NAME":value` */
function memberOf(datum: Datum, look: PrintLook): string {
  if (datum.written !== null && look.all) return datum.written
  const text = `,"${datum.name}":${jsonOf(datum, look)}`
  if (datum.entries !== 1 && look.all) datum.written = text
  return text
}

function jsonOf(datum: Datum, look: PrintLook): string {
  const { name, value } = datum
  if (!look.all && name.length + 1 + value.length >= THRESHOLD) return 'null'
  if (isPlain(value)) return `"${value.toString('latin1')}"`
  return isPrintable(value) ? JSON.stringify(textOf(datum)) : `[${value.join(',')}]`
}

/** ASCII in which nothing is to be escaped: most values. */
function isPlain(value: Buffer): boolean {
  for (let index = 0; index < value.length; index++) {
    const byte = value[index] ?? 0
    if (byte < 32 || byte > 126 || byte === 34 || byte === 92) return false
  }
  return true
}
