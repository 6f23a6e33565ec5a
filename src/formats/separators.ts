import { clean } from './clean.ts'
import type { Scene } from './form.ts'

/**
 * Lines that journalctl puts between entries (field-notes 1.2). They are neither entries nor lost.
 *
 *     -- Boot 1f9d2d8b5e604b1ca0e3f405162738f2 --      names the boot that follows (v247 and later)
 *     -- Reboot --                                     until v246
 *     -- Logs begin at …, -- Journal begins at …, -- No entries --, -- cursor: …
 *     ░░ Subject: …                                    journalctl -x; before v246 `-- Subject: …`
 */
export function isSeparator(raw: string, scene: Scene): boolean {
  const code = raw.charCodeAt(0)
  if (code !== DASH && code !== SHADE && code !== ESCAPE && code !== LETTER_L) return false
  const line = clean(raw)
  const boot = BOOT.exec(line)
  if (boot) {
    scene.boot = boot[1]?.replaceAll('-', '') ?? null
    scene.bootBegins = true
    return true
  }
  if (CATALOGUE_BEGIN.test(line)) {
    scene.memory.set(CATALOGUE, true)
    return true
  }
  if (scene.memory.get(CATALOGUE) === true) {
    if (CATALOGUE_LINE.test(line)) return true
    scene.memory.delete(CATALOGUE)
  }
  return OTHERS.test(line)
}

const DASH = 45
const SHADE = 0x2591
const ESCAPE = 27
const LETTER_L = 108
const CATALOGUE = 'catalogue'
const BOOT = /^-- (?:Boot ([0-9a-f]{32}|[0-9a-f-]{36})|Reboot) --$/
const OTHERS = /^(?:░░|-- (?:Logs begin at|Journal begins at|No entries --|cursor: )|lines \d+-\d+(?:\/\d+)?(?: \(END\))?$)/
const CATALOGUE_BEGIN = /^-- Subject: /
const CATALOGUE_LINE = /^--(?: (?!(?:Boot|Reboot|Logs|Journal|No entries|cursor:))|$)/
