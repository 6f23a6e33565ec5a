/** The statements of the rule language: from tokens to a tree. Meaning is given in rule-lowering.ts. */
import { CstParser } from 'chevrotain'
import { Duration, K, M, Name, Num, Own, Pattern, SignalName, Str, vocabulary } from './rule-tokens.ts'

export class RuleParser extends CstParser {
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

let built: RuleParser | null = null

/** The one parser: building it takes longer than parsing all rules. */
export function ruleParser(): RuleParser {
  built ??= new RuleParser()
  return built
}
