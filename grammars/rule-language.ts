/**
 * The rule language: tokens, parser, lowering to the plain data of src/rules/definition.ts.
 *
 * Order of the statements is free except that events are bound in the order they are written, and that those after `suspects` are
 * bound anew for each suspect. grammars/README.md describes the language by example.
 */
import { type CstNode, CstParser, createToken, EOF, type IToken, Lexer, type TokenType } from 'chevrotain'
import type { Diagnostic } from '../src/problems/problem.ts'
import type { Expr, Rule, Text } from '../src/rules/definition.ts'
import { parseText } from './rule-text.ts'

const keywordTokens: TokenType[] = []
const Name = createToken({ name: 'Name', pattern: /[A-Za-z][\w]*(?:-[A-Za-z0-9_]+)*/, label: 'a name' })

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
const SignalName = createToken({ name: 'SignalName', pattern: /[a-z][\w-]*\.[a-z0-9][\w-]*/, label: 'a signal or event.field' })
const Str = createToken({ name: 'String', pattern: /"(?:[^"\\\n]|\\.)*"/, label: 'a text in quotes' })
const Pattern = createToken({ name: 'Pattern', pattern: /\/(?:[^/\\\n]|\\.)+\//, label: 'a /pattern/' })
const Duration = createToken({
  name: 'Duration',
  pattern: /\d+(?:\.\d+)?\s*(?:ms|s|min|h|d)(?![\w-])/,
  label: 'a duration such as 25 s',
})
const Num = createToken({ name: 'Number', pattern: /\d+(?:\.\d+)?/, label: 'a number' })
const Own = createToken({ name: 'Own', pattern: /\.[A-Za-z][\w-]*/, label: 'a field such as .function' })

const K = {
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
const M = {
  compare: mark('==', /==|!=|<=|>=|<|>/),
  assign: mark('=', '='),
  bar: mark('|', '|'),
  comma: mark(',', ','),
  open: mark('(', '('),
  close: mark(')', ')'),
  tilde: mark('~', '~'),
}

const vocabulary = [
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
const lexer = new Lexer(vocabulary, { positionTracking: 'full' })

class RuleParser extends CstParser {
  constructor() {
    super(vocabulary, { recoveryEnabled: true, nodeLocationTracking: 'full' })
    this.performSelfAnalysis()
  }

  file = this.RULE('file', () => {
    this.MANY(() => this.SUBRULE(this.rule))
  })

  private rule = this.RULE('rule', () => {
    this.CONSUME(K.rule)
    this.CONSUME(Name)
    this.MANY(() => this.SUBRULE(this.statement))
  })

  private statement = this.RULE('statement', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.about) },
      { ALT: () => this.SUBRULE(this.source) },
      { ALT: () => this.SUBRULE(this.variables) },
      { ALT: () => this.SUBRULE(this.let) },
      { ALT: () => this.SUBRULE(this.event) },
      { ALT: () => this.SUBRULE(this.suspects) },
      { ALT: () => this.SUBRULE(this.unless) },
      { ALT: () => this.SUBRULE(this.outcome) },
      { ALT: () => this.SUBRULE(this.confidence) },
      { ALT: () => this.SUBRULE(this.claim) },
      { ALT: () => this.SUBRULE(this.figure) },
      { ALT: () => this.SUBRULE(this.advice) },
      { ALT: () => this.SUBRULE(this.collect) },
      { ALT: () => this.SUBRULE(this.subject) },
      { ALT: () => this.SUBRULE(this.absorbs) },
    ])
  })

  private about = this.RULE('about', () => {
    this.CONSUME(K.about)
    this.AT_LEAST_ONE(() => this.CONSUME(Str))
  })
  private source = this.RULE('source', () => {
    this.CONSUME(K.source)
    this.AT_LEAST_ONE(() => this.CONSUME(Str))
  })
  private variables = this.RULE('variables', () => {
    this.CONSUME(K.variables)
    this.SUBRULE(this.names)
  })
  private names = this.RULE('names', () => {
    this.AT_LEAST_ONE_SEP({ SEP: M.comma, DEF: () => this.CONSUME(Name) })
  })
  private let = this.RULE('let', () => {
    this.CONSUME(K.let)
    this.CONSUME(Name)
    this.CONSUME(M.assign)
    this.SUBRULE(this.expression)
  })
  private event = this.RULE('event', () => {
    this.CONSUME(K.event)
    this.CONSUME(Name)
    this.CONSUME(M.assign)
    this.OR([
      { GATE: () => this.LA(2).tokenType === M.open, ALT: () => this.SUBRULE(this.call) },
      { ALT: () => this.AT_LEAST_ONE_SEP({ SEP: M.bar, DEF: () => this.SUBRULE(this.alternative) }) },
    ])
    this.MANY(() => this.SUBRULE(this.modifier))
  })
  private alternative = this.RULE('alternative', () => {
    this.OR([{ ALT: () => this.CONSUME(SignalName) }, { ALT: () => this.CONSUME(Name) }])
    this.OPTION(() => {
      this.CONSUME(K.where)
      this.SUBRULE(this.expression)
    })
  })
  private modifier = this.RULE('modifier', () => {
    this.OR([
      { ALT: () => this.CONSUME(K.decisive) },
      { ALT: () => this.CONSUME(K.once) },
      {
        ALT: () => {
          this.CONSUME(K.episode)
          this.CONSUME(Duration)
          this.OPTION(() => {
            this.CONSUME(K.by)
            this.CONSUME(Name)
          })
        },
      },
      { ALT: () => this.CONSUME(K.first) },
      { ALT: () => this.CONSUME(K.last) },
      { ALT: () => this.CONSUME(K.all) },
      {
        ALT: () => {
          this.CONSUME(K.with)
          this.SUBRULE(this.names)
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.before)
          this.CONSUME2(Name)
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.after)
          this.CONSUME3(Name)
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.within)
          this.CONSUME2(Duration)
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.when)
          this.SUBRULE(this.expression)
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.says)
          this.CONSUME(Str)
        },
      },
    ])
  })
  private suspects = this.RULE('suspects', () => {
    this.CONSUME(K.suspects)
    this.CONSUME(K.from)
    this.SUBRULE(this.names)
    this.MANY(() => this.SUBRULE(this.clue))
  })
  private clue = this.RULE('clue', () => {
    this.CONSUME(K.clue)
    this.CONSUME(Name)
    this.CONSUME(Num)
    this.CONSUME(K.when)
    this.SUBRULE(this.expression)
    this.CONSUME(K.because)
    this.CONSUME(Str)
  })
  private unless = this.RULE('unless', () => {
    this.CONSUME(K.unless)
    this.SUBRULE(this.expression)
    this.CONSUME(K.because)
    this.CONSUME(Str)
  })
  private outcome = this.RULE('outcome', () => {
    this.CONSUME(K.outcome)
    this.CONSUME(Name)
    this.CONSUME2(Name)
    this.SUBRULE(this.condition)
    this.CONSUME(K.title)
    this.CONSUME(Str)
  })
  private condition = this.RULE('condition', () => {
    this.OPTION(() => {
      this.CONSUME(K.when)
      this.SUBRULE(this.expression)
    })
  })
  private confidence = this.RULE('confidence', () => {
    this.CONSUME(K.confidence)
    this.CONSUME(Name)
    this.SUBRULE(this.condition)
  })
  private claim = this.RULE('claim', () => {
    this.OR([{ ALT: () => this.CONSUME(K.for) }, { ALT: () => this.CONSUME(K.against) }, { ALT: () => this.CONSUME(K.unknown) }])
    this.CONSUME(Str)
    this.SUBRULE(this.condition)
    this.OPTION(() => {
      this.CONSUME(K.refs)
      this.SUBRULE(this.names)
    })
  })
  private figure = this.RULE('figure', () => {
    this.CONSUME(K.figure)
    this.CONSUME(Name)
    this.CONSUME(M.assign)
    this.SUBRULE(this.expression)
  })
  private subject = this.RULE('subject', () => {
    this.CONSUME(K.subject)
    this.CONSUME(Name)
    this.CONSUME(M.assign)
    this.SUBRULE(this.expression)
  })
  private advice = this.RULE('advice', () => {
    this.CONSUME(K.advice)
    this.SUBRULE(this.outcomes)
    this.CONSUME(K.do)
    this.CONSUME(Str)
    this.CONSUME(K.why)
    this.CONSUME2(Str)
    this.OPTION(() => {
      this.CONSUME(K.command)
      this.CONSUME3(Str)
    })
    this.OPTION2(() => this.CONSUME(K.danger))
    this.SUBRULE(this.condition)
  })
  private outcomes = this.RULE('outcomes', () => {
    this.OR([
      { ALT: () => this.CONSUME(K.all) },
      { ALT: () => this.AT_LEAST_ONE_SEP({ SEP: M.bar, DEF: () => this.CONSUME(Name) }) },
    ])
  })
  private collect = this.RULE('collect', () => {
    this.CONSUME(K.collect)
    this.SUBRULE(this.outcomes)
    this.CONSUME(Str)
    this.CONSUME(K.settles)
    this.CONSUME2(Str)
    this.OPTION(() => {
      this.CONSUME(K.command)
      this.CONSUME3(Str)
    })
    this.SUBRULE(this.condition)
  })
  private absorbs = this.RULE('absorbs', () => {
    this.CONSUME(K.absorbs)
    this.CONSUME(Name)
    this.OPTION(() => {
      this.CONSUME(M.open)
      this.SUBRULE(this.names)
      this.CONSUME(M.close)
    })
    this.OPTION2(() => this.CONSUME(K.unit))
    this.OPTION3(() => {
      this.CONSUME(K.within)
      this.CONSUME(Duration)
    })
    this.SUBRULE(this.condition)
  })

  private expression = this.RULE('expression', () => {
    this.AT_LEAST_ONE_SEP({ SEP: K.or, DEF: () => this.SUBRULE(this.conjunction) })
  })
  private conjunction = this.RULE('conjunction', () => {
    this.AT_LEAST_ONE_SEP({ SEP: K.and, DEF: () => this.SUBRULE(this.negation) })
  })
  private negation = this.RULE('negation', () => {
    this.OPTION(() => this.CONSUME(K.not))
    this.SUBRULE(this.comparison)
  })
  private comparison = this.RULE('comparison', () => {
    this.SUBRULE(this.operand)
    this.OPTION(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(M.compare)
            this.SUBRULE2(this.operand)
          },
        },
        {
          ALT: () => {
            this.CONSUME(M.tilde)
            this.CONSUME(Pattern)
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.is)
            this.AT_LEAST_ONE_SEP({ SEP: M.bar, DEF: () => this.CONSUME(SignalName) })
          },
        },
      ])
    })
  })
  private operand = this.RULE('operand', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(M.open)
          this.SUBRULE(this.expression)
          this.CONSUME(M.close)
        },
      },
      { GATE: () => this.LA(2).tokenType === M.open, ALT: () => this.SUBRULE(this.call) },
      { ALT: () => this.CONSUME(SignalName) },
      { ALT: () => this.CONSUME(Own) },
      { ALT: () => this.CONSUME(Str) },
      { ALT: () => this.CONSUME(Duration) },
      { ALT: () => this.CONSUME(Num) },
      { ALT: () => this.CONSUME(K.true) },
      { ALT: () => this.CONSUME(K.false) },
      { ALT: () => this.CONSUME(Name) },
    ])
  })
  private call = this.RULE('call', () => {
    this.CONSUME(Name)
    this.CONSUME(M.open)
    this.MANY_SEP({ SEP: M.comma, DEF: () => this.SUBRULE(this.operand) })
    this.CONSUME(M.close)
  })
  /** A text's hole is an expression of its own. */
  hole = this.RULE('hole', () => {
    this.SUBRULE(this.expression)
  })
}

