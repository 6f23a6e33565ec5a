import { secondsApart } from '../replay/history.ts'
import { evaluate } from '../rules/evaluate.ts'
import type { Finding } from '../rules/judge.ts'
import { truth } from '../rules/scope.ts'

/**
 * One event is one incident. A finding takes in those of its boot that its rule says it explains; where two explain each other, the
 * graver one stays, and of equals the one that came first.
 */
export function joinFindings(findings: readonly Finding[]): { finding: Finding; absorbed: Finding[] }[] {
  const ranked = findings
    .map((finding, order) => ({ finding, order }))
    .sort((a, b) => grade(a.finding) - grade(b.finding) || a.order - b.order)
  const byRule = new Map<string, Finding[]>()
  for (const { finding } of ranked) put(byRule, finding.rule.name, finding)
  const gone = new Set<Finding>()
  const kept = new Map<Finding, Finding[]>()
  for (const { finding } of ranked) {
    if (gone.has(finding)) continue
    const absorbed = explainable(finding, byRule).filter(
      other => other !== finding && !gone.has(other) && explains(finding, other),
    )
    for (const other of absorbed) {
      gone.add(other)
      absorbed.push(...(kept.get(other) ?? []))
      kept.delete(other)
    }
    kept.set(finding, absorbed)
  }
  return [...kept].map(([finding, absorbed]) => ({ finding, absorbed }))
}

/** Findings of the rules that this one's rule explains: with left-overs by the thousand, not every pair can be asked. */
function explainable(finding: Finding, byRule: ReadonlyMap<string, Finding[]>): Finding[] {
  return [...new Set(finding.rule.absorbs.map(({ rule }) => rule))].flatMap(rule => byRule.get(rule) ?? [])
}

function put(lists: Map<string, Finding[]>, key: string, finding: Finding): void {
  const list = lists.get(key)
  if (list) list.push(finding)
  else lists.set(key, [finding])
}

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info']
const CONFIDENCES = ['certain', 'strong', 'moderate', 'weak']

/** Graver first; of equals the surer, then the one whose subject is known. */
function grade(finding: Finding): number {
  return (
    SEVERITIES.indexOf(finding.severity) * 100 +
    CONFIDENCES.indexOf(finding.confidence) * 10 +
    (finding.scope.variables.has('unit') ? 0 : 1)
  )
}

function explains(finding: Finding, other: Finding): boolean {
  return finding.rule.absorbs.some(
    each =>
      each.rule === other.rule.name &&
      (each.outcomes.length === 0 || each.outcomes.includes(other.outcome)) &&
      (!each.unitsMustAgree || unitsAgree(finding, other)) &&
      (each.within === null || secondsApart(finding.decisive, other.decisive) <= each.within) &&
      (each.when === null || truth(evaluate(each.when, finding.scope))),
  )
}

function unitsAgree(finding: Finding, other: Finding): boolean {
  const names = ['unit', 'alias'].map(variable => finding.scope.variables.get(variable))
  const theirs = other.scope.variables.get('unit') ?? other.decisive[0]?.unit
  return theirs === undefined || theirs === null || names.includes(theirs)
}
