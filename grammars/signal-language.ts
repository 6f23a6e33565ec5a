/**
 * The signal language: tokens and parser. signal-lowering.ts turns the tree into data, template.ts reads the texts with holes.
 *
 * A file is one group. Words mean something only where they are expected, so that a hole may be called `kind` or `source`.
 */
import {
  type CstNode,
  CstParser,
  createToken,
  EOF,
  type ILexingError,
  type IRecognitionException,
  type IToken,
  Lexer,
  type TokenType,
  tokenLabel,
} from 'chevrotain'
import type { Diagnostic } from '../src/problems/problem.ts'
import { suggest } from '../src/problems/suggest.ts'

/** A word that is no statement, and any word at all. */
const AnyWord = createToken({ name: 'AnyWord', pattern: Lexer.NA, label: 'a word' })
const Word = createToken({ name: 'Word', pattern: /[A-Za-z][\w-]*/, categories: [AnyWord], label: 'a word' })
const keywords: TokenType[] = []

function keyword(word: string): TokenType {
  const token = createToken({ name: `'${word}'`, pattern: word, longer_alt: Word, categories: [AnyWord], label: `'${word}'` })
  keywords.push(token)
  return token
}

const K = {
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
const Key = createToken({ name: 'Key', pattern: /[A-Za-z][\w-]*(?=[ \t]*=)/, label: 'name = "value"' })
const SignalName = createToken({
  name: 'SignalName',
  pattern: /[a-z][\w-]*\.[a-z0-9][\w-]*/,
  label: 'a name such as leftover.found',
})
const Text = createToken({ name: 'Text', pattern: /"(?:[^"\\\n]|\\[^\n])*"/, label: 'a text in quotes' })
/** Told as a fault, and read as if it ended with its line. */
const Unclosed = createToken({
  name: 'Unclosed',
  pattern: /"(?:[^"\\\n]|\\[^\n])*/,
  categories: [Text],
  label: 'a text in quotes',
})
const Version = createToken({ name: 'Version', pattern: /\d+(?:\.\d+)*/, label: 'a version' })
const Equals = createToken({ name: 'Equals', pattern: '=', label: "'='" })
const Bar = createToken({ name: 'Bar', pattern: '|', label: "'|'" })
const Comma = createToken({ name: 'Comma', pattern: ',', label: "','" })

const values = [Key, SignalName, Text, Version, Word, Equals, Bar, Comma]
/** What means something only inside another statement. */
const details = [...values, K.since, K.until, K.source, K.set, K.by, K.gives]
const clauses = [K.about, K.from, K.kind, K.over, K.text, K.like, K.unlike, K.fold]
const vocabulary = [Blank, Comment, AnyWord, Key, SignalName, Text, Unclosed, Version, ...keywords, Word, Equals, Bar, Comma]
const lexer = new Lexer(vocabulary)