let parser: RuleParser | null = null

export interface Parsed {
  rules: Rule[]
  diagnostics: Diagnostic[]
}

/** A name used in a rule, with its place, so that unknown ones can be shown. */
interface Use {
  kind: 'event' | 'signal' | 'function' | 'name' | 'outcome' | 'suspects' | 'subject'
  name: string
  place: IToken
}

/** Signals and facts that rules may name, and the functions they may call. */
export interface Vocabulary {
  signals: ReadonlySet<string>
  functions: ReadonlySet<string>
}

/** Reads one rule file; every fault is a diagnostic, and what could be read is lowered all the same. */
export function parseRules(file: string, text: string, known: Vocabulary): Parsed {
  parser ??= new RuleParser()
  const faults: Diagnostic[] = []
  const lexed = lexer.tokenize(text)
  for (const error of lexed.errors) {
    const found = text.slice(error.offset, error.offset + Math.max(1, error.length)).split('\n', 1)[0] ?? ''
    faults.push(at(file, error.line ?? 1, error.column ?? 1, found.length, lexFault(found)))
  }
  parser.input = lexed.tokens
  const tree = parser.file()
  for (const error of parser.errors) faults.push(parserFault(file, error, text))
  const lowering = new Lowering(file, faults, known)
  const rules = lowering.file(tree)
  faults.sort((a, b) => a.line - b.line || a.column - b.column)
  return { rules, diagnostics: faults }
}

