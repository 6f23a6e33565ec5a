import type { Feed } from '../bytes/feed.ts'
import { MAX_LINE } from '../bytes/feed.ts'
import { clean } from './clean.ts'
import type { Draft } from './draft.ts'
import { type Form, PASS, type Scene, WAIT } from './form.ts'

/** What a form of one record a line has to say: the rest is the same for all of them. */
export interface LineForm {
  name: string
  about: string
  example: string
  /** The record in this line (already cleaned of terminal codes), or null where the line is none of this form. */
  head(line: string, scene: Scene): Draft | null
  /** Lines that begin with a blank belong to the record before. True unless said. */
  continues?: boolean
}

/** Makes a Form of a rule for lines: joins the lines that continue a message. */
export function lineForm(form: LineForm): Form & LineForm {
  const continues = form.continues ?? true
  return {
    ...form,
    read(feed, scene) {
      const raw = feed.peek()
      if (raw === null) return WAIT
      const line = clean(raw)
      const draft = form.head(line, scene)
      if (draft === null) return PASS
      const mark = feed.mark()
      feed.take()
      if (continues && !join(feed, draft, line.length - draft.message.length)) {
        feed.reset(mark)
        return WAIT
      }
      return draft
    },
  }
}

/** Appends the continuation lines; false where it cannot be known yet whether more follow. */
function join(feed: Feed, draft: Draft, column: number): boolean {
  for (;;) {
    const first = feed.first()
    if (first === -1) return feed.final
    if (first !== BLANK && first !== TAB) return true
    const raw = feed.peek()
    if (raw === null) return feed.final
    const line = clean(raw)
    if (draft.message.length + line.length > MAX_LINE || STATUS.test(line)) return true
    draft.message += `\n${unindent(line, column)}`
    feed.take()
  }
}

const BLANK = 32
const TAB = 9
/** `         Starting …` on a console is PID 1's next status line, not the end of the line before. */
const STATUS = /^ {9}(?:Start|Stop|Mount|Unmount|Activat|Deactivat|Reload|Expect)ing /

function unindent(line: string, column: number): string {
  let at = 0
  while (at < column && line.charCodeAt(at) === BLANK) at++
  return line.slice(at)
}

/** Reads the line as the first of these forms that knows it. */
export function firstOf(forms: readonly LineForm[], line: string, scene: Scene): Draft | null {
  for (const form of forms) {
    const draft = form.head(line, scene)
    if (draft) return draft
  }
  return null
}
