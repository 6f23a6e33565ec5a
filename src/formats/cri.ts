import { MAX_LINE } from '../bytes/feed.ts'
import { containerOf } from './container-name.ts'
import type { Draft } from './draft.ts'
import { type Form, PASS, type Scene, SKIP, WAIT } from './form.ts'
import { ISO, isoTime } from './stamp.ts'

/**
 * What containerd and CRI-O write of a container's output: stamp, stream, `F`ull or `P`artial, text. Parts are joined up to the next `F`.
 *
 *     2026-03-02T02:30:41.203950123+00:00 stdout F Freezing execution.
 */
export const cri: Form = {
  name: 'cri',
  about: "container logs of containerd and CRI-O (Kubernetes' /var/log/pods)",
  example: `2026-03-02T02:30:41.203950123+00:00 stdout P Freezing
2026-03-02T02:30:41.203950124+00:00 stdout F  execution.
`,
  read(feed, scene) {
    const line = feed.peek()
    if (line === null) return WAIT
    const match = HEAD.exec(line)
    if (!match) return PASS
    const stream = match[9] ?? ''
    const text = partsBefore(scene, stream) + line.slice(match[0].length)
    feed.take()
    if (match[10] === 'P' && text.length < MAX_LINE) {
      scene.memory.set(`cri ${stream}`, text)
      scene.memory.set('cri head', match)
      return SKIP
    }
    return made(scene, match, text)
  },
  end(scene) {
    const text = partsBefore(scene, 'stdout') + partsBefore(scene, 'stderr')
    const head = scene.memory.get('cri head') as RegExpExecArray | undefined // only this form writes it
    return text !== '' && head ? made(scene, head, text) : null
  },
}

const HEAD = new RegExp(`^${ISO} (stdout|stderr) ([FP])(?::\\S*)?(?: |$)`)

function partsBefore(scene: Scene, stream: string): string {
  const parts = scene.memory.get(`cri ${stream}`)
  scene.memory.delete(`cri ${stream}`)
  return typeof parts === 'string' ? parts : ''
}

function made(scene: Scene, match: RegExpExecArray, text: string): Draft {
  const draft = scene.inner(text)
  draft.container = containerOf(scene.path)
  if (draft.time === null && draft.civil === null) isoTime(match, 1, draft)
  return draft
}
