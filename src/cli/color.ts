import type { Terminal } from './command.ts'

/** https://no-color.org: any value that is not empty; what the user says on the command line goes before it. */
export function colored(
  wanted: 'auto' | 'always' | 'never' | undefined,
  { output, env }: Pick<Terminal, 'output' | 'env'>,
): boolean {
  if (wanted === 'always' || wanted === 'never') return wanted === 'always'
  return output && !env.NO_COLOR && env.TERM !== 'dumb'
}