function lexFault(found: string): Partial<Diagnostic> {
  if (found.startsWith('"'))
    return {
      message: 'a text in quotes is not closed on its line',
      help: 'close it with " ; long texts may be written as several quoted parts only after about',
    }
  return { message: `the character ${JSON.stringify(found[0])} means nothing here` }
}

function parserFault(
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
function differsLittle(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || b.length < 3) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  return Math.max(a.length, b.length) - start - end <= 2
}

function at(file: string, line: number, column: number, length: number, rest: Partial<Diagnostic>): Diagnostic {
  return { file, line, column, endColumn: column + Math.max(1, length), message: '', ...rest }
}

const DURATION: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86400 }

/** Turns the tree into data. Missing parts were reported by the parser; here they become empty ones. */
class Lowering {
  private uses: Use[] = []

  constructor(
    private readonly file_: string,
    private readonly faults: Diagnostic[],
    private readonly known: Vocabulary,
  ) {}

  file(tree: CstNode): Rule[] {
    return nodes(tree, 'rule').map(node => {
      this.uses = []
      const rule = this.rule(node)
      this.check(rule, token(node, 'Name') ?? token(node, "'rule'"))
      return rule
    })
  }

  /** What the grammar can't see: names that mean nothing, and parts that a rule can't do without. */
  private check(rule: Rule, place: IToken | undefined): void {
    const events = new Set(rule.events.map(event => event.name))
    const clues = (rule.suspects?.clues ?? []).map(clue => clue.name)
    const names = new Set([...events, ...rule.variables, ...rule.lets.map(each => each.name), ...clues, 'rivals'])
    const allowed: Record<Use['kind'], ReadonlySet<string>> = {
      event: events,
      signal: this.known.signals,
      function: this.known.functions,
      name: names,
      outcome: new Set(rule.outcomes.map(outcome => outcome.name)),
      suspects: new Set([...events, 'active', 'pairs']),
      subject: new Set(['unit', 'alias', 'victim']),
    }
    for (const { kind, name, place } of this.uses) {
      if (allowed[kind].has(name)) continue
      const near = [...allowed[kind]].find(each => differsLittle(each, name))
      const help = near ? { help: `did you mean '${near}'?` } : {}
      this.faults.push({ ...here(this.file_, place, `${NOUNS[kind]} '${name}' is not known here`), ...help })
    }
    if (!place) return
    const decisive = rule.events.filter(event => event.decisive).length
    if (decisive !== 1)
      this.faults.push({
        ...here(this.file_, place, `a rule has exactly one decisive event, this one has ${decisive}`),
        help: "end one event's line with 'decisive'",
      })
    if (rule.outcomes.length === 0)
      this.faults.push({
        ...here(this.file_, place, 'a rule without an outcome says nothing'),
        expected: 'outcome NAME SEVERITY title "…"',
      })
    if (rule.confidences.length === 0)
      this.faults.push({
        ...here(this.file_, place, 'the rule does not say how sure it is'),
        expected: 'confidence LEVEL when …',
      })
    if (!rule.about)
      this.faults.push({ ...here(this.file_, place, 'the rule does not say what it is about'), expected: 'about "…"' })
  }