/** What was expected, in the reader's words; what was found instead is said by `parserFault`. */
const expectations = {
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

class SignalParser extends CstParser {
  constructor() {
    super(vocabulary, { recoveryEnabled: true, errorMessageProvider: expectations })
    this.performSelfAnalysis()
  }

  file = this.RULE('file', () => {
    this.MANY(() =>
      this.OR([
        { ALT: () => this.SUBRULE(this.group) },
        { ALT: () => this.SUBRULE(this.enumeration) },
        { ALT: () => this.SUBRULE(this.signal) },
        { ALT: () => this.SUBRULE(this.lost) },
      ]),
    )
  })
  /** What is no statement, with all that follows it: a misspelt word, a detail without its text. Read so that the rest is read too. */
  private stray = this.RULE('stray', () => {
    this.AT_LEAST_ONE(() => this.OR(details.map(token => ({ ALT: () => this.CONSUME(token) }))))
  })
  /** The same where no signal has begun: there its clauses are out of place as well. */
  private lost = this.RULE('lost', () => {
    this.AT_LEAST_ONE(() => this.OR([...details, ...clauses].map(token => ({ ALT: () => this.CONSUME(token) }))))
  })
  private group = this.RULE('group', () => {
    this.CONSUME(K.group)
    this.CONSUME(AnyWord)
    this.OPTION(() => {
      this.CONSUME(K.source)
      this.AT_LEAST_ONE(() => this.CONSUME(Text))
    })
  })
  private enumeration = this.RULE('enumeration', () => {
    this.CONSUME(K.enum)
    this.CONSUME(Key)
    this.CONSUME(Equals)
    this.AT_LEAST_ONE_SEP({ SEP: Bar, DEF: () => this.CONSUME(Text) })
  })
  private signal = this.RULE('signal', () => {
    this.CONSUME(K.signal)
    this.OR([{ ALT: () => this.CONSUME(SignalName) }, { ALT: () => this.CONSUME(AnyWord) }])
    this.MANY(() => this.SUBRULE(this.clause))
  })
  private clause = this.RULE('clause', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.about) },
      { ALT: () => this.SUBRULE(this.from) },
      { ALT: () => this.SUBRULE(this.kind) },
      { ALT: () => this.SUBRULE(this.over) },
      { ALT: () => this.SUBRULE(this.wording) },
      { ALT: () => this.SUBRULE(this.like) },
      { ALT: () => this.SUBRULE(this.unlike) },
      { ALT: () => this.SUBRULE(this.fold) },
      { ALT: () => this.SUBRULE(this.stray) },
    ])
  })
  private about = this.RULE('about', () => {
    this.CONSUME(K.about)
    this.AT_LEAST_ONE(() => this.CONSUME(Text))
  })
  private from = this.RULE('from', () => {
    this.CONSUME(K.from)
    this.AT_LEAST_ONE_SEP({ SEP: Bar, DEF: () => this.CONSUME(AnyWord) })
  })
  private kind = this.RULE('kind', () => {
    this.CONSUME(K.kind)
    this.CONSUME(AnyWord)
  })
  private over = this.RULE('over', () => {
    this.CONSUME(K.over)
    this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => this.CONSUME(SignalName) })
  })
  private wording = this.RULE('wording', () => {
    this.CONSUME(K.text)
    this.CONSUME(Text)
    this.MANY(() =>
      this.OR([
        { ALT: () => this.SUBRULE(this.since) },
        { ALT: () => this.SUBRULE(this.until) },
        { ALT: () => this.SUBRULE(this.source) },
        { ALT: () => this.SUBRULE(this.set) },
        { ALT: () => this.SUBRULE(this.by) },
      ]),
    )
  })
  private since = this.RULE('since', () => {
    this.CONSUME(K.since)
    this.OR([{ ALT: () => this.CONSUME(Version) }, { ALT: () => this.CONSUME(Text) }])
  })
  private until = this.RULE('until', () => {
    this.CONSUME(K.until)
    this.OR([{ ALT: () => this.CONSUME(Version) }, { ALT: () => this.CONSUME(Text) }])
  })
  private source = this.RULE('source', () => {
    this.CONSUME(K.source)
    this.AT_LEAST_ONE(() => this.CONSUME(Text))
  })
  /** Who may say this wording, where that is not who says the others. */
  private by = this.RULE('by', () => {
    this.CONSUME(K.by)
    this.AT_LEAST_ONE_SEP({ SEP: Bar, DEF: () => this.CONSUME(AnyWord) })
  })
  private set = this.RULE('set', () => {
    this.CONSUME(K.set)
    this.AT_LEAST_ONE(() => this.SUBRULE(this.pair))
  })
  private pair = this.RULE('pair', () => {
    this.CONSUME(Key)
    this.CONSUME(Equals)
    this.CONSUME(Text)
  })
  private like = this.RULE('like', () => {
    this.CONSUME(K.like)
    this.CONSUME(Text)
    this.OPTION(() => {
      this.CONSUME(K.gives)
      this.AT_LEAST_ONE(() => this.SUBRULE(this.pair))
    })
  })
  private unlike = this.RULE('unlike', () => {
    this.CONSUME(K.unlike)
    this.AT_LEAST_ONE(() => this.CONSUME(Text))
  })
  private fold = this.RULE('fold', () => {
    this.CONSUME(K.fold)
    this.CONSUME(K.by)
    this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => this.CONSUME(AnyWord) })
  })
}

let parser: SignalParser | null = null

/** The tree of one signal file and the faults of its form; what follows a fault is read all the same. */
export function parseSignals(file: string, text: string): { tree: CstNode; faults: Diagnostic[] } {
  parser ??= new SignalParser()
  const { tokens, errors } = lexer.tokenize(text)
  parser.input = tokens
  const tree = parser.file()
  const unclosed = tokens
    .filter(token => token.tokenType === Unclosed)
    .map((token): Diagnostic => ({ file, ...placeOf(token), ...UNCLOSED }))
  const misplaced = parser.errors.map(error => parserFault(file, error))
  return { tree, faults: [...errors.map(error => lexerFault(file, text, error)), ...unclosed, ...misplaced] }
}

const UNCLOSED = {
  message: 'this text is not closed on its line',
  expected: '" at its end',
  help: 'a quote inside a text is written \\"',
}

function lexerFault(file: string, text: string, { offset, length, line = 1, column = 1 }: ILexingError): Diagnostic {
  const found = text.slice(offset, offset + length).split('\n', 1)[0] ?? ''
  const place = { file, line, column, endColumn: column + Math.max(1, found.length) }
  if (found.startsWith('"'))
    return {
      ...place,
      message: 'this text is not closed on its line',
      expected: '" at its end',
      help: 'a quote inside a text is written \\"',
    }
  return { ...place, message: `${JSON.stringify(found)} means nothing here`, expected: 'a statement, a name or a text in quotes' }
}

function parserFault(file: string, error: IRecognitionException): Diagnostic {
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
