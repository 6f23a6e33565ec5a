import type { Expr, Text } from './definition.ts'
import { FUNCTIONS } from './functions.ts'
import { fieldOf, type Scope, truth, type Value } from './scope.ts'

export function evaluate(expr: Expr, scope: Scope): Value {
  switch (expr.kind) {
    case 'literal':
      return expr.value
    case 'name':
      return named(expr.name, scope)
    case 'field': {
      const event = scope.events.get(expr.event)?.[0]
      return event ? fieldOf(event, expr.field) : null
    }
    case 'own':
      return scope.own ? fieldOf(scope.own, expr.field) : null
    case 'not':
      return !truth(evaluate(expr.of, scope))
    case 'and':
      return expr.of.every(each => truth(evaluate(each, scope)))
    case 'or':
      return expr.of.some(each => truth(evaluate(each, scope)))
    case 'compare':
      return compare(expr.op, evaluate(expr.left, scope), evaluate(expr.right, scope))
    case 'matches': {
      const value = evaluate(expr.left, scope)
      return typeof value === 'string' && new RegExp(expr.pattern).test(value)
    }
    case 'is': {
      const event = scope.events.get(expr.event)?.[0]
      return event !== undefined && expr.signals.includes(event.name)
    }
    case 'call': {
      const ask = FUNCTIONS[expr.function]
      if (!ask) throw new Error(`rule ${scope.rule.name} calls unknown function ${expr.function}`)
      return ask(scope, ...expr.arguments.map(argument => evaluate(argument, scope)))
    }
  }
}

function named(name: string, scope: Scope): Value {
  const events = scope.events.get(name)
  if (events) return events
  const variable = scope.variables.get(name)
  if (variable !== undefined) return variable
  const condition = scope.rule.lets.find(each => each.name === name)
  if (condition) return evaluate(condition.is, scope)
  if (scope.clues.has(name)) return true
  return null
}

/** A comparison with something unknown is not true, whichever way it is put: unknown is no evidence. */
function compare(op: string, left: Value, right: Value): boolean {
  const [a, b] = [plain(left), plain(right)]
  if (a === null || b === null) return false
  if (op === '==') return String(a) === String(b)
  if (op === '!=') return String(a) !== String(b)
  const [x, y] = [Number(a), Number(b)]
  if (op === '<') return x < y
  if (op === '<=') return x <= y
  if (op === '>') return x > y
  return x >= y
}

function plain(value: Value): string | number | boolean | null {
  return typeof value === 'object' ? null : value
}

/** A text with its holes filled; null where a hole outside of brackets has no value. */
export function fill(text: Text, scope: Scope): string | null {
  let out = ''
  for (const part of text) {
    if (typeof part === 'string') out += part
    else if ('group' in part) out += fill(part.group, scope) ?? ''
    else {
      const value = shown(evaluate(part.hole, scope)) ?? part.or
      if (value === null) return null
      out += value
    }
  }
  return out
}

function shown(value: Value): string | null {
  if (value === null || value === false || value === '') return null
  if (typeof value === 'object') return value.length === 0 ? null : String(value.reduce((sum, event) => sum + event.count, 0))
  return String(value)
}
