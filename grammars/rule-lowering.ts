import type { CstNode, IToken } from 'chevrotain'
import type { Diagnostic } from '../src/problems/problem.ts'
import type { Rule } from '../src/rules/definition.ts'
import { checkRule, type Vocabulary } from './rule-checks.ts'
import { ExpressionLowering } from './rule-expressions.ts'
import { here } from './rule-faults.ts'
import { nodes, seconds, strings, token, tokens } from './rule-tree.ts'

/** Turns the tree into data. Missing parts were reported by the parser; here they become empty ones. */
export class RuleLowering extends ExpressionLowering {
  constructor(
    path: string,
    faults: Diagnostic[],
    private readonly known: Vocabulary,
  ) {
    super(path, faults)
  }

  file(tree: CstNode): Rule[] {
    return nodes(tree, 'rule').map(node => {
      this.uses = []
      const rule = this.rule(node)
      this.faults.push(...checkRule(rule, this.uses, this.known, token(node, 'Name') ?? token(node, "'rule'")))
      return rule
    })
  }

  private rule(node: CstNode): Rule {
    const name = token(node, 'Name')?.image ?? ''
    const rule: Rule = {
      name,
      file: this.path,
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

  private oneOf<T extends string>(word: IToken | undefined, allowed: readonly T[]): T {
    const found = allowed.find(each => each === word?.image)
    if (!found && word)
      this.faults.push({ ...here(this.path, word, `'${word.image}' is not one of the levels`), expected: allowed.join(', ') })
    return found ?? (allowed[0] as T)
  }
}

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const
const CONFIDENCES = ['certain', 'strong', 'moderate', 'weak'] as const
