import { readFull } from './full-stamp.ts'
import { lineForm } from './lines.ts'

/** `journalctl -o with-unit`: short-full with the unit for the identifier; PID 1's lines read `init.scope[1]`. */
export const withUnit = lineForm({
  name: 'with-unit',
  about: 'journalctl -o with-unit',
  example: `Mon 2026-03-02 02:30:41 UTC vm-web-07 init.scope[1]: Freezing execution.
Mon 2026-03-02 02:30:41 UTC vm-web-07 user@1000.service/app.slice[812]: Something a user's unit said.
`,
  head(line) {
    const draft = readFull(line)
    if (!draft || !isUnitName(draft.ident)) return null
    // A user's unit follows its manager's: user@1000.service/emacs.service.
    draft.speakerUnit = draft.ident?.split('/')[0] ?? null
    draft.ident = null
    draft.unitForIdent = true
    return draft
  },
})

const UNIT = /^[\w:.@\\-]+\.(?:service|scope|slice|socket|mount|automount|swap|target|timer|path|device)(?:\/\S+)?$/

export function isUnitName(ident: string | null): boolean {
  return ident !== null && UNIT.test(ident)
}
