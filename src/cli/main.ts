#!/usr/bin/env node
// The command. Only here is anything printed, and only here does the process end.
import { plain } from '../problems/frame.ts'
import { RuleError, UsageError } from '../problems/problem.ts'
import type { Outcome, Terminal } from './command.ts'
import { codeOf, writeAll } from './descriptor.ts'
import { understand } from './program.ts'
import { ProgressLine } from './progress.ts'
import { fileSink, type Sink, standardOutput, writeFault } from './sink.ts'

const WRONG = 2

const progress = new ProgressLine(text => void writeAll(2, text).catch(() => {}), process.stderr.columns ?? 80)
let sink: Sink = standardOutput()

async function main(argv: readonly string[]): Promise<number> {
  const call = understand(argv)
  if ('text' in call) return deliver({ text: [call.text], end: () => ({ status: 0, complaints: [] }) })
  const { command, operands, options } = call
  if (options.output !== undefined && options.output !== '-') sink = fileSink(options.output, operands)
  const outcome = await command.run?.(operands, options, terminal(options.output === undefined))
  progress.wipe()
  return outcome ? deliver(outcome) : WRONG
}

function terminal(onScreen: boolean): Terminal {
  const { stdin, stdout, stderr, env } = process
  const output = onScreen && stdout.isTTY === true
  return {
    input: stdin.isTTY === true,
    output,
    columns: output ? stdout.columns || 80 : 80,
    env,
    progress: (bytes, total) => {
      if (stderr.isTTY) progress.tell(bytes, total)
    },
  }
}

/** Writes what a command has to say. A reader who has seen enough (`| head`) is no fault. */
async function deliver(outcome: Outcome): Promise<number> {
  let fault: unknown = null
  try {
    for await (const piece of outcome.text) await sink.write(piece)
    const { status, complaints } = outcome.end()
    if (status === WRONG) sink.discard()
    else sink.finish()
    await complain(complaints)
    return status
  } catch (error) {
    if (!isWriteFault(error)) throw error
    fault = error
  }
  sink.discard()
  const { status, complaints } = outcome.end()
  await complain(complaints)
  if (codeOf(fault) === 'EPIPE') return status
  await complain([`${sink.name}: ${writeFault(fault)}; the report is not whole`])
  return WRONG
}

function isWriteFault(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && (error.syscall === 'write' || error.syscall === 'rename')
}

async function complain(sentences: readonly string[]): Promise<void> {
  await say(sentences.map(sentence => `inquest: ${plain(sentence)}\n`).join(''))
}

/** To standard error; nobody is left to be told where that fails. */
async function say(text: string): Promise<void> {
  progress.wipe()
  await writeAll(2, text).catch(() => {})
}

async function explain(error: unknown): Promise<void> {
  if (error instanceof UsageError) await say(`inquest: ${plain(error.message)}\nTry 'inquest --help'.\n`)
  else if (error instanceof RuleError) await say(`${error.message}\n`)
  else {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
    await say(`${trace}\ninquest: this is a fault of inquest, not of your log; please report it with the lines above\n`)
  }
}

// 128 and the signal's number, as a shell counts.
for (const [signal, status] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) {
  process.on(signal, () => {
    progress.wipe()
    sink.discard()
    process.exit(status)
  })
}

try {
  process.exit(await main(process.argv.slice(2)))
} catch (error) {
  sink.discard()
  await explain(error)
  process.exit(WRONG)
}
