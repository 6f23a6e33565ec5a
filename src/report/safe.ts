/**
 * The one place where log text is made safe to print.
 *
 * A terminal acts on control characters (ESC and C1 begin a sequence: title, clear screen, answerback), and bidi and invisible
 * characters let one text look like another (Unicode TR36, TR39). Both are shown as what they are: `\x1b`, `\u202e`. A backslash
 * stays alone: unit names hold `\x2d`, and doubling it would make them unfit to paste.
 */

// Cc C0, DEL, C1; Cs lone surrogates; Zl Zp line separators; Cf format characters, bidi controls among them; default ignorables:
// invisible characters of other classes, such as U+3164 HANGUL FILLER; noncharacters.
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu

/** Nearly every text: the properties' tables take milliseconds to make when they are first asked. */
const PLAIN = /^[\n\x20-\x7e]*$/

/** Line ends stay, tabs become spaces (a terminal's tab stops would break columns), everything else unsafe is shown escaped. */
export const safe = (text: string): string =>
  PLAIN.test(text) ? text : text.replace(UNSAFE, char => (char === '\n' ? char : char === '\t' ? '    ' : escaped(char)))

/** The same for what has one line only: line ends become spaces. */
export const safeLine = (text: string): string => safe(text).replace(/\n/g, ' ')

/** A command to paste: a line end in it is shown, or the second line would run by itself; a tab would become another argument. */
export const safeCommand = (text: string): string => text.replace(UNSAFE, escaped)

/** JSON that may go to a terminal too. Its own line ends are the only control characters that JSON.stringify leaves in. */
export const safeJson = (json: string): string =>
  json.replace(UNSAFE, char => (char === '\n' ? char : [...char].flatMap(codeUnits).join('')))

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`
}

const codeUnits = (char: string): string[] =>
  Array.from({ length: char.length }, (_, index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`)
