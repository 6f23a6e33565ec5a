import type { Terminal } from '../cli/command.ts'
import type { Progress } from './run.ts'

/** Tells a person who waits how far a run is. */
export function progressOf(terminal: Pick<Terminal, 'progress'>): (state: Progress) => void {
  return ({ items, done, incidents, bytes, total }) =>
    terminal.progress(bytes, total, `${done} of ${items} items, ${incidents} incidents so far, `)
}
