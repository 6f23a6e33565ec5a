import type { Feed } from '../bytes/feed.ts'
import { type Form, PASS, SKIP, WAIT } from './form.ts'
import { readSpread } from './json-pretty.ts'

/** One JSON array of entries: `jq -s`, exports of log stores. It may all stand in one line, so it is read by its braces. */
export const jsonArray: Form = {
  name: 'json-array',
  about: 'one JSON array of entries (jq -s)',
  example: `[{"__REALTIME_TIMESTAMP":"1772418641203950","_HOSTNAME":"vm-web-07","_PID":"1","SYSLOG_IDENTIFIER":"systemd","MESSAGE":"Reloading."},
 {"__REALTIME_TIMESTAMP":"1772418641203951","_HOSTNAME":"vm-web-07","_PID":"1","SYSLOG_IDENTIFIER":"systemd","MESSAGE":"Freezing execution."}]
`,
  read(feed, scene) {
    if (scene.memory.get('json-array') !== true) {
      const begin = feed.first() === OPEN_ARRAY ? feed.rest().toString('utf8', 0, 256) : ''
      if (!/^\[\s*\{\s*"/.test(begin)) return !feed.final && /^\[\s*(?:\{\s*)?$/.test(begin) && begin !== '' ? WAIT : PASS
      feed.advance(1)
      scene.memory.set('json-array', true)
      return SKIP
    }
    // Apart from the object behind them, so that its line is where it begins, wherever a block of bytes ended.
    if (passBlanks(feed)) return SKIP
    if (feed.first() === OPEN) {
      const outcome = readSpread(feed, scene)
      if (outcome !== PASS) return outcome
    }
    scene.memory.delete('json-array')
    if (feed.first() !== CLOSE_ARRAY) return PASS
    feed.advance(1)
    return SKIP
  },
}

const OPEN_ARRAY = 91
const CLOSE_ARRAY = 93
const OPEN = 123
/** Blank, tab, line ends, comma. */
const BETWEEN = new Set([32, 9, 10, 13, 44])

function passBlanks(feed: Feed): boolean {
  const bytes = feed.rest()
  let at = 0
  while (at < bytes.length && BETWEEN.has(bytes[at] ?? 0)) at++
  feed.advance(at)
  return at > 0
}
