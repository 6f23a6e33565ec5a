/** The words and marks of the rule language. */
import { createToken, Lexer, type TokenType } from 'chevrotain'

/** All keywords, in the order they are written here. */
export const keywordTokens: TokenType[] = []
export const Name = createToken({ name: 'Name', pattern: /[A-Za-z][\w]*(?:-[A-Za-z0-9_]+)*/, label: 'a name' })

function keyword(word: string): TokenType {
  const token = createToken({ name: `'${word}'`, pattern: new RegExp(`${word}(?![\\w-])`), longer_alt: Name, label: `'${word}'` })
  keywordTokens.push(token)
  return token
}

function mark(name: string, pattern: RegExp | string): TokenType {
  return createToken({ name: `'${name}'`, pattern, label: `'${name}'` })
}

const Blank = createToken({ name: 'Blank', pattern: /\s+/, group: Lexer.SKIPPED })
const Comment = createToken({ name: 'Comment', pattern: /#[^\n]*/, group: Lexer.SKIPPED })
export const SignalName = createToken({
  name: 'SignalName',
  pattern: /[a-z][\w-]*\.[a-z0-9][\w-]*/,
  label: 'a signal or event.field',
})
export const Str = createToken({ name: 'String', pattern: /"(?:[^"\\\n]|\\.)*"/, label: 'a text in quotes' })
export const Pattern = createToken({ name: 'Pattern', pattern: /\/(?:[^/\\\n]|\\.)+\//, label: 'a /pattern/' })
export const Duration = createToken({
  name: 'Duration',
  pattern: /\d+(?:\.\d+)?\s*(?:ms|s|min|h|d)(?![\w-])/,
  label: 'a duration such as 25 s',
})
export const Num = createToken({ name: 'Number', pattern: /\d+(?:\.\d+)?/, label: 'a number' })
export const Own = createToken({ name: 'Own', pattern: /\.[A-Za-z][\w-]*/, label: 'a field such as .function' })

export const K = {
  rule: keyword('rule'),
  about: keyword('about'),
  source: keyword('source'),
  variables: keyword('variables'),
  let: keyword('let'),
  event: keyword('event'),
  decisive: keyword('decisive'),
  once: keyword('once'),
  episode: keyword('episode'),
  by: keyword('by'),
  where: keyword('where'),
  with: keyword('with'),
  first: keyword('first'),
  last: keyword('last'),
  all: keyword('all'),
  before: keyword('before'),
  after: keyword('after'),
  within: keyword('within'),
  when: keyword('when'),
  says: keyword('says'),
  suspects: keyword('suspects'),
  from: keyword('from'),
  clue: keyword('clue'),
  because: keyword('because'),
  unless: keyword('unless'),
  outcome: keyword('outcome'),
  title: keyword('title'),
  confidence: keyword('confidence'),
  for: keyword('for'),
  against: keyword('against'),
  unknown: keyword('unknown'),
  refs: keyword('refs'),
  figure: keyword('figure'),
  advice: keyword('advice'),
  do: keyword('do'),
  why: keyword('why'),
  command: keyword('command'),
  danger: keyword('danger'),
  collect: keyword('collect'),
  settles: keyword('settles'),
  subject: keyword('subject'),
  absorbs: keyword('absorbs'),
  same: keyword('same'),
  unit: keyword('unit-must-agree'),
  not: keyword('not'),
  and: keyword('and'),
  or: keyword('or'),
  is: keyword('is'),
  true: keyword('true'),
  false: keyword('false'),
}
export const M = {
  compare: mark('==', /==|!=|<=|>=|<|>/),
  assign: mark('=', '='),
  bar: mark('|', '|'),
  comma: mark(',', ','),
  open: mark('(', '('),
  close: mark(')', ')'),
  tilde: mark('~', '~'),
}

export const vocabulary = [
  Blank,
  Comment,
  SignalName,
  Str,
  Pattern,
  Duration,
  Num,
  Own,
  ...keywordTokens,
  M.compare,
  M.assign,
  M.bar,
  M.comma,
  M.open,
  M.close,
  M.tilde,
  Name,
]
export const lexer = new Lexer(vocabulary, { positionTracking: 'full' })