  private use(kind: Use['kind'], place: IToken | undefined): string {
    if (place) this.uses.push({ kind, name: place.image, place })
    return place?.image ?? ''
  }

  private rule(node: CstNode): Rule {
    const name = token(node, 'Name')?.image ?? ''
    const rule: Rule = {
      name,
      file: this.file_,
      about: '',
      sources: [],
      variables: [],
      lets: [],
      events: [],
      suspects: null,
      eventsBeforeSuspects: 0,
      unless: [],
      outcomes: [],
      confidences: [],
      claims: [],
      figures: [],
      advice: [],
      collect: [],
      subject: [],
      absorbs: [],
    }
    for (const statement of nodes(node, 'statement')) this.statement(rule, statement)
    if (rule.suspects === null) rule.eventsBeforeSuspects = rule.events.length
    return rule
  }

  private statement(rule: Rule, statement: CstNode): void {
    const [kind, list] = Object.entries(statement.children)[0] ?? []
    const node = list?.[0]
    if (!node || !('children' in node)) return
    const lower: Record<string, () => void> = {
      about: () => {
        rule.about = strings(node).join(' ')
      },
      source: () => rule.sources.push(...strings(node)),
      variables: () => rule.variables.push(...this.nameList(node)),
      let: () => rule.lets.push({ name: token(node, 'Name')?.image ?? '', is: this.child(node, 'expression') }),
      event: () => this.event(rule, node),
      suspects: () => {
        rule.eventsBeforeSuspects = rule.events.length
        rule.suspects = { from: this.nameList(node, 'suspects'), clues: nodes(node, 'clue').map(clue => this.clue(clue)) }
      },
      unless: () => rule.unless.push({ when: this.child(node, 'expression'), because: strings(node)[0] ?? '' }),
      outcome: () => {
        const [name, severity] = tokens(node, 'Name')
        rule.outcomes.push({
          name: name?.image ?? '',
          severity: this.oneOf(severity, SEVERITIES),
          when: this.condition(node),
          title: this.text(node, 0),
        })
      },
      confidence: () =>
        rule.confidences.push({ level: this.oneOf(token(node, 'Name'), CONFIDENCES), when: this.condition(node) }),
      claim: () => {
        const side = (['for', 'against', 'unknown'] as const).find(word => token(node, `'${word}'`)) ?? 'for'
        rule.claims.push({ side, claim: this.text(node, 0), when: this.condition(node), refs: this.nameList(node, 'event') })
      },
      figure: () => rule.figures.push({ name: token(node, 'Name')?.image ?? '', value: this.child(node, 'expression') }),
      subject: () =>
        rule.subject.push({ field: this.use('subject', token(node, 'Name')), value: this.child(node, 'expression') }),
      advice: () =>
        rule.advice.push({
          outcomes: this.outcomes(node),
          do: this.text(node, 0),
          why: this.text(node, 1),
          command: token(node, "'command'") ? this.text(node, 2) : null,
          danger: token(node, "'danger'") !== undefined,
          when: this.condition(node),
        }),
      collect: () =>
        rule.collect.push({
          outcomes: this.outcomes(node),
          what: this.text(node, 0),
          settles: this.text(node, 1),
          command: token(node, "'command'") ? this.text(node, 2) : null,
          when: this.condition(node),
        }),
      absorbs: () =>
        rule.absorbs.push({
          rule: token(node, 'Name')?.image ?? '',
          outcomes: this.nameList(node),
          when: this.condition(node),
          unitsMustAgree: token(node, "'unit-must-agree'") !== undefined,
          within: token(node, "'within'") ? seconds(token(node, 'Duration')) : null,
        }),
    }
    lower[kind ?? '']?.()
  }

