import type { JournalInput } from '../formats/journal-file/directory.ts'
import { type GlancedSet, glanceAtJournals } from '../formats/journal-file/glance/set.ts'
import type { History } from '../replay/history.ts'
import type { Grammar } from '../rules/shipped.ts'
import { decisiveNames, meanings } from './meaning.ts'

/**
 * Reads native journals by their index as long as nothing decisive is found. Where something is, after files were glanced at, their whole
 * story is wanted, and everything is read again.
 */
export class Glancer {
  /** Made when a journal is met: most logs hold none, and three matchers are a good part of a short run. */
  private meaningOf: ReturnType<typeof meanings> | undefined
  private glanced = false
  private found = false

  constructor(private readonly grammar: Grammar) {}

  readonly glance = (files: readonly JournalInput[]): GlancedSet | null => {
    if (this.found) return null
    this.meaningOf ??= meanings(this.grammar)
    if (!this.meaningOf) return null
    const set = glanceAtJournals(files, this.meaningOf)
    if (set === 'decisive') this.found = true
    if (set === 'decisive' || set === null) return null
    this.glanced = true
    return set
  }

  /** Whether the report needs what was passed over. */
  missed(histories: readonly History[]): boolean {
    if (!this.glanced) return false
    const decisive = [...decisiveNames(this.grammar.rules)]
    return this.found || histories.some(({ byName }) => decisive.some(name => byName.has(name)))
  }
}
