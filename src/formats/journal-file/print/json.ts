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

function fieldsOf(entry: JournalEntry, look: PrintLook): string {
  const names = new Set<string>()
  let text = ''
  let repeated = false
  for (const datum of entry.data) {
    const { name } = datum
    if (name === '_BOOT_ID' || (look.fields && !look.fields.has(name))) continue
    if (names.has(name)) repeated = true
    names.add(name)
    text += `,"${name}":${jsonOf(datum, look)}`
  }
  return repeated ? withArrays(entry, look, names) : text
}

function withArrays(entry: JournalEntry, look: PrintLook, names: Set<string>): string {
  let text = ''
  for (const name of names) {
    const values = entry.data.filter(datum => datum.name === name).map(datum => jsonOf(datum, look))
    text += `,"${name}":${values.length === 1 ? values[0] : `[${values.join(',')}]`}`
  }
  return text
}

function jsonOf(datum: Datum, look: PrintLook): string {
  if (!look.all && datum.name.length + 1 + datum.value.length >= THRESHOLD) return 'null'
  const known = datum.written?.get('json')
  if (known !== undefined) return known
  const text = isPrintable(datum.value) ? JSON.stringify(textOf(datum)) : `[${datum.value.join(',')}]`
  if (datum.entries !== 1) {
    datum.written ??= new Map()
    datum.written.set('json', text)
  }
  return text
}