  private event(rule: Rule, node: CstNode): void {
    const call = nodes(node, 'call')[0]
    const event: Rule['events'][number] = {
      name: token(node, 'Name')?.image ?? '',
      alternatives: nodes(node, 'alternative').map(alternative => ({
        signal: this.use('signal', token(alternative, 'SignalName') ?? token(alternative, 'Name')),
        where: nodes(alternative, 'expression')[0] ? this.child(alternative, 'expression') : null,
      })),
      derived: call ? this.call(call) : null,
      decisive: false,
      once: false,
      episode: null,
      pick: 'first',
      with: [],
      before: null,
      after: null,
      within: null,
      when: null,
      says: null,
    }
    for (const modifier of nodes(node, 'modifier')) this.modifier(event, modifier)
    rule.events.push(event)
  }

  private modifier(event: Rule['events'][number], node: CstNode): void {
    const name = token(node, 'Name')?.image ?? null
    if (token(node, "'decisive'")) event.decisive = true
    if (token(node, "'once'")) event.once = true
    if (token(node, "'episode'")) event.episode = { seconds: seconds(token(node, 'Duration')), by: name }
    for (const pick of ['first', 'last', 'all'] as const) if (token(node, `'${pick}'`)) event.pick = pick
    if (token(node, "'with'")) event.with = this.nameList(node, 'name')
    if (token(node, "'before'")) event.before = this.use('event', token(node, 'Name'))
    if (token(node, "'after'")) event.after = this.use('event', token(node, 'Name'))
    if (token(node, "'within'")) event.within = seconds(token(node, 'Duration'))
    if (token(node, "'when'")) event.when = this.child(node, 'expression')
    if (token(node, "'says'")) event.says = this.text(node, 0)
  }

