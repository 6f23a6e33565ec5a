import type { JournalInput } from '../formats/journal-file/directory.ts'
import { type GlancedSet, glanceAtJournals } from '../formats/journal-file/glance/set.ts'
import { Walker } from '../formats/journal-file/glance/walker.ts'
import type { History } from '../replay/history.ts'
import type { Grammar } from '../rules/shipped.ts'
import { decisiveNames, meanings } from './meaning.ts'

/**
 * Reads native journals by their index as long as nothing decisive is found. Where something is, after files were glanced at, their whole
 * story is wanted, and everything is read again.
 */
export class Glancer {
  private readonly walker: Walker | null
  private readonly decisive: ReadonlySet<string>
  private glanced = false
  private found = false

  constructor(grammar: Grammar) {
    const known = meanings(grammar)
    this.walker = known && Walker.for(known)
    this.decisive = decisiveNames(grammar.rules)
  }

  readonly glance = (files: readonly JournalInput[]): GlancedSet | null => {
    if (this.found || !this.walker) return null
    const set = glanceAtJournals(files, this.walker)
    if (set === 'decisive') this.found = true
    if (set === 'decisive' || set === null) return null
    this.glanced = true
    return set
  }

  /** Whether the report needs what was passed over. */
  missed(histories: readonly History[]): boolean {
    if (!this.glanced) return false
    return this.found || histories.some(({ byName }) => [...this.decisive].some(name => byName.has(name)))
  }
}
