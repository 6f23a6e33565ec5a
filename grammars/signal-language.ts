/**
 * The signal language: from text to tree. signal-tokens.ts has its words, signal-lowering.ts turns the tree into data, template.ts reads the texts
 * with holes, check-signals.ts runs the samples.
 *
 * A file is one group. Words mean something only where they are expected, so that a hole may be called `kind` or `source`.
 */
import { type CstNode, CstParser } from 'chevrotain'
import type { Diagnostic } from '../src/problems/problem.ts'
import { expectations, lexerFault, parserFault, unclosedFault } from './signal-faults.ts'
import {
  AnyWord,
  Bar,
  Comma,
  clauses,
  details,
  Equals,
  K,
  Key,
  lexer,
  SignalName,
  Text,
  Unclosed,
  Version,
  vocabulary,
} from './signal-tokens.ts'

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
  const unclosed = tokens.filter(token => token.tokenType === Unclosed).map(token => unclosedFault(file, token))
  const misplaced = parser.errors.map(error => parserFault(file, error))
  return { tree, faults: [...errors.map(error => lexerFault(file, text, error)), ...unclosed, ...misplaced] }
}
