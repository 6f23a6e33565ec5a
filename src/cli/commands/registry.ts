import type { Command } from '../command.ts'
import { analyze } from './analyze.ts'
import { boots } from './boots.ts'
import { carve } from './carve.ts'
import { completion } from './completion.ts'
import { entries } from './entries.ts'
import { fleet } from './fleet.ts'
import { image } from './image.ts'
import { rules } from './rules.ts'

/** Every command, as `--help` lists them. The first is meant where none is named. */
export const commands: readonly [Command, ...Command[]] = [analyze, entries, boots, carve, image, fleet, rules, completion]
