import type { Feed } from '../bytes/feed.ts'
import { clean } from './clean.ts'
import type { Draft } from './draft.ts'
import { AT, type Fields } from './fields.ts'
import { type Form, PASS, type Scene, SKIP, WAIT } from './form.ts'
import { isJournal, parseObject, told, wholeFields } from './object.ts'
import { pick } from './pick.ts'

/** `journalctl -o json`: one object a line, every value a string (or null, or an array of bytes, or of repeats). */
export const json: Form = {
  name: 'json',
  about: 'journalctl -o json: one object a line',
  example: `{"__REALTIME_TIMESTAMP":"1772418641203950","_BOOT_ID":"1f9d2d8b5e604b1ca0e3f405162738f2","_HOSTNAME":"vm-web-07","_TRANSPORT":"journal","_PID":"1","_COMM":"systemd","SYSLOG_IDENTIFIER":"systemd","MESSAGE":"Freezing execution."}
`,
  read(feed, scene) {
    if (feed.first() !== OPEN && !mayBeTorn(feed, scene)) return PASS
    const line = feed.peek()
    return line === null ? WAIT : readJsonLine(feed, scene, line)
  },
}

const OPEN = 123

/** One line that holds one object; also what stands behind `data: ` and the record separator of the other JSON forms. */
export function readJsonLine(feed: Feed, scene: Scene, line: string): Draft | typeof PASS | typeof SKIP {
  if (line.length < 3 && !(feed.cutHere() && scene.memory.get('json') === true)) return PASS
  const fields = fieldsIn(line)
  if (fields === 'broken') return salvage(feed, scene, line)
  if (fields === 'other') return PASS
  scene.memory.set('json', true)
  const draft = told(fields, scene)
  feed.take()
  return draft
}

function fieldsIn(line: string): Fields | 'other' | 'broken' {
  const picked = pick(line)
  if (picked && (picked[AT.MESSAGE] !== undefined || picked[AT.__REALTIME_TIMESTAMP] !== undefined)) return picked
  // Colours captured from a terminal make JSON invalid until they are taken out.
  const object = parseObject(line) ?? (line.includes('\x1b') ? parseObject(clean(line)) : null)
  if (object === null) return 'broken'
  return isJournal(object) ? wholeFields(object) : 'other'
}

/** A line that is no JSON: cut short, or two that were torn into each other. What begins a whole object in it is kept. */
function salvage(feed: Feed, scene: Scene, line: string): Draft | typeof PASS | typeof SKIP {
  if (!OF_JOURNAL.test(line) && !(line.length < 3)) return PASS
  const begun = [...line.slice(1).matchAll(BEGIN)].map(({ index }) => index + 1)
  const whole = begun.slice(0, MOST_TRIES).findIndex(at => typeof fieldsIn(line.slice(at)) !== 'string')
  const fields = whole === -1 ? 'broken' : fieldsIn(line.slice(begun[whole]))
  if (typeof fields === 'string') {
    scene.damage(feed.cutHere() ? 'the last record is cut off in the middle' : 'a record that is no valid JSON', begun.length + 1)
    feed.take()
    return SKIP
  }
  scene.damage('a torn line: what stands before the whole record in it is lost', whole + 1)
  scene.recovered()
  feed.take()
  return told(fields, scene)
}

/** Within a value it would be `{\"`: so this is where a record begins, whoever tore the line. */
const BEGIN = /\{"(?=[A-Z_])/g
/** Each try reads to the end of the line: a line of nothing but beginnings would take for ever. */
const MOST_TRIES = 50

/** Among records, or at the very beginning of a copy, a line may have lost its head. */
function mayBeTorn(feed: Feed, scene: Scene): boolean {
  return feed.offset === 0 || scene.memory.get('json') === true
}

/** Any other line that begins with a brace is somebody's message. */
const OF_JOURNAL = /^\{"[A-Z_]|"(?:_BOOT_ID|__CURSOR|__REALTIME_TIMESTAMP|_HOSTNAME|_TRANSPORT|MESSAGE)":"/
