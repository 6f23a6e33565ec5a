import { existsSync } from 'node:fs'
import { CommanderError, Option, Command as Parser } from 'commander'
import { UsageError } from '../problems/problem.ts'
import { suggest } from '../problems/suggest.ts'
import { VERSION } from '../version.ts'
import type { Command } from './command.ts'
import { commands } from './commands/registry.ts'
import { type Flag, longForm } from './flag.ts'
import { type FlagName, flags, type Options, spelling } from './flags.ts'
import { ending, HELP_WIDTH } from './help.ts'

/** What the command line asks for: text (help, the version), or a command to be run. */
export type Call = { text: string } | { command: Command; operands: readonly string[]; options: Options }

/** Reads the command line. @throws UsageError */
export function understand(argv: readonly string[]): Call {
  let call: Call | null = null
  let text = ''
  const chosen = (command: Command, operands: readonly string[], options: Options): void => {
    call = { command, operands, options }
  }
  const program = parserOf(chosen, written => {
    text += written
  })
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode !== 0) throw new UsageError(sentence(error.message))
  }
  return call ?? { text }
}

type Choose = (command: Command, operands: readonly string[], options: Options) => void

function parserOf(choose: Choose, write: (text: string) => void): Parser {
  const [first] = commands
  const program = new Parser('inquest')
    .description('The coroner for Linux machines whose PID 1 froze or whose system bus drowned.')
    .version(VERSION, '-V, --version', 'print the version')
    .usage('[command] [flags] [PATH…]')
    .enablePositionalOptions()
    .helpOption('-h, --help', 'print this')
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {} })
    .configureHelp({ helpWidth: HELP_WIDTH, subcommandTerm: command => `${command.name()} ${command.usage()}`.trim() })
  program.helpCommand('help [command]', 'print the help of a command')
  for (const command of commands) add(program, command, choose)
  return declared(program, first, (command, operands, options) => {
    refuseMistyped(operands[0] ?? '')
    choose(command, operands, options)
  })
}

/** A parser that knows the command's flags, operands and the commands below it. */
function declared(parser: Parser, command: Command, choose: Choose): Parser {
  const { operands, run } = command
  if (!parser.description()) parser.description(command.about)
  parser.summary(command.about).addHelpText('after', ending(command))
  for (const name of command.flags) parser.addOption(optionOf(name))
  for (const below of command.commands ?? []) add(parser, below, choose)
  if (!run) parser.allowExcessArguments()
  if (operands) parser.argument(operands.most > 1 ? `[${operands.name}...]` : `[${operands.name}]`)
  parser.action(() => {
    const given = parser.args
    if (!run) throw new UsageError(`${command.name}: ${wantedBelow(command, given[0])}`)
    if (given.length < (operands?.least ?? 0)) throw new UsageError(`${command.name}: ${operands?.name} is missing`)
    const parsed = parser.optsWithGlobals()
    const stray = Object.keys(parsed).find(name => !command.flags.some(known => optionOf(known).attributeName() === name))
    if (stray !== undefined) throw new UsageError(`${command.name} takes no ${longForm(stray)}`)
    const options = optionsOf(command, parsed)
    for (const name of command.flags) refuseReserved(name, options)
    choose(command, given, options)
  })
  return parser
}

/** By the names of flags.ts; the parser goes by the long forms. commander names `--no-hostname` by what it takes away. */
function optionsOf(command: Command, parsed: Record<string, unknown>): Options {
  const options: Record<string, unknown> = {}
  for (const name of command.flags) {
    const option = optionOf(name)
    const value = parsed[option.attributeName()]
    if (option.negate) {
      if (value === false) options[name] = true
    } else if (value !== undefined) options[name] = value
  }
  return options as Options // each value is what its flag's `take` made
}

function wantedBelow({ commands: below = [] }: Command, given = ''): string {
  const names = below.map(({ name }) => name)
  const near = suggest(given, names)
  return `${near ? `${given} is no command of it; did you mean ${near}? It has` : 'one of'} ${names.join(', ')}${near ? '' : ' is wanted'}`
}

function refuseReserved(name: FlagName, options: Options): void {
  const { reserved }: Flag<unknown> = flags[name]
  if (reserved !== undefined && options[name] !== undefined) throw new UsageError(`${spelling(name)}: ${reserved}`)
}

function add(parent: Parser, command: Command, choose: Choose): void {
  const usage = [command.flags.length > 0 ? '[flags]' : '', command.commands ? '[command]' : '', operandsOf(command)]
  const child = new Parser(command.name).copyInheritedSettings(parent).usage(usage.filter(Boolean).join(' '))
  if (command.commands) child.helpCommand(false)
  parent.addCommand(declared(child, command, choose))
}

function operandsOf({ operands }: Command): string {
  if (!operands) return ''
  const name = operands.most > 1 ? `${operands.name}…` : operands.name
  return operands.least > 0 ? name : `[${name}]`
}

/** `inquest rulse list` would otherwise be told that there is no log called rulse. */
function refuseMistyped(word: string): void {
  if (!/^[a-z]+$/.test(word) || existsSync(word)) return
  const near = suggest(
    word,
    commands.map(command => command.name),
  )
  if (near !== null) throw new UsageError(`${word}: there is no such file or command; did you mean ${near}?`)
}

function optionOf(name: FlagName): Option {
  const flag: Flag<unknown> = flags[name]
  const long = spelling(name)
  const option = new Option(`${flag.short ? `-${flag.short}, ` : ''}${long}${flag.value ? ` <${flag.value}>` : ''}`, flag.about)
  option.helpGroup(flag.group).hideHelp(flag.reserved !== undefined || flag.hidden === true)
  const { take } = flag
  return take ? option.argParser((text, before: unknown) => told(`${long} ${text}`, () => take(text, before))) : option
}

function told<Value>(place: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${place}: ${error.message}`) : error
  }
}

/** commander's message, as our own read: "error: unknown option '--colr'\n(Did you mean --color?)". */
function sentence(message: string): string {
  return message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')
}
