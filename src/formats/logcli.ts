import { lineForm } from './lines.ts'
import { ISO, isoTime } from './stamp.ts'

/** Loki's logcli: stamp, stream labels, the line. The labels know the host and the unit, where the shipper sent them. */
export const logcli = lineForm({
  name: 'logcli',
  about: "Loki's logcli",
  example: `2026-03-02T02:30:41Z {hostname="vm-web-07", unit="init.scope"} Freezing execution.
`,
  continues: false,
  head(line, scene) {
    const match = HEAD.exec(line)
    if (!match) return null
    const draft = scene.inner(line.slice(match[0].length))
    const labels = match[9] ?? ''
    draft.host ??= label(labels, 'host(?:name)?|nodename|instance')
    draft.speakerUnit ??= label(labels, '(?:systemd_)?unit')
    if (draft.time === null && draft.civil === null) isoTime(match, 1, draft)
    return draft
  },
})

const HEAD = new RegExp(`^${ISO} (\\{(?:[\\w.]+="(?:[^"\\\\]|\\\\.)*"(?:, ?)?)*\\}) `)

function label(labels: string, name: string): string | null {
  return new RegExp(`[{, ](?:${name})="([^"]*)"`).exec(labels)?.[1] ?? null
}
