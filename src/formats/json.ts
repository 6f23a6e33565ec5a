import type { Feed } from '../bytes/feed.ts'
import { clean } from './clean.ts'
import type { Draft } from './draft.ts'
import { fromFields } from './fields.ts'
import { type Form, PASS, type Scene, SKIP, WAIT } from './form.ts'
import { readObject, type wholeFields } from './object.ts'
import { pick } from './pick.ts'

/** `journalctl -o json`: one object a line, every value a string (or null, or an array of bytes, or of repeats). */
export const json: Form = {
  name: 'json',
  about: 'journalctl -o json: one object a line',
  example: `{"__REALTIME_TIMESTAMP":"1772418641203950","_BOOT_ID":"1f9d2d8b5e604b1ca0e3f405162738f2","_HOSTNAME":"vm-web-07","_TRANSPORT":"journal","_PID":"1","_COMM":"systemd","SYSLOG_IDENTIFIER":"systemd","MESSAGE":"Freezing execution."}
`,
  read(feed, scene) {
    if (feed.first() !== OPEN) return PASS
    const line = feed.peek()
    if (line === null) return WAIT
    return readJsonLine(feed, scene, line)
  },
}

const OPEN = 123

/** One line that holds one object; also what stands behind `data: ` and the record separator of the other JSON forms. */
export function readJsonLine(feed: Feed, scene: Scene, line: string): Draft | typeof PASS | typeof SKIP {
  if (line.length < 2) return PASS
  const picked = pick(line)
  if (picked && isJournal(picked)) {
    feed.take()
    return told(picked, scene)
  }
  const object = parse(line) ?? (line.includes('\x1b') ? parse(clean(line)) : null)
  if (object === null) return salvage(feed, scene, line)
  const draft = readObject(object, scene)
  if (draft === null) return PASS
  feed.take()
  return draft
}

/** Notes a text that journalctl left out, and makes the record. */
export function told(fields: ReturnType<typeof wholeFields>, scene: Scene): Draft {
  if (fields[0] === null)
    scene.damage('a message of more than 4096 bytes was left out by journalctl (MESSAGE is null; --all writes it)', 0)
  return fromFields(fields)
}

function isJournal(fields: ReturnType<typeof wholeFields>): boolean {
  return fields[0] !== undefined || fields[1] !== undefined
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null // just checked
  } catch {
    return null
  }
}

/** A line that is no JSON: cut short, or two that were torn into each other. What begins a whole object in it is kept. */
function salvage(feed: Feed, scene: Scene, line: string): Draft | typeof PASS | typeof SKIP {
  if (!LIKE_JOURNAL.test(line)) return PASS
  const cut = feed.cutHere()
  for (let at = line.indexOf('{"', 1); at !== -1; at = line.indexOf('{"', at + 1)) {
    const fields = pick(line.slice(at))
    if (!fields || !isJournal(fields)) continue
    scene.damage('a torn line: the record before the whole one in it is lost', 1)
    scene.recovered()
    feed.take()
    return told(fields, scene)
  }
  scene.damage(cut ? 'the last record is cut off in the middle' : 'a record that is no valid JSON', 1)
  feed.take()
  return SKIP
}

/** The text of a journal entry or of a shipper's, damaged or not; anything else that begins with a brace is somebody's message. */
const LIKE_JOURNAL = /^\{\s*"[\w@.]+"\s*:/
