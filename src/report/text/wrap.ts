import width from 'string-width'

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

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

function chop(word: string, columns: number): string[] {
  const pieces: string[] = []
  let piece = ''
  for (const { segment } of graphemes.segment(word)) {
    if (piece && width(piece + segment) > columns) {
      pieces.push(piece)
      piece = ''
    }
    piece += segment
  }
  return [...pieces, piece]
}

/** Wrapped with `lead` before the first line and as much space before the others. */
export function hang(lead: string, text: string, columns: number): string[] {
  const indent = ' '.repeat(width(lead))
  return wrap(text, columns - indent.length).map((line, index) => (index === 0 ? lead : indent) + line)
}
