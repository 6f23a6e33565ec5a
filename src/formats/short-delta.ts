import { readHeader } from './header.ts'
import { lineForm } from './lines.ts'

/** `journalctl -o short-delta` (v252): since boot, and since the entry before; a star where a boot lies between the two. */
export const shortDelta = lineForm({
  name: 'short-delta',
  about: 'journalctl -o short-delta',
  example: `[    0.000000                ] vm-web-07 kernel: Linux version 6.1.0
[  901.327456 <  901.327456 >] vm-web-07 systemd[1]: Freezing execution.
[    1.500000 <  598.000000*>] vm-web-07 kernel: Linux version 6.1.0
`,
  head(line) {
    const match = STAMP.exec(line)
    if (!match) return null
    const draft = readHeader(line.slice(match[0].length))
    draft.mono = Number(match[1]) * 1e6 + Number(match[2])
    draft.boots = match[3] === '*'
    return draft
  },
})

const STAMP = /^\[ *(\d+)\.(\d{6}) (?: {10,}|< *\d+\.\d{6}([ *])>)\] /
