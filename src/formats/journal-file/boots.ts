import { UsageError } from '../../problems/problem.ts'
import type { JournalEntry } from './entry.ts'

/** One boot as the entries tell it. */
export interface FoundBoot {
  id: string
  /** Wall clock of its first and last entry, µs since the epoch. */
  first: number
  last: number
  entries: number
}

/** The boots among entries that are told one after the other. */
export class Boots {
  private readonly boots = new Map<string, FoundBoot>()

  tell({ boot, realtime }: JournalEntry): void {
    const known = this.boots.get(boot)
    if (!known) this.boots.set(boot, { id: boot, first: realtime, last: realtime, entries: 1 })
    else {
      known.entries++
      if (realtime < known.first) known.first = realtime
      if (realtime > known.last) known.last = realtime
    }
  }

  /** Oldest first: by the wall clock of their first entry, as journalctl --list-boots has them. */
  all(): FoundBoot[] {
    return [...this.boots.values()].sort((a, b) => a.first - b.first)
  }
}

/**
 * The boot that `-b` means: an id, an offset (0 the last, -1 the one before, 1 the first), or both (`ID-1`), as in journalctl(1).
 *
 * @throws UsageError where there is no such boot.
 */
export function bootNamed(boots: readonly FoundBoot[], wanted: string): string {
  const found = /^(?<id>[0-9a-f]{32}|[0-9a-f-]{36})?(?<offset>[-+]?\d{1,6})?$/.exec(wanted)?.groups
  const id = found?.id?.replaceAll('-', '')
  const offset = found?.offset === undefined ? 0 : Number(found.offset)
  const base = id === undefined ? (offset > 0 ? -1 : boots.length - 1) : boots.findIndex(boot => boot.id === id)
  const boot = found && (id === undefined || base >= 0) ? boots[base + offset] : undefined
  if (!boot) throw new UsageError(`no boot ${JSON.stringify(wanted)} in these journals; there are ${boots.length}`)
  return boot.id
}
