import type { Event } from './history.ts'

/** A unit's state as PID 1's own lines tell it. `ended` has no process of its own any more, as far as PID 1 says. */
export type UnitState = 'activating' | 'running' | 'stopping' | 'ended' | 'unknown'

const STATE_AFTER: Readonly<Record<string, UnitState>> = {
  'unit.starting': 'activating',
  'unit.started': 'running',
  'unit.reloaded': 'running',
  'unit.finished': 'ended',
  'unit.stopping': 'stopping',
  'unit.stopped': 'ended',
  'unit.deactivated': 'ended',
  'unit.failed': 'ended',
  'unit.start-failed': 'ended',
}

/** All that PID 1 said of one unit in one boot, in order. */
export class Track {
  readonly steps: Event[] = []
  constructor(readonly unit: string) {}

  add(event: Event): void {
    this.steps.push(event)
  }

  /** The unit's state just before `event`, with the event that put it there. */
  stateBefore(event: Event): { state: UnitState; since: Event | null } {
    let state: UnitState = 'unknown'
    let since: Event | null = null
    for (const step of this.steps) {
      if (step.at >= event.at) break
      const next = STATE_AFTER[step.name] ?? (isMainExit(step) ? 'ended' : undefined)
      if (next === undefined) continue
      state = next
      since = step
    }
    return { state, since }
  }

  /** The first thing PID 1 said of the unit's state after `event`, or null: an overwritten unit is silent. */
  nextAfter(event: Event): Event | null {
    return this.steps.find(step => step.at > event.at && (STATE_AFTER[step.name] !== undefined || isMainExit(step))) ?? null
  }

  /** The first line after `from` (and before `to`) that shows the unit's end under PID 1's eyes. */
  endBetween(from: Event, to: Event | null): Event | null {
    return (
      this.steps.find(
        step => step.at > from.at && (to === null || step.at < to.at) && (STATE_AFTER[step.name] === 'ended' || isMainExit(step)),
      ) ?? null
    )
  }

  /** The last line before `event` that shows the unit's end. */
  endBefore(event: Event): Event | null {
    return this.steps.findLast(step => step.at < event.at && (STATE_AFTER[step.name] === 'ended' || isMainExit(step))) ?? null
  }
}

function isMainExit(step: Event): boolean {
  return step.name === 'unit.exited' && step.values.kind === 'main'
}