  private clue(node: CstNode) {
    return {
      name: token(node, 'Name')?.image ?? '',
      weight: Number(token(node, 'Number')?.image ?? 0),
      when: this.child(node, 'expression'),
      because: this.text(node, 0),
    }
  }

  private outcomes(node: CstNode): string[] {
    const list = nodes(node, 'outcomes')[0]
    return list ? tokens(list, 'Name').map(name => this.use('outcome', name)) : []
  }

  private condition(node: CstNode): Expr | null {
    const condition = nodes(node, 'condition')[0]
    return condition && nodes(condition, 'expression')[0] ? this.child(condition, 'expression') : null
  }

  private nameList(node: CstNode, kind?: Use['kind']): string[] {
    return nodes(node, 'names').flatMap(list => tokens(list, 'Name').map(name => (kind ? this.use(kind, name) : name.image)))
  }

  private text(node: CstNode, index: number): Text {
    const literal = tokens(node, 'String')[index]
    if (!literal) return []
    return parseText(
      unquote(literal.image),
      hole => this.hole(hole, literal),
      message => this.faults.push(here(this.file_, literal, message)),
    )
  }

  private hole(source: string, literal: IToken): Expr {
    const lexed = lexer.tokenize(source)
    for (const each of lexed.tokens) {
      each.startColumn = literal.startColumn ?? 1
      each.startLine = literal.startLine ?? 1
    }
    const inner = parser ?? new RuleParser()
    inner.input = lexed.tokens
    const tree = inner.hole()
    if (lexed.errors.length > 0 || inner.errors.length > 0) {
      this.faults.push({
        ...here(this.file_, literal, `the hole {${source}} is not an expression`),
        expected: 'a variable, event.field or function(…) between { and }',
      })
      return { kind: 'literal', value: '' }
    }
    return this.child(tree, 'expression')
  }

  private child(node: CstNode, name: string): Expr {
    const found = nodes(node, name)[0]
    return found ? this.expression(found) : { kind: 'literal', value: false }
  }

  private expression(node: CstNode): Expr {
    return joined(
      'or',
      nodes(node, 'conjunction').map(each => this.conjunction(each)),
    )
  }
  private conjunction(node: CstNode): Expr {
    return joined(
      'and',
      nodes(node, 'negation').map(each => this.negation(each)),
    )
  }
  private negation(node: CstNode): Expr {
    const comparison = nodes(node, 'comparison')[0]
    const of: Expr = comparison ? this.comparison(comparison) : { kind: 'literal', value: false }
    return token(node, "'not'") ? { kind: 'not', of } : of
  }
  private comparison(node: CstNode): Expr {
    const [leftNode, rightNode] = nodes(node, 'operand')
    const left = this.operand(leftNode)
    const op = token(node, "'=='")?.image
    if (op && rightNode) return { kind: 'compare', op: op as '==', left, right: this.operand(rightNode) }
    const pattern = token(node, 'Pattern')?.image
    if (pattern) return { kind: 'matches', left, pattern: this.pattern(pattern.slice(1, -1), token(node, 'Pattern')) }
    const signals = tokens(node, 'SignalName').map(each => this.use('signal', each))
    if (signals.length > 0) return { kind: 'is', event: left.kind === 'name' ? left.name : '', signals }
    return left
  }

