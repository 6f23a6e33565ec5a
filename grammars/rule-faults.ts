/** Faults of a rule file in the reader's words, each with its place. */
import { EOF, type IToken } from 'chevrotain'
import type { Diagnostic } from '../src/problems/problem.ts'
import { keywordTokens, Name } from './rule-tokens.ts'

export function lexFault(found: string): Partial<Diagnostic> {
  if (found.startsWith('"'))
    return {
      message: 'a text in quotes is not closed on its line',
      help: 'close it with " ; long texts may be written as several quoted parts only after about',
    }
  return { message: `the character ${JSON.stringify(found[0])} means nothing here` }
}

export function parserFault(
  file: string,
  error: { token: IToken; message: string; previousToken?: IToken; context?: unknown },
  text: string,
): Diagnostic {
  const token = error.token.tokenType === EOF ? (error.previousToken ?? error.token) : error.token
  const lines = text.split('\n')
  const line = Number.isNaN(token.startLine ?? Number.NaN) ? lines.length : (token.startLine ?? 1)
  const expected =
    /--> ?(.*?) ?<--/.exec(error.message)?.[1] ??
    [...error.message.matchAll(/\[(.*?)\]/g)]
      .map(match => match[1])
      .slice(0, 8)
      .join(' or ')
  const ended = error.token.tokenType === EOF
  const found = ended ? 'the file ends here' : `${JSON.stringify(token.image)} does not fit here`
  return at(file, line, token.startColumn ?? 1, token.image.length, {
    message: found,
    ...(expected ? { expected: humanise(expected) } : {}),
    ...(ended || token.tokenType !== Name ? {} : nearestKeyword(token.image)),
  })
}

function humanise(expected: string): string {
  return expected.replace(/'{2,}/g, "'").replace(/\b(EOF)\b/, 'the end of the file or another statement')
}

function nearestKeyword(word: string): { help?: string } {
  const words = keywordTokens.map(token => token.name.slice(1, -1))
  const near = words.find(known => known !== word && differsLittle(known, word))
  return near ? { help: `did you mean '${near}'?` } : {}
}

/** One letter wrong, missing, doubled or swapped. */
export function differsLittle(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || b.length < 3) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  return Math.max(a.length, b.length) - start - end <= 2
}

export function at(file: string, line: number, column: number, length: number, rest: Partial<Diagnostic>): Diagnostic {
  return { file, line, column, endColumn: column + Math.max(1, length), message: '', ...rest }
}

export function here(file: string, place: IToken, message: string): Diagnostic {
  return at(file, place.startLine ?? 1, place.startColumn ?? 1, place.image.length, { message })
}
