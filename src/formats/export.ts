import { type Feed, MAX_LINE } from '../bytes/feed.ts'
import { AT, FIELD_COUNT, type Fields, placeOf } from './fields.ts'
import { type Form, type Outcome, PASS, type Scene, SKIP, WAIT } from './form.ts'
import { told } from './object.ts'

/**
 * `journalctl -o export`, systemd-journal-gatewayd, journal-upload. An empty line ends an entry; a value with line ends or control
 * characters is counted, not escaped:
 *
 *     __CURSOR=s=3b13…;i=2;…\n
 *     MESSAGE\n  length (8 bytes, little endian)  the bytes  \n
 *     _PID=1\n
 *     \n
 */
export const exportForm: Form = {
  name: 'export',
  about: 'journalctl -o export',
  example: `__CURSOR=s=3b13;i=2;b=1f9d2d8b5e604b1ca0e3f405162738f2;m=35a6cb40;t=64c015f6e3400;x=9
__REALTIME_TIMESTAMP=1772418641203950
_BOOT_ID=1f9d2d8b5e604b1ca0e3f405162738f2
_HOSTNAME=vm-web-07
_PID=1
SYSLOG_IDENTIFIER=systemd
MESSAGE=Freezing execution.

`,
  read(feed, scene) {
    const state = scene.memory.get(KEY) as State | undefined // only this form writes it
    if (state) return goOn(feed, scene, state)
    const line = feed.peek()
    if (line === null) return WAIT
    if (!BEGIN.test(line)) return PASS
    const fresh: State = { fields: new Array(FIELD_COUNT).fill(undefined), counted: null, broken: false }
    scene.memory.set(KEY, fresh)
    return goOn(feed, scene, fresh)
  },
  end(scene) {
    const state = scene.memory.get(KEY) as State | undefined // only this form writes it
    const outcome = state ? finish(scene, state, true) : SKIP
    return typeof outcome === 'object' ? outcome : null
  },
}

interface State {
  fields: Fields
  /** Name of the field whose counted value comes next. */
  counted: string | null
  /** Lines up to the next entry belong to a damaged one. */
  broken: boolean
}

const KEY = 'export'
const BEGIN = /^__(?:CURSOR|REALTIME_TIMESTAMP|SEQNUM)=/
const NAME = /^[A-Z_][A-Z0-9_]{0,63}$/

function goOn(feed: Feed, scene: Scene, state: State): Outcome {
  for (;;) {
    if (state.counted !== null) {
      const done = readCounted(feed, scene, state, state.counted)
      if (done !== null) return done
      continue
    }
    const line = feed.peek()
    if (line === null) return feed.final ? SKIP : WAIT
    if (state.broken) {
      if (line.startsWith('__CURSOR=')) return forget(scene)
      feed.take()
      continue
    }
    if (beginsAnew(state, line)) return finish(scene, state, true)
    feed.take()
    if (line === '') return finish(scene, state, false)
    readField(scene, state, line)
  }
}

/** An entry has one address: where it comes again, the line that ended the entry before is gone. */
function beginsAnew({ fields }: State, line: string): boolean {
  return (
    (fields[AT.__CURSOR] !== undefined && line.startsWith('__CURSOR=')) ||
    (fields[AT.__REALTIME_TIMESTAMP] !== undefined && line.startsWith('__REALTIME_TIMESTAMP='))
  )
}

function readField(scene: Scene, state: State, line: string): void {
  const equals = line.indexOf('=')
  const name = equals === -1 ? line : line.slice(0, equals)
  if (!NAME.test(name)) breakOff(scene, state, 'a line that is no journal field')
  else if (equals === -1) state.counted = name
  else set(state.fields, name, line.slice(equals + 1))
}

function set(fields: Fields, name: string, value: string): void {
  const place = placeOf(name)
  if (place !== undefined) fields[place] = value
}

/** The 8 bytes of the length, the value, a line end; null when it was read. */
function readCounted(feed: Feed, scene: Scene, state: State, name: string): typeof WAIT | typeof SKIP | null {
  const mark = feed.mark()
  const head = feed.bytes(8)
  if (!head) return feed.final ? cutOff(feed, scene) : WAIT
  const length = head.readUInt32LE(0) + head.readUInt32LE(4) * 2 ** 32
  state.counted = null
  if (length > MAX_LINE) {
    if (length > 2 ** 40) return resync(feed, scene, state, mark)
    // A core dump, as a rule. The message itself is never that long.
    if (name === 'MESSAGE') scene.damage(`a message of ${length} bytes was passed over`, 0)
    feed.skip(length + 1)
    return null
  }
  const value = feed.bytes(length + 1)
  if (!value) {
    if (feed.final) return resync(feed, scene, state, mark)
    feed.reset(mark)
    state.counted = name
    return WAIT
  }
  // A wrong length may lead to a line end by chance, with other entries in between.
  if (value[length] !== LF || value.includes(NEXT)) return resync(feed, scene, state, mark)
  set(state.fields, name, value.toString('utf8', 0, length))
  return null
}

const LF = 10
const NEXT = '\n\n__CURSOR='

/** The length does not lead to a line end: a tool changed the text. What follows up to the next entry cannot be told apart. */
function resync(feed: Feed, scene: Scene, state: State, mark: ReturnType<Feed['mark']>): null {
  feed.reset(mark)
  breakOff(scene, state, 'a counted value whose length is wrong (the file went through a text tool, or is cut off)')
  return null
}

function breakOff(scene: Scene, state: State, message: string): void {
  scene.damage(message, 1)
  state.broken = true
}

function cutOff(feed: Feed, scene: Scene): typeof SKIP {
  scene.damage('the last record is cut off in the middle', 1)
  feed.advance(feed.left)
  return forget(scene)
}

function forget(scene: Scene): typeof SKIP {
  scene.memory.delete(KEY)
  return SKIP
}

function finish(scene: Scene, state: State, cut: boolean): Outcome {
  scene.memory.delete(KEY)
  if (state.broken || state.fields.every(value => value === undefined)) return SKIP
  if (!cut) return told(state.fields, scene)
  const whole = state.fields[0] !== undefined
  scene.damage('a record is cut off: its closing empty line is missing', whole ? 0 : 1)
  return whole ? told(state.fields, scene) : SKIP
}
