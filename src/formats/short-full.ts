import { readFull } from './full-stamp.ts'
import { lineForm } from './lines.ts'
import { isUnitName } from './with-unit.ts'

/** `journalctl -o short-full`: weekday, date and the zone's name. */
export const shortFull = lineForm({
  name: 'short-full',
  about: 'journalctl -o short-full',
  example: `Mon 2026-03-02 02:30:41 UTC vm-web-07 systemd[1]: Freezing execution.
`,
  head(line) {
    const draft = readFull(line)
    return draft && !isUnitName(draft.ident) ? draft : null
  },
})
