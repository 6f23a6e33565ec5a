import type { Command } from './command.ts'

/** Fits every terminal. */
export const HELP_WIDTH = 80

const STATUS = `
Exit status:
  0    read to the end, nothing lost, no incident of medium severity or above
  1    at least one such incident
  2    wrong usage, or nothing at all could be read
  3    no such incident, but part of the input was lost: absence is not proven
  130  interrupted (143: terminated)`

/** What stands below the flags: examples, and the exit status. */
export function ending({ name, examples = [] }: Command): string {
  const widest = Math.max(0, ...examples.map(([type]) => type.length))
  const lines = examples.map(([type, purpose]) => `  ${type.padEnd(widest)}  # ${purpose}`)
  return [lines.length > 0 ? `\nExamples:\n${lines.join('\n')}` : '', name === 'analyze' ? STATUS : ''].filter(Boolean).join('\n')
}
