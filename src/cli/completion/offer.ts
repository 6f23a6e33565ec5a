import type { Command } from '../command.ts'
import type { Completion, Flag } from '../flag.ts'
import { type FlagName, flags, spelling } from '../flags.ts'

/** What a shell may offer after one command: the tables, with every list of words asked for. */
export interface Offer {
  /** `analyze`, `rules list`; empty: no command was typed. */
  path: string
  commands: { name: string; about: string }[]
  flags: OfferedFlag[]
  operands: Values
}

export interface OfferedFlag {
  /** `--boot`, `-b` */
  spellings: string[]
  about: string
  /** How help calls its value; null: it takes none. */
  value: string | null
  values: Values
}

export type Values = 'file' | 'folder' | readonly string[]

export async function offers(commands: readonly Command[]): Promise<Offer[]> {
  const [first] = commands
  const named = await Promise.all(commands.map(command => offersOf(command, command.name)))
  return first ? [await offerOf({ ...first, commands }, ''), ...named.flat()] : []
}

async function offersOf(command: Command, path: string): Promise<Offer[]> {
  const below = await Promise.all((command.commands ?? []).map(each => offersOf(each, `${path} ${each.name}`)))
  return [await offerOf(command, path), ...below.flat()]
}

async function offerOf(command: Command, path: string): Promise<Offer> {
  const known = await Promise.all(command.flags.map(offeredFlag))
  const help: OfferedFlag = { spellings: ['--help', '-h'], about: 'print help', value: null, values: [] }
  return {
    path,
    commands: (command.commands ?? []).map(({ name, about }) => ({ name, about })),
    flags: [...known.flat(), help],
    operands: await valuesOf(command.operands?.completes),
  }
}

async function offeredFlag(name: FlagName): Promise<OfferedFlag[]> {
  const { short, about, value, completes, reserved, hidden }: Flag<unknown> = flags[name]
  if (reserved !== undefined || hidden) return []
  return [
    {
      spellings: [spelling(name), ...(short ? [`-${short}`] : [])],
      about,
      value: value ?? null,
      values: await valuesOf(completes),
    },
  ]
}

async function valuesOf(completes: Completion | undefined): Promise<Values> {
  return typeof completes === 'function' ? completes() : (completes ?? [])
}
