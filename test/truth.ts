/** What the lab says of its runs. */
import type { Expectation } from '../src/rules/expectation.ts'

export interface Truth extends Expectation {
  forms?: Record<string, Expectation | null>
}

/** What the truth demands of a form; null where that form can't be judged. */
export function inForm(truth: Truth, form: string): Expectation | null {
  const poor = truth.forms?.[form]
  if (poor === null) return null
  const incidents = poor?.incidents ?? truth.incidents
  return { ...truth, ...poor, incidents, exit: poor?.exit ?? truth.exit ?? (incidents.length > 0 ? 1 : 0) }
}
