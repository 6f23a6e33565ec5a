import type { PrintForm } from './form.ts'
import { lineOf } from './line.ts'
import { momentOf, partsOf } from './stamp.ts'

export const short: PrintForm = {
  name: 'short',
  about: 'as syslog writes it (default)',
  write(entry, look) {
    const { monthName, day, clock } = partsOf(momentOf(entry), look.utc)
    return lineOf(entry, `${monthName} ${day} ${clock}`, look)
  },
}
