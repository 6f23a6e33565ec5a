import type { Command } from '../command.ts'
import { bash } from './bash.ts'
import { fish } from './fish.ts'
import { zsh } from './zsh.ts'

/** Every shell's script, from the same tables as `--help`. */
export const scripts: Record<'bash' | 'zsh' | 'fish', (commands: readonly Command[]) => Promise<string>> = { bash, zsh, fish }
