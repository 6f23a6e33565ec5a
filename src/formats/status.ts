import { type Draft, draftOf } from './draft.ts'
import { lineForm } from './lines.ts'

/**
 * PID 1's status lines on a console. They carry no name: whoever can write to the console can write them, so they count as claimed.
 *
 *     [  OK  ] Started System Logging Service.
 *     [FAILED] Failed to start System Logging Service.
 *              Starting System Logging Service...
 *     [!!!!!!] Failed to allocate manager object, freezing.
 *
 * The last is kept with its mark: no other line tells that PID 1 gives up for good.
 */
export const status = lineForm({
  name: 'status',
  about: "systemd's status lines on a console",
  example: `[  OK  ] Started System Logging Service.
         Starting System Logging Service...
[!!!!!!] Failed to allocate manager object, freezing.
`,
  continues: false,
  head(line) {
    const match = STATUS.exec(line)
    return match ? pid1Said(match[1] ?? match[2] ?? match[3] ?? line.trim()) : null
  },
})

const STATUS =
  /^\*?(?:\[(?: {2}OK {2}|FAILED|DEPEND| TIME | INFO | WARN | SKIP |ASSERT| {2}!! {2}|\*{1,3} *| *\*{1,3} *)\] (.+)| {9}((?:Start|Stop|Mount|Unmount|Activat|Deactivat|Reload|Expect)ing .+)|(\[!!!!!!\] .+))$/

function pid1Said(message: string): Draft {
  const draft = draftOf(message)
  draft.ident = 'systemd'
  draft.pid = 1
  return draft
}
