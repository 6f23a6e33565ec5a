import type { Draft } from './draft.ts'
import type { Scene } from './form.ts'
import { readHeader } from './header.ts'
import { lineForm } from './lines.ts'

/** `journalctl -o short-monotonic`: seconds since boot. dmesg looks alike but has no host. */
export const shortMonotonic = lineForm({
  name: 'short-monotonic',
  about: 'journalctl -o short-monotonic',
  example: `[  901.327456] vm-web-07 systemd[1]: Freezing execution.
`,
  head(line, scene) {
    const match = STAMP.exec(line)
    if (!match) return null
    const draft = withHost(line.slice(match[0].length), scene)
    if (draft) draft.mono = Number(match[1]) * 1e6 + Number(match[2])
    return draft
  },
})

const STAMP = /^\[ *(\d+)\.(\d{6})\] (?=\S)/

/**
 * The header, if a host stands in it. `usb 1-1: new device` has the shape of `host ident: message`; so a PID or the kernel must follow
 * the first host, and later ones must be that host.
 */
function withHost(rest: string, scene: Scene): Draft | null {
  const draft = readHeader(rest)
  if (draft.host === null || draft.ident === null) return null
  const sure = draft.pid !== null || draft.ident === 'kernel' || draft.ident === 'systemd'
  return sure || draft.host === scene.host ? draft : null
}
