import { kernelText } from './kernel-line.ts'
import { lineForm } from './lines.ts'

/**
 * Records of /dev/kmsg: priority and facility, number, µs since boot, flags, text; bytes that are no text as `\x0a`.
 *
 *     30,1234,161003113,-;systemd[1]: Freezing execution.
 *      SUBSYSTEM=pci                                        a record's fields, each behind a blank
 */
export const kmsg = lineForm({
  name: 'kmsg',
  about: 'records of /dev/kmsg',
  example: `30,1234,161003113,-;systemd[1]: Freezing execution.
`,
  head(line) {
    const match = HEAD.exec(line)
    if (!match) return null
    const text = line
      .slice(match[0].length)
      .replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    const draft = kernelText(text)
    draft.mono = Number(match[1])
    return draft
  },
})

const HEAD = /^\d{1,4},\d+,(\d+),[-c+](?:,[^;]*)?;/
