import stringWidth from 'string-width'

/** Columns on a terminal; what only paints has none. */
export const width = (text: string): number => {
  // systemd's own 💥 is two columns wide and two code units long. What stringWidth knows of all others costs milliseconds to load.
  return PLAIN.test(text) ? text.length : stringWidth(text)
}
const PLAIN = /^(?:[\x20-\x7e→]|💥)*$/

/** Breaks text into lines of at most `columns`. A word that is longer goes on in the next line: nothing is cut off. */
export function wrap(text: string, columns: number): string[] {
  return text.split('\n').flatMap(paragraph => fill(paragraph, Math.max(8, columns)))
}

function fill(paragraph: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of paragraph.split(/ +/)) {
    const longer = line ? `${line} ${word}` : word
    if (width(longer) <= columns) {
      line = longer
      continue
    }
    if (line) lines.push(line)
    const pieces = width(word) <= columns ? [word] : chop(word, columns)
    lines.push(...pieces.slice(0, -1))
    line = pieces.at(-1) ?? ''
  }
  return [...lines, line]
}

/** By code points: a combining mark has no width and stays with its letter. Intl.Segmenter takes quadratic time for a long word. */
function chop(word: string, columns: number): string[] {
  const pieces: string[] = []
  let piece = ''
  let taken = 0
  for (const char of word) {
    const more = width(char)
    if (piece && taken + more > columns) {
      pieces.push(piece)
      piece = ''
      taken = 0
    }
    piece += char
    taken += more
  }
  return [...pieces, piece]
}

/** Wrapped with `lead` before the first line and as much space before the others. */
export function hang(lead: string, text: string, columns: number): string[] {
  const indent = ' '.repeat(width(lead))
  return wrap(text, columns - indent.length).map((line, index) => (index === 0 ? lead : indent) + line)
}
