import type { Feed } from '../bytes/feed.ts'
import { clean } from './clean.ts'
import { type Form, type Outcome, PASS, type Scene, SKIP, WAIT } from './form.ts'
import { parseObject, readObject } from './object.ts'
import { scanObject } from './scan-object.ts'

/** `journalctl -o json-pretty`, and what `jq .` makes of NDJSON: one field a line. */
export const jsonPretty: Form = {
  name: 'json-pretty',
  about: 'journalctl -o json-pretty, jq: one field a line',
  example: `{
\t"__REALTIME_TIMESTAMP" : "1772418641203950",
\t"_HOSTNAME" : "vm-web-07",
\t"_PID" : "1",
\t"SYSLOG_IDENTIFIER" : "systemd",
\t"MESSAGE" : "Freezing execution."
}
`,
  read(feed, scene) {
    if (feed.first() !== OPEN) return PASS
    const begin = feed.rest().toString('utf8', 0, 512)
    if (!BEGIN.test(begin)) return !feed.final && begin.length < 512 && BEGUN.test(begin) ? WAIT : PASS
    return readSpread(feed, scene)
  },
}

const OPEN = 123
const BEGIN = /^\{\r?\n\s*(?:\x1b\[[\d;]*m)?"[^"]+"\s*:/

/** The same, as far as it has arrived. */
const BEGUN = /^\{\r?(?:\n\s*(?:\x1b(?:\[[\d;]*)?|(?:\x1b\[[\d;]*m)?(?:"[^"]*(?:"\s*)?)?))?$/

/** An object over several lines. */
export function readSpread(feed: Feed, scene: Scene): Outcome {
  const found = scanObject(feed)
  if (found === null) return WAIT
  if (found === 'broken') return skipBroken(feed, scene)
  const object = parseObject(found.text) ?? parseObject(clean(found.text))
  const draft = object && readObject(object, scene)
  if (!draft) {
    // Well formed but nobody's record: somebody's message, to be read line by line.
    if (object) return PASS
    return skipBroken(feed, scene)
  }
  feed.advance(found.length)
  return draft
}

/** Goes on at the next line that begins an object. */
function skipBroken(feed: Feed, scene: Scene): Outcome {
  const bytes = feed.rest()
  const next = bytes.indexOf('\n{', 1)
  scene.damage(next === -1 && feed.final ? 'the last record is cut off in the middle' : 'a record that is no valid JSON', 1)
  feed.advance(next === -1 ? bytes.length : next + 1)
  return SKIP
}
