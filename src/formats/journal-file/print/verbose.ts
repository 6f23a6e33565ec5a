import { textOf } from '../datum.ts'
import { cursorOf } from '../entry.ts'
import type { PrintForm } from './form.ts'
import { hanging } from './line.ts'
import { momentOf, partsOf } from './stamp.ts'

/** Every field on its line, in the order of the file (systemd v252 src/shared/logs-show.c, output_verbose). */
export const verbose: PrintForm = {
  name: 'verbose',
  about: 'every field on its line',
  write(entry, look) {
    const { weekday, year, month, day, clock, digits, zone } = partsOf(momentOf(entry), look.utc)
    let text = `${weekday} ${year}-${month}-${day} ${clock}.${digits} ${zone} [${cursorOf(entry)}]\n`
    for (const datum of entry.data) {
      if (look.fields && !look.fields.has(datum.name)) continue
      text += hanging(`    ${datum.name}=`, textOf(datum))
    }
    return text
  },
}
