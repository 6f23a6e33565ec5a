/**
 * What messages are looked for, by fixed text and where in a message it stands. A message that has none of it at its place is none of
 * them; one that has may still be another.
 */
export interface Sought {
  /** At the beginning; four bytes or more. */
  heads: readonly string[]
  /** First characters of wordings that begin with less fixed text. */
  initials: readonly string[]
  /** Behind the first word, which ends with a colon (`subjects`) or not (`verbs`). */
  subjects: readonly string[]
  verbs: readonly string[]
  /** Behind a mount unit's name and its colon. */
  ofMounts: readonly string[]
  /** At the end. */
  tails: readonly string[]
  anywhere: readonly string[]
}
