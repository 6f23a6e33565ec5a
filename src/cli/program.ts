import { CommanderError, Option, Command as Parser } from 'commander'
import { UsageError } from '../problems/problem.ts'
import { VERSION } from '../version.ts'
import type { Command } from './command.ts'
import { commands } from './commands/registry.ts'
import { type Flag, longForm } from './flag.ts'
import { type FlagName, flags, type Options } from './flags.ts'
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
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {} })
    .configureHelp({ helpWidth: HELP_WIDTH, showGlobalOptions: false })
  for (const command of commands)
    program.addCommand(declared(new Parser(command.name), command, choose).copyInheritedSettings(program))
  program.addHelpCommand(false).helpOption('-h, --help', 'print this')
  return declared(program, first, choose)
}

/** A parser that knows the command's flags, operands and the commands below it. */
function declared(parser: Parser, command: Command, choose: Choose): Parser {
  const { operands, run } = command
  if (!parser.description()) parser.description(command.about)
  parser.summary(command.about).helpOption('-h, --help', 'print this').addHelpText('after', ending(command))
  for (const name of command.flags) parser.addOption(optionOf(name))
  for (const below of command.commands ?? []) {
    const child = declared(new Parser(below.name), below, choose)
    parser.addCommand(child.copyInheritedSettings(parser))
  }
  if (operands) parser.argument(operands.most > 1 ? `[${operands.name}...]` : `[${operands.name}]`)
  parser.action(() => {
    const given = parser.args
    if (!run) throw new UsageError(`${command.name}: one of ${command.commands?.map(each => each.name).join(', ')} is wanted`)
    if (given.length < (operands?.least ?? 0)) throw new UsageError(`${command.name}: ${operands?.name} is missing`)
    choose(command, given, optionsOf(command, parser.opts()))
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

function optionOf(name: FlagName): Option {
  const flag: Flag<unknown> = flags[name]
  const long = flag.long ?? longForm(name)
  const option = new Option(`${flag.short ? `-${flag.short}, ` : ''}${long}${flag.value ? ` <${flag.value}>` : ''}`, flag.about)
  option.helpGroup(flag.group).hideHelp(flag.reserved !== undefined)
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
