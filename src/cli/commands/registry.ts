import type { Command } from '../command.ts'
import { analyze } from './analyze.ts'
import { completion } from './completion.ts'
import { fleet } from './fleet.ts'
import { rules } from './rules.ts'

/** Every command, as `--help` lists them. The first is meant where none is named. */
export const commands: readonly [Command, ...Command[]] = [analyze, fleet, rules, completion]
