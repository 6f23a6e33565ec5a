import type { CstNode, IToken } from 'chevrotain'
import type { Diagnostic } from '../src/problems/problem.ts'
import type { Expr, Text } from '../src/rules/definition.ts'
import type { Use } from './rule-checks.ts'
import { here } from './rule-faults.ts'
import { ruleParser } from './rule-parser.ts'
import { parseText } from './rule-text.ts'
import { lexer } from './rule-tokens.ts'
import { nodes, seconds, token, tokens, unquote } from './rule-tree.ts'

/** Turns expressions, names and texts of the tree into data, and notes every name with its place. */
export class ExpressionLowering {
  protected uses: Use[] = []

  constructor(
    protected readonly path: string,
    protected readonly faults: Diagnostic[],
  ) {}

  protected use(kind: Use['kind'], place: IToken | undefined): string {
    if (place) this.uses.push({ kind, name: place.image, place })
    return place?.image ?? ''
  }

  protected condition(node: CstNode): Expr | null {
    const condition = nodes(node, 'condition')[0]
    return condition && nodes(condition, 'expression')[0] ? this.child(condition, 'expression') : null
  }

  protected nameList(node: CstNode, kind?: Use['kind']): string[] {
    return nodes(node, 'names').flatMap(list => tokens(list, 'Name').map(name => (kind ? this.use(kind, name) : name.image)))
  }

  protected text(node: CstNode, index: number): Text {
    const literal = tokens(node, 'String')[index]
    if (!literal) return []
    return parseText(
      unquote(literal.image),
      hole => this.hole(hole, literal),
      message => this.faults.push(here(this.path, literal, message)),
    )
  }

  private hole(source: string, literal: IToken): Expr {
    const lexed = lexer.tokenize(source)
    for (const each of lexed.tokens) {
      each.startColumn = literal.startColumn ?? 1
      each.startLine = literal.startLine ?? 1
    }
    const inner = ruleParser()
    inner.input = lexed.tokens
    const tree = inner.hole()
    if (lexed.errors.length > 0 || inner.errors.length > 0) {
      this.faults.push({
        ...here(this.path, literal, `the hole {${source}} is not an expression`),
        expected: 'a variable, event.field or function(…) between { and }',
      })
      return { kind: 'literal', value: '' }
    }
    return this.child(tree, 'expression')
  }

  protected child(node: CstNode, name: string): Expr {
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
      if (place) this.faults.push(here(this.path, place, 'this is not a regular expression'))
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

  protected call(node: CstNode): Expr {
    return {
      kind: 'call',
      function: this.use('function', token(node, 'Name')),
      arguments: nodes(node, 'operand').map(each => this.operand(each)),
    }
  }
}

function joined(kind: 'and' | 'or', of: Expr[]): Expr {
  const [only] = of
  return of.length === 1 && only ? only : { kind, of }
}
