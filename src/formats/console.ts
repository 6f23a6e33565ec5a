import type { Draft } from './draft.ts'
import { lineForm } from './lines.ts'
import { civil, num } from './stamp.ts'

/**
 * Consoles that some program captured and stamped: the console's own line, with or without a header, stands behind the stamp.
 *
 *     [2016-01-16 00:00:37][   76.135644] systemd[1]: segfault …    (systemd#7698)
 *     07.05.19 11:45:57 (+1000)  main  Freezing execution.          balenaCloud: a container's name and what it wrote
 */
export const console = lineForm({
  name: 'console',
  about: 'captured consoles with a stamp of their own (conserver, balenaCloud)',
  example: `[2016-01-16 00:00:37][   76.135644] systemd[1]: segfault at 8150 ip 000055bc8a50163a sp 00007ffd80213240 error 4 in systemd[55bc8a41b000+144000]
[2016-01-16 00:00:37]Freezing execution.
07.05.19 11:45:57 (+1000)  main  Freezing execution.
`,
  continues: false,
  head(line, scene) {
    const captured = CAPTURED.exec(line)
    if (captured) return stamped(scene.inner(captured[8] ?? ''), captured.slice(1, 7).map(Number), undefined)
    const balena = BALENA.exec(line)
    if (!balena) return null
    const [, day, month, year, hour, minute, second, offset, service, text = ''] = balena
    const draft = scene.inner(text)
    draft.container = service ?? 'balena'
    return stamped(draft, [2000 + num(year), num(month), num(day), num(hour), num(minute), num(second)], offset)
  },
})

const CAPTURED = /^\[(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(\.\d+)?\] ?(\S.*)$/s
const BALENA = /^(\d\d)\.(\d\d)\.(\d\d) (\d\d):(\d\d):(\d\d) \(([+-]\d{4})\) {2}(\S+) {2}(.*)$/s

function stamped(draft: Draft, parts: readonly number[], offset: string | undefined): Draft | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
  const at = civil(year, month - 1, day, hour, minute, second)
  if (at === null) return null
  if (offset === undefined) draft.civil = at
  else draft.time = at - (offset.startsWith('-') ? -1 : 1) * (num(offset.slice(1, 3)) * 60 + num(offset.slice(3))) * 60e6
  return draft
}
