import type { JournalInput } from '../formats/journal-file/directory.ts'
import { type GlancedSet, glanceAtJournals } from '../formats/journal-file/glance/set.ts'
import { Walker } from '../formats/journal-file/glance/walker.ts'
import type { SignalDefinition } from '../signals/definition.ts'
import type { Giveaways } from './giveaways.ts'
import { meanings } from './meaning.ts'

/** Walks through native journals until something decisive is found: then their whole story is wanted. */
export function glancer(
  signals: readonly SignalDefinition[],
  sought: Giveaways,
): (files: readonly JournalInput[]) => GlancedSet | null {
  let walker: Walker | null | undefined
  let found = false
  return files => {
    if (found) return null
    walker ??= Walker.for(meanings(signals, sought))
    if (!walker) return null
    const set = glanceAtJournals(files, walker)
    found = set === 'decisive'
    return set === 'decisive' ? null : set
  }
}
