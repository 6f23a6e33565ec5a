import { MAX_LINE } from '../bytes/feed.ts'
import { containerOf } from './container-name.ts'
import type { Draft } from './draft.ts'
import { type Form, PASS, type Scene, SKIP, WAIT } from './form.ts'
import { ISO, isoTime } from './stamp.ts'

/** Docker's json-file driver: one object a piece of output; pieces without a line end are joined. */
export const docker: Form = {
  name: 'docker',
  about: "container logs of docker's json-file driver",
  example: `{"log":"[  OK  ] Reached target Basic System.\\r\\n","stream":"stdout","time":"2026-03-02T02:30:41.203950123Z"}
{"log":"Freezing execution.\\r\\n","stream":"stdout","time":"2026-03-02T02:30:41.303950123Z"}
`,
  read(feed, scene) {
    if (feed.first() !== 123) return PASS
    const line = feed.peek()
    if (line === null) return WAIT
    if (!line.startsWith('{"log":"')) return PASS
    const piece = parse(line)
    if (!piece) return PASS
    feed.take()
    const before = scene.memory.get('docker')
    const text = (typeof before === 'string' ? before : '') + piece.log
    scene.memory.delete('docker')
    if (!text.endsWith('\n') && text.length < MAX_LINE) {
      scene.memory.set('docker', text)
      scene.memory.set('docker time', piece.time)
      return SKIP
    }
    return made(scene, text, piece.time)
  },
  end(scene) {
    const text = scene.memory.get('docker')
    return typeof text === 'string' ? made(scene, text, String(scene.memory.get('docker time'))) : null
  },
}

function parse(line: string): { log: string; time: string } | null {
  try {
    const { log, time } = JSON.parse(line) as { log?: unknown; time?: unknown } // each field is checked
    return typeof log === 'string' ? { log, time: typeof time === 'string' ? time : '' } : null
  } catch {
    return null
  }
}

const STAMP = new RegExp(`^${ISO}`)

function made(scene: Scene, text: string, time: string): Draft {
  const draft = scene.inner(text.trimEnd())
  draft.container = containerOf(scene.path)
  const match = STAMP.exec(time)
  if (match && draft.time === null && draft.civil === null) isoTime(match, 1, draft)
  return draft
}
