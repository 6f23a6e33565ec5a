import type { Signal } from '../signals/signal.ts'
import { unitDescribedAs } from './alias-pairs.ts'

const UNIT_NAME = /^[\w:.@\\-]+\.(?:service|socket|target|device|mount|automount|swap|timer|path|slice|scope)$/
const COMBINED = /^([\w:.@\\-]+\.(?:service|socket|target|device|mount|automount|swap|timer|path|slice|scope)) - (.+)$/s

export function isUnitName(text: string): boolean {
  return UNIT_NAME.test(text)
}

/**
 * PID 1 names a unit by its description, its id, or `id - description` (StatusUnitFormat=, systemd v255
 * src/core/unit.c:unit_status_string). The book learns which description belongs to which unit.
 */
export class NameBook {
  private readonly votes = new Map<string, Map<string, number>>()

  /** Reads what one signal tells for certain: its UNIT= field, or an `id - description` name. */
  learn(signal: Signal): void {
    const name = signal.values.name
    if (name === undefined) return
    const combined = COMBINED.exec(name)
    if (combined?.[1] && combined[2]) this.vote(combined[2], combined[1], 8)
    else if (signal.subject && !isUnitName(name)) this.vote(name, signal.subject, 8)
  }

  /**
   * Reads what two neighbouring lines of PID 1 tell: `U: Deactivated successfully.` is followed by `Stopped DESCRIPTION.`
   * of the same unit, for both come from one unit_notify() (systemd v255 src/core/unit.c); likewise a left-over line by
   * `Starting DESCRIPTION...` and a refused socket by `Failed to listen on DESCRIPTION.`.
   */
  learnPair(first: Signal, second: Signal): void {
    const follows = NEIGHBOURS[first.name]
    const unit = first.values.unit
    const name = second.values.name
    if (!follows?.includes(second.name) || !unit || !name || isUnitName(name) || COMBINED.test(name)) return
    this.vote(name, unit, 1)
  }

  /** The unit a signal is about, null where the log does not tell. */
  unitOf(signal: Signal): string | null {
    if (signal.values.unit !== undefined) return signal.values.unit
    const name = signal.values.name
    if (name === undefined) return null
    if (isUnitName(name)) return name
    const combined = COMBINED.exec(name)
    if (combined?.[1]) return combined[1]
    return signal.subject ?? this.unitOfDescription(name)
  }

  unitOfDescription(description: string): string | null {
    const votes = this.votes.get(description)
    if (!votes) return unitDescribedAs(description)
    const ranked = [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    const [best, second] = ranked
    return best && (!second || best[1] > second[1]) ? best[0] : null
  }

  private vote(description: string, unit: string, weight: number): void {
    let votes = this.votes.get(description)
    if (!votes) {
      if (this.votes.size >= MOST_DESCRIPTIONS) return
      votes = new Map()
      this.votes.set(description, votes)
    }
    votes.set(unit, (votes.get(unit) ?? 0) + weight)
  }
}

const MOST_DESCRIPTIONS = 20_000

const NEIGHBOURS: Readonly<Record<string, readonly string[]>> = {
  'unit.deactivated': ['unit.stopped', 'unit.finished', 'socket.closed', 'mount.unmounted'],
  'unit.failed': ['unit.stopped', 'unit.start-failed'],
  'unit.restart-scheduled': ['unit.stopped'],
  'leftover.found': ['unit.starting'],
  'leftover.note': ['unit.starting'],
  'socket.refused': ['socket.failed'],
}
