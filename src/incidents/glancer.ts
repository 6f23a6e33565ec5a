import type { JournalInput } from '../formats/journal-file/directory.ts'
import type { Meaning } from '../formats/journal-file/glance/glance.ts'
import { type GlancedSet, glanceAtJournals } from '../formats/journal-file/glance/set.ts'
import type { SignalDefinition } from '../signals/definition.ts'
import type { Giveaways } from './giveaways.ts'
import { meanings } from './meaning.ts'

/** Reads native journals by their index until something decisive is found: then their whole story is wanted. */
export function glancer(
  signals: readonly SignalDefinition[],
  sought: Giveaways,
): (files: readonly JournalInput[]) => GlancedSet | null {
  let meaningOf: ((text: string) => Meaning) | undefined
  let found = false
  return files => {
    if (found) return null
    meaningOf ??= meanings(signals, sought)
    const set = glanceAtJournals(files, meaningOf)
    found = set === 'decisive'
    return set === 'decisive' ? null : set
  }
}
