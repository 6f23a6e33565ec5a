/** The words and marks of the signal language. */
import { createToken, Lexer, type TokenType } from 'chevrotain'

/** A word that is no statement, and any word at all. */
export const AnyWord = createToken({ name: 'AnyWord', pattern: Lexer.NA, label: 'a word' })
export const Word = createToken({ name: 'Word', pattern: /[A-Za-z][\w-]*/, categories: [AnyWord], label: 'a word' })
export const keywords: TokenType[] = []

function keyword(word: string): TokenType {
  const token = createToken({ name: `'${word}'`, pattern: word, longer_alt: Word, categories: [AnyWord], label: `'${word}'` })
  keywords.push(token)
  return token
}

export const K = {
  group: keyword('group'),
  enum: keyword('enum'),
  signal: keyword('signal'),
  about: keyword('about'),
  from: keyword('from'),
  kind: keyword('kind'),
  over: keyword('over'),
  text: keyword('text'),
  since: keyword('since'),
  until: keyword('until'),
  source: keyword('source'),
  set: keyword('set'),
  like: keyword('like'),
  gives: keyword('gives'),
  unlike: keyword('unlike'),
  fold: keyword('fold'),
  by: keyword('by'),
}
const Blank = createToken({ name: 'Blank', pattern: /\s+/, group: Lexer.SKIPPED })
const Comment = createToken({ name: 'Comment', pattern: /#[^\n]*/, group: Lexer.SKIPPED })
export const Key = createToken({ name: 'Key', pattern: /[A-Za-z][\w-]*(?=[ \t]*=)/, label: 'name = "value"' })
export const SignalName = createToken({
  name: 'SignalName',
  pattern: /[a-z][\w-]*\.[a-z0-9][\w-]*/,
  label: 'a name such as leftover.found',
})
export const Text = createToken({ name: 'Text', pattern: /"(?:[^"\\\n]|\\[^\n])*"/, label: 'a text in quotes' })
/** Told as a fault, and read as if it ended with its line. */
export const Unclosed = createToken({
  name: 'Unclosed',
  pattern: /"(?:[^"\\\n]|\\[^\n])*/,
  categories: [Text],
  label: 'a text in quotes',
})
export const Version = createToken({ name: 'Version', pattern: /\d+(?:\.\d+)*/, label: 'a version' })
export const Equals = createToken({ name: 'Equals', pattern: '=', label: "'='" })
export const Bar = createToken({ name: 'Bar', pattern: '|', label: "'|'" })
export const Comma = createToken({ name: 'Comma', pattern: ',', label: "','" })

const values = [Key, SignalName, Text, Version, Word, Equals, Bar, Comma]
/** What means something only inside another statement. */
export const details = [...values, K.since, K.until, K.source, K.set, K.by, K.gives]
export const clauses = [K.about, K.from, K.kind, K.over, K.text, K.like, K.unlike, K.fold]
export const vocabulary = [
  Blank,
  Comment,
  AnyWord,
  Key,
  SignalName,
  Text,
  Unclosed,
  Version,
  ...keywords,
  Word,
  Equals,
  Bar,
  Comma,
]
export const lexer = new Lexer(vocabulary)
