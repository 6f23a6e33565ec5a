/** One assignment of a unit file, with the line it stands on (1-based; its first where it is continued). */
export interface Assignment {
  section: string
  key: string
  value: string
  line: number
}

/**
 * A unit file's assignments in order (systemd.syntax(7)): `[Section]`, `Key=value`, comments with `#` or `;`, and lines continued by a
 * backslash at their end, between which comments are passed over. What is none of these is passed over, as systemd does after a warning.
 */
export function parseUnitFile(text: string): Assignment[] {
  const found: Assignment[] = []
  let section = ''
  let held = ''
  let begun = 0
  text.split('\n').forEach((raw, index) => {
    const line = raw.trim()
    if (/^[#;]/.test(line)) return
    if (held === '') begun = index + 1
    if (line.endsWith('\\')) {
      held += `${line.slice(0, -1)} `
      return
    }
    const whole = (held + line).trim()
    held = ''
    const header = /^\[(.+)\]$/.exec(whole)
    if (header?.[1] !== undefined) section = header[1]
    const at = whole.indexOf('=')
    if (header || at <= 0) return
    found.push({ section, key: whole.slice(0, at).trim(), value: whole.slice(at + 1).trim(), line: begun })
  })
  return found
}

/** The words of a setting that takes a list; an empty assignment forgets those before it. */
export function wordsOf(assignments: readonly Assignment[], section: string, key: string): { word: string; line: number }[] {
  const own = assignments.filter(each => each.section === section && each.key === key)
  const since = own.findLastIndex(({ value }) => value === '') + 1
  return own.slice(since).flatMap(({ value, line }) => value.split(/\s+/).map(word => ({ word, line })))
}
