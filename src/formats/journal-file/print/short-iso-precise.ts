import type { PrintForm } from './form.ts'
import { lineOf } from './line.ts'
import { momentOf, partsOf } from './stamp.ts'

export const shortIsoPrecise: PrintForm = {
  name: 'short-iso-precise',
  about: 'with date, microseconds and zone',
  write(entry, look) {
    const { year, month, day, clock, digits, offset } = partsOf(momentOf(entry), look.utc)
    return lineOf(entry, `${year}-${month}-${day}T${clock}.${digits}${offset}`, look)
  },
}
