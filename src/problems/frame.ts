import type { Diagnostic } from './problem.ts'

/** Columns of source shown; of a longer line the part around the fault. */
const WIDTH = 110

/** The only painter of frames: every diagnostic with its place, its line, a caret, what was expected and the likely fix. */
export function paint(diagnostics: readonly Diagnostic[], sources: Readonly<Record<string, string>>): string {
  const lines = new Map(Object.entries(sources).map(([file, text]) => [file, text.split(/\r\n|\n|\r/)]))
  return diagnostics.map(diagnostic => frame(diagnostic, lines.get(diagnostic.file)?.[diagnostic.line - 1])).join('\n\n')
}

function frame(diagnostic: Diagnostic, source: string | undefined): string {
  const { file, line, column, message, expected, help } = diagnostic
  const gutter = ' '.repeat(String(line).length)
  const painted = [`error: ${plain(message)}`, `${gutter}--> ${plain(file)}:${line}:${column}`]
  if (source !== undefined) {
    const { text, from, to } = excerpt(source, column - 1, diagnostic.endColumn - 1)
    painted.push(
      `${gutter} |`,
      `${line} | ${text}`.trimEnd(),
      `${gutter} | ${' '.repeat(from)}${'^'.repeat(Math.max(1, to - from))}`,
    )
  }
  if (expected !== undefined) painted.push(`${gutter} = expected: ${plain(expected)}`)
  if (help !== undefined) painted.push(`${gutter} = help: ${plain(help)}`)
  return painted.join('\n')
}

/** The line as it may go to a terminal, and where on it the fault stands, in columns of what is shown. */
function excerpt(source: string, from: number, to: number): { text: string; from: number; to: number } {
  const start = Math.min(Math.max(0, from), source.length)
  const stop = Math.min(Math.max(start, to), source.length)
  const [before, at, after] = [shown(source.slice(0, start)), shown(source.slice(start, stop)), shown(source.slice(stop))]
  const cut = before.length + at.length + after.length > WIDTH ? Math.max(0, before.length - WIDTH / 3) : 0
  const text = (cut > 0 ? '…' : '') + before.slice(Math.ceil(cut)) + at + after
  const left = text.length - at.length - after.length
  const whole = text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text
  return { text: whole, from: Math.min(left, WIDTH - 1), to: Math.min(left + at.length, whole.length) }
}

/** Tabs become two blanks; what would move a terminal's cursor, or turn its text around, becomes its picture. */
function shown(text: string): string {
  return plain(text.replaceAll('\t', '  '))
}

/** Text from anywhere as it may go to a terminal: one line, nothing in it moves the cursor. */
export function plain(text: string): string {
  return text
    .replace(/[\x00-\x1f]/g, control => String.fromCharCode(0x2400 + control.charCodeAt(0)))
    .replace(/\x7f/g, '␡')
    .replace(/[\x80-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '·')
}
