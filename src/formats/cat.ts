import { unescapeHtml } from './clean.ts'
import { draftOf } from './draft.ts'
import { lineForm } from './lines.ts'

/**
 * `journalctl -o cat`: the bare message. Also the last resort for any line whose header nobody knows: it is read loosely, without time,
 * host or speaker, for it may still be the line that tells everything.
 */
export const cat = lineForm({
  name: 'cat',
  about: 'journalctl -o cat, and any line without a header: the bare message',
  example: `Freezing execution.
`,
  continues: false,
  head: line => draftOf(unescapeHtml(line.trim())),
})
