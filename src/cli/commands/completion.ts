import { UsageError } from '../../problems/problem.ts'
import { type Command, outcome } from '../command.ts'
import { word } from '../values.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const

export const completion: Command = {
  name: 'completion',
  about: 'print a completion script for bash, zsh or fish',
  operands: { name: 'SHELL', least: 1, most: 1, completes: SHELLS },
  flags: [],
  examples: [
    ['source <(inquest completion bash)', 'for this shell only'],
    ['inquest completion zsh > ~/.zfunc/_inquest', 'a folder of $fpath'],
  ],
  run: async ([given = '']) => {
    const [{ commands }, { scripts }] = await Promise.all([import('./registry.ts'), import('../completion/registry.ts')])
    return outcome([await scripts[shell(given)](commands)])
  },
}

function shell(given: string): (typeof SHELLS)[number] {
  try {
    return word(SHELLS)(given)
  } catch (error) {
    throw new UsageError(`completion ${given}: ${(error as Error).message}`) // what word() throws
  }
}
