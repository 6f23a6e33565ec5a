import { textOf } from '../datum.ts'
import type { PrintForm } from './form.ts'

/** The message alone, or the fields asked for, each on its line (systemd v252 src/shared/logs-show.c, output_cat). */
export const cat: PrintForm = {
  name: 'cat',
  about: 'the message alone',
  write(entry, look) {
    const names = look.fields ?? MESSAGE
    let text = ''
    for (const name of names) {
      const found = entry.data.find(datum => datum.name === name)
      if (found) text += `${textOf(found)}\n`
    }
    return text
  },
}

const MESSAGE = new Set(['MESSAGE'])
