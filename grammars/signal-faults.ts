/** Faults of form in a signal file, in the reader's words. */
import { EOF, type ILexingError, type IRecognitionException, type IToken, type TokenType, tokenLabel } from 'chevrotain'
import type { Diagnostic } from '../src/problems/problem.ts'
import { suggest } from '../src/problems/suggest.ts'
import { keywords, Word } from './signal-tokens.ts'

/** What was expected, in the reader's words; what was found instead is said by `parserFault`. */
export const expectations = {
  buildMismatchTokenMessage: ({ expected }: { expected: TokenType }) => tokenLabel(expected),
  buildNotAllInputParsedMessage: () => 'the next statement',
  buildNoViableAltMessage: ({ expectedPathsPerAlt }: { expectedPathsPerAlt: TokenType[][][] }) =>
    oneOf(expectedPathsPerAlt.flat()),
  buildEarlyExitMessage: ({ expectedIterationPaths }: { expectedIterationPaths: TokenType[][] }) => oneOf(expectedIterationPaths),
}

function oneOf(paths: TokenType[][]): string {
  const labels = [...new Set(paths.flatMap(([first]) => (first ? [tokenLabel(first)] : [])))]
  return labels.length > 1 ? `${labels.slice(0, -1).join(', ')} or ${labels.at(-1)}` : (labels[0] ?? '')
}

export function lexerFault(file: string, text: string, { offset, length, line = 1, column = 1 }: ILexingError): Diagnostic {
  const found = text.slice(offset, offset + length).split('\n', 1)[0] ?? ''
  const place = { file, line, column, endColumn: column + Math.max(1, found.length) }
  return { ...place, message: `${JSON.stringify(found)} means nothing here`, expected: 'a statement, a name or a text in quotes' }
}

export function unclosedFault(file: string, token: IToken): Diagnostic {
  const help = 'a quote inside a text is written \\"'
  return { file, ...placeOf(token), message: 'this text is not closed on its line', expected: '" at its end', help }
}

export function parserFault(file: string, error: IRecognitionException): Diagnostic {
  const ended = error.token.tokenType === EOF
  const token = ended && 'previousToken' in error ? (error.previousToken as IToken) : error.token
  const expected = error.message
  const near = ended ? null : suggest(token.image, expected.match(/(?<=')\w+(?=')/g) ?? [])
  return {
    file,
    ...placeOf(token),
    message: ended ? 'the file ends here' : `${token.image} does not fit here`,
    ...(expected ? { expected } : {}),
    ...(near ? { help: `did you mean '${near}'?` } : {}),
  }
}

/** What a word that is no statement was meant to be. */
export function strayFault({ image, tokenType }: IToken): { message: string; expected?: string; help?: string } {
  const words = keywords.map(({ name }) => name.slice(1, -1))
  if (tokenType !== Word) return { message: `${image} does not fit here`, expected: 'the next statement' }
  const near = suggest(image, words)
  return {
    message: `'${image}' is no statement`,
    ...(near ? { help: `did you mean '${near}'?` } : { expected: words.join(', ') }),
  }
}

export function placeOf({ startLine, startColumn, image }: IToken): { line: number; column: number; endColumn: number } {
  const [line, column] = [finite(startLine), finite(startColumn)]
  return { line, column, endColumn: column + Math.max(1, image.length) }
}

/** chevrotain gives NaN for tokens that it made up to go on, and for the end of an empty file. */
function finite(position: number | undefined): number {
  return position !== undefined && Number.isFinite(position) ? position : 1
}