  private pattern(source: string, place: IToken | undefined): string {
    try {
      new RegExp(source)
    } catch {
      if (place) this.faults.push(here(this.file_, place, 'this is not a regular expression'))
      return '$^'
    }
    return source
  }

  private operand(node: CstNode | undefined): Expr {
    if (!node) return { kind: 'literal', value: false }
    const inner = nodes(node, 'expression')[0]
    if (inner) return this.expression(inner)
    const call = nodes(node, 'call')[0]
    if (call) return this.call(call)
    const [kind, list] = Object.entries(node.children)[0] ?? []
    const found = list?.[0]
    if (!found || !('image' in found)) return { kind: 'literal', value: false }
    const dot = found.image.indexOf('.')
    switch (kind) {
      case 'SignalName':
        this.uses.push({ kind: 'event', name: found.image.slice(0, dot), place: found })
        return { kind: 'field', event: found.image.slice(0, dot), field: found.image.slice(dot + 1) }
      case 'Own':
        return { kind: 'own', field: found.image.slice(1) }
      case 'String':
        return { kind: 'literal', value: unquote(found.image) }
      case 'Duration':
        return { kind: 'literal', value: seconds(found) }
      case 'Number':
        return { kind: 'literal', value: Number(found.image) }
      case "'true'":
      case "'false'":
        return { kind: 'literal', value: found.image === 'true' }
      default:
        return { kind: 'name', name: this.use('name', found) }
    }
  }

  private call(node: CstNode): Expr {
    return {
      kind: 'call',
      function: this.use('function', token(node, 'Name')),
      arguments: nodes(node, 'operand').map(each => this.operand(each)),
    }
  }

  private oneOf<T extends string>(word: IToken | undefined, allowed: readonly T[]): T {
    const found = allowed.find(each => each === word?.image)
    if (!found && word)
      this.faults.push({ ...here(this.file_, word, `'${word.image}' is not one of the levels`), expected: allowed.join(', ') })
    return found ?? (allowed[0] as T)
  }
}

const NOUNS: Readonly<Record<Use['kind'], string>> = {
  event: 'event',
  signal: 'signal or fact',
  function: 'function',
  name: 'name',
  outcome: 'outcome',
  suspects: 'source of suspects',
  subject: 'report field',
}

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const
const CONFIDENCES = ['certain', 'strong', 'moderate', 'weak'] as const

function joined(kind: 'and' | 'or', of: Expr[]): Expr {
  const [only] = of
  return of.length === 1 && only ? only : { kind, of }
}

function seconds(literal: IToken | undefined): number {
  const [, number, unit] = /^([\d.]+)\s*(\w+)$/.exec(literal?.image ?? '') ?? []
  return Number(number ?? 0) * (DURATION[unit ?? ''] ?? 1)
}

function unquote(image: string): string {
  return image.slice(1, -1).replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
}

function nodes(node: CstNode, name: string): CstNode[] {
  return (node.children[name] ?? []).filter((each): each is CstNode => 'children' in each)
}
function tokens(node: CstNode, name: string): IToken[] {
  return (node.children[name] ?? []).filter((each): each is IToken => 'image' in each)
}
function token(node: CstNode, name: string): IToken | undefined {
  return tokens(node, name)[0]
}
function strings(node: CstNode): string[] {
  return tokens(node, 'String').map(each => unquote(each.image))
}
function here(file: string, place: IToken, message: string): Diagnostic {
  return at(file, place.startLine ?? 1, place.startColumn ?? 1, place.image.length, { message })
}
